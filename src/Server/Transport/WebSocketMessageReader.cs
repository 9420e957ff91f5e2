using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Chat.Server.Transport;

public enum WebSocketReadResult : byte
{
    NeedMoreData,

    /// <summary>A whole message: its payload and <see cref="WebSocketMessageReader.MessageType"/>.</summary>
    Message,

    Ping,
    Pong,

    /// <summary>The peer's close frame: <see cref="WebSocketMessageReader.CloseCode"/> and
    /// <see cref="WebSocketMessageReader.Text"/>.</summary>
    Close,

    /// <summary>The peer broke RFC 6455 or a limit: the code to close with and why. Nothing can be read after it.</summary>
    Violation,
}

/// <summary>Turns a client's bytes into messages and control frames: fragments, masks, UTF-8 and limits (RFC 6455 §5, promise
/// 4.4).</summary>
/// <remarks>
/// Knows no socket, clock or log; connection loop only. A frame of up to 64 KiB that is a message of its own is handed out where it lies,
/// unmasked in
/// place, so the input must be memory that belongs to its reader alone, as a pipe's is. Everything else is consumed as it comes.
/// </remarks>
public sealed class WebSocketMessageReader(WebSocketOptions options) : IDisposable
{
    // Waiting for a whole frame of this size never fills Kestrel's input buffer (1 MiB), beyond which it stops reading the socket.
    private const int MaxWholeFrameBytes = 65_552;

    private WebSocketFrameHeader _frame;
    private long _payloadLeft;
    private uint _mask;
    private bool _isInFrame;

    private MessageBuffer _buffer;
    private Utf8Validator _utf8;
    private bool _isInMessage;
    private bool _isHandedOut;
    private int _fragments;

    /// <summary>Type of the message last returned, or of the one in progress.</summary>
    public WebSocketMessageType MessageType { get; private set; }

    /// <summary>After <c>Close</c>: the peer's code, 1005 if it had none. After <c>Violation</c>: the code to close with.</summary>
    public int CloseCode { get; private set; }

    /// <summary>After <c>Close</c>: the peer's reason. After <c>Violation</c>: what was wrong.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Whether part of a message has been consumed.</summary>
    public bool IsInMessage => _isInMessage;

    /// <summary>Whether the peer's close frame was read, right or wrong: nothing follows it.</summary>
    public bool IsPeerClosed { get; private set; }

    /// <summary>Payload bytes of the frame in progress that are still to come.</summary>
    internal long PayloadBytesLeft => _isInFrame ? _payloadLeft : 0;

    /// <summary>Reads one item off the front of <paramref name="input"/>, consuming what it can use.</summary>
    /// <param name="input">Begins where the last call left it; its memory is written to.</param>
    /// <param name="payload">Of a message, ping or pong, unmasked; valid until the next call and as long as the input's memory is.</param>
    public WebSocketReadResult TryRead(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        if (_isHandedOut)
        {
            _isHandedOut = false;
            _buffer.Release();
        }

        while (true)
        {
            if (_isInFrame)
            {
                WebSocketReadResult result = ReadPayload(ref input, out bool isFrameRead);
                if (result != WebSocketReadResult.NeedMoreData) return result;
                if (!isFrameRead) return WebSocketReadResult.NeedMoreData;
                if (_frame.IsFinal) return EndMessage(out payload);
            }

            if (input.IsEmpty) return WebSocketReadResult.NeedMoreData;

            WebSocketHeaderResult header = WebSocketFrameReader.TryReadHeader(input, out WebSocketFrameHeader frame);
            if (header == WebSocketHeaderResult.NeedMoreData) return WebSocketReadResult.NeedMoreData;
            if (header != WebSocketHeaderResult.Complete) return Fail(WebSocketCloseCode.ProtocolError, Describe(header));
            if (frame.IsControl) return ReadControl(ref input, frame, out payload);
            if (Judge(frame) is { } violation) return violation;
            if (IsMessageInPlace(input, frame)) return ReadInPlace(ref input, frame, out payload);
            if (ShouldWait(frame)) return WebSocketReadResult.NeedMoreData;

            BeginFrame(ref input, frame);
        }
    }

    public void Dispose() => _buffer.Release();

    // The order of the checks decides the code: first the shape, then the sizes, all on the declared length.
    private WebSocketReadResult? Judge(in WebSocketFrameHeader frame)
    {
        bool isContinuation = frame.Opcode == WebSocketOpcode.Continuation;
        if (isContinuation != _isInMessage)
        {
            return Fail(WebSocketCloseCode.ProtocolError, isContinuation ? "continuation of nothing" : "a message inside a fragmented message");
        }

        if (frame.PayloadBytes > options.MaxFrameBytes) return Fail(WebSocketCloseCode.MessageTooBig, "frame too big");
        if (_buffer.Length + frame.PayloadBytes > options.MaxMessageBytes) return Fail(WebSocketCloseCode.MessageTooBig, "message too big");
        return _fragments == options.MaxFragments ? Fail(WebSocketCloseCode.PolicyViolation, "too many fragments") : null;
    }

    private static bool IsMessageInPlace(in ReadOnlySequence<byte> input, in WebSocketFrameHeader frame) =>
        frame.IsFinal && frame.Opcode != WebSocketOpcode.Continuation
        && frame.PayloadBytes <= MaxWholeFrameBytes && input.Length - frame.HeaderBytes >= frame.PayloadBytes;

    // Text is read as it comes: its first invalid byte is an error before the rest is there.
    private static bool ShouldWait(in WebSocketFrameHeader frame) =>
        frame.IsFinal && frame.Opcode == WebSocketOpcode.Binary && frame.PayloadBytes <= MaxWholeFrameBytes;

    private WebSocketReadResult ReadInPlace(
        ref ReadOnlySequence<byte> input, in WebSocketFrameHeader frame, out ReadOnlySequence<byte> payload)
    {
        ReadOnlySequence<byte> body = input.Slice(frame.HeaderBytes, frame.PayloadBytes);
        payload = default;
        Unmask(body, frame.Mask);
        if (frame.Opcode == WebSocketOpcode.Text && !IsUtf8(body)) return Fail(WebSocketCloseCode.InvalidPayload, "text is not UTF-8");

        MessageType = frame.Opcode == WebSocketOpcode.Text ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
        payload = body;
        input = input.Slice(body.End);
        return WebSocketReadResult.Message;
    }

    private void BeginFrame(ref ReadOnlySequence<byte> input, in WebSocketFrameHeader frame)
    {
        input = input.Slice(frame.HeaderBytes);
        (_frame, _payloadLeft, _mask, _isInFrame) = (frame, frame.PayloadBytes, frame.Mask, true);
        _fragments++;
        if (_isInMessage) return;

        (_isInMessage, _utf8) = (true, default);
        MessageType = frame.Opcode == WebSocketOpcode.Text ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
    }

    private WebSocketReadResult ReadPayload(ref ReadOnlySequence<byte> input, out bool isFrameRead)
    {
        ReadOnlySequence<byte> available = input.Slice(0, Math.Min(input.Length, _payloadLeft));
        foreach (ReadOnlyMemory<byte> piece in available)
        {
            if (piece.IsEmpty) continue; // no memory before there is a byte to keep

            Span<byte> room = _buffer.Append(piece.Length, options.MaxMessageBytes);
            _mask = WebSocketMask.Apply(piece.Span, room, _mask);
            _payloadLeft -= piece.Length;
            input = input.Slice(piece.Length);
            if (MessageType == WebSocketMessageType.Text && !_utf8.TryAppend(room))
            {
                isFrameRead = false;
                return Fail(WebSocketCloseCode.InvalidPayload, "text is not UTF-8");
            }
        }

        isFrameRead = _payloadLeft == 0;
        _isInFrame = !isFrameRead;
        return WebSocketReadResult.NeedMoreData;
    }

    private WebSocketReadResult EndMessage(out ReadOnlySequence<byte> payload)
    {
        payload = new ReadOnlySequence<byte>(_buffer.Written);
        (_isInMessage, _isHandedOut, _fragments) = (false, true, 0);
        bool isCutShort = MessageType == WebSocketMessageType.Text && !_utf8.IsAtBoundary;
        return isCutShort ? Fail(WebSocketCloseCode.InvalidPayload, "text ends inside a character") : WebSocketReadResult.Message;
    }

    private WebSocketReadResult ReadControl(
        ref ReadOnlySequence<byte> input, in WebSocketFrameHeader frame, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        if (input.Length < frame.HeaderBytes + frame.PayloadBytes) return WebSocketReadResult.NeedMoreData;

        ReadOnlySequence<byte> body = input.Slice(frame.HeaderBytes, frame.PayloadBytes);
        Unmask(body, frame.Mask);
        input = input.Slice(body.End);
        if (frame.Opcode == WebSocketOpcode.Close) return ReadClose(body);

        payload = body;
        return frame.Opcode == WebSocketOpcode.Ping ? WebSocketReadResult.Ping : WebSocketReadResult.Pong;
    }

    private WebSocketReadResult ReadClose(in ReadOnlySequence<byte> body)
    {
        (CloseCode, Text, IsPeerClosed) = (WebSocketCloseCode.NoStatus, "", true);
        if (body.IsEmpty) return WebSocketReadResult.Close;
        if (body.Length == 1) return Fail(WebSocketCloseCode.ProtocolError, "close frame of one byte");

        Span<byte> bytes = stackalloc byte[WebSocketFrameReader.MaxControlPayloadBytes];
        bytes = bytes[..(int)body.Length];
        body.CopyTo(bytes);
        int code = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (!WebSocketCloseCode.MayBeReceived(code)) return Fail(WebSocketCloseCode.ProtocolError, "close code not allowed");
        if (!System.Text.Unicode.Utf8.IsValid(bytes[2..])) return Fail(WebSocketCloseCode.InvalidPayload, "close reason is not UTF-8");

        (CloseCode, Text) = (code, Encoding.UTF8.GetString(bytes[2..]));
        return WebSocketReadResult.Close;
    }

    private WebSocketReadResult Fail(int code, string why)
    {
        (CloseCode, Text) = (code, why);
        return WebSocketReadResult.Violation;
    }

    private static bool IsUtf8(in ReadOnlySequence<byte> text)
    {
        if (text.IsSingleSegment) return System.Text.Unicode.Utf8.IsValid(text.FirstSpan);

        Utf8Validator utf8 = default;
        foreach (ReadOnlyMemory<byte> piece in text)
        {
            if (!utf8.TryAppend(piece.Span)) return false;
        }

        return utf8.IsAtBoundary;
    }

    private static void Unmask(in ReadOnlySequence<byte> payload, uint mask)
    {
        if (mask == 0) return;
        foreach (ReadOnlyMemory<byte> piece in payload)
            mask = WebSocketMask.Apply(piece.Span, MemoryMarshal.AsMemory(piece).Span, mask);
    }

    private static string Describe(WebSocketHeaderResult fault) => fault switch
    {
        WebSocketHeaderResult.ReservedBits => "reserved bits set",
        WebSocketHeaderResult.ReservedOpcode => "reserved opcode",
        WebSocketHeaderResult.NotMasked => "frame not masked",
        WebSocketHeaderResult.ControlFragmented => "fragmented control frame",
        WebSocketHeaderResult.ControlTooLong => "control frame too long",
        WebSocketHeaderResult.LengthNotMinimal => "length not in its shortest form",
        _ => "length out of range",
    };
}
