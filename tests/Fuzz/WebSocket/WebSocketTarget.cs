using System.Buffers;
using System.Net.WebSockets;
using Chat.Fuzz.Engine;
using Chat.Protocol.Tests.Support;
using Chat.Server.Tests.Transport;
using Chat.Server.Transport;

namespace Chat.Fuzz.WebSocket;

/// <summary>
/// What a client sends after the upgrade. Right is: the same items however the bytes are cut; the messages and the end that the framework's
/// own WebSocket finds; only the codes that RFC 6455 and the limits name; memory in proportion to what came.
/// </summary>
internal sealed class WebSocketTarget : FuzzTarget
{
    private const int MostBytesAllocated = 2 * 65_540;
    private const int WholePathEvery = 256;
    private const int LongestByteByByte = 300;
    private const int FewCuts = 8;

    // What this layer refuses and the framework lets pass or judges otherwise; the messages up to there must still be the same.
    // (The framework takes a short control frame whose length is not in its shortest form; here that is too long at its second byte. It
    // hands out a text that ends inside a character, or behind an impossible byte, when its last fragment is empty.)
    private static readonly string[] StricterHere =
    [
        "length not in its shortest form", "close code not allowed", "frame too big", "message too big", "length out of range",
        "text ends inside a character", "text is not UTF-8", "control frame too long",
    ];

    private static readonly int[] NamedCodes =
        [
            WebSocketCloseCode.ProtocolError, WebSocketCloseCode.InvalidPayload, WebSocketCloseCode.PolicyViolation,
            WebSocketCloseCode.MessageTooBig
        ];

    private static readonly WebSocketOptions Narrow = new() { MaxFrameBytes = 200, MaxMessageBytes = 400, MaxFragments = 3 };

    private readonly IReadOnlyList<byte[]> _corpus = Corpus.Read("websocket");
    private readonly FrameworkReader _framework = new();
    private readonly Transcript _whole = new(), _cut = new(), _theirs = new();
    private long _inputs, _violations, _closes, _earlier;

    public override string Name => "websocket";

    public override int InputsInSuite => 400_000;

    public override int InputsInFull => 2_000_000;

    public override string Describe() => $"{_violations} violations, {_closes} closes, {_earlier} judged before the framework could.";

    public override byte[] Make(FuzzRandom random) => WebSocketStreams.Make(random, _corpus);

    public override async ValueTask CheckAsync(byte[] input, FuzzRandom random)
    {
        CheckCuts(input, ClientFrames.WideOptions, random);
        await CompareAsync(input);
        CheckCuts(input, Narrow, random);
        if (_inputs++ % WholePathEvery == 0) await CheckWholePathAsync(input, random);
    }

    /// <summary>Leaves what the bytes mean in one piece in <see cref="_whole"/>, for the framework to be compared with.</summary>
    private void CheckCuts(byte[] input, WebSocketOptions options, FuzzRandom random)
    {
        Read(input, options, [], _whole);
        if (_whole.End == "violation")
        {
            _violations++;
            Require(NamedCodes.Contains(_whole.Code) && _whole.Why.Length > 0, $"a violation with code {_whole.Code} '{_whole.Why}'");
        }
        else if (_whole.End != "end")
        {
            _closes++;
        }

        Read(input, options, random.Cuts(input.Length), _cut);
        Require(_cut.IsLike(_whole), $"cut at random it is {_cut}, in one piece {_whole}");
        int step = input.Length <= LongestByteByByte ? 1 : 61;
        Read(input, options, [.. Enumerable.Range(1, input.Length / step).Select(i => i * step)], _cut);
        Require(_cut.IsLike(_whole), $"in pieces of {step} it is {_cut}, in one piece {_whole}");
    }

    private async ValueTask CompareAsync(byte[] input)
    {
        Read(input, ClientFrames.WideOptions, [], _whole, withControls: false);
        await _framework.ReadAsync(input, _theirs);

        // The framework judges a close frame of one byte by its header; here that byte is waited for.
        if (_whole.End == "end" && _theirs.End == "violation")
            Read([.. input, 0], ClientFrames.WideOptions, [], _whole, withControls: false);

        bool isStricter = _whole.End == "violation" && StricterHere.Contains(_whole.Why);
        // A damaged length can run past the stream's end: here the first wrong byte is judged, there the frame is waited for.
        bool isEarlier = _whole.End == "violation" && _theirs.End == "end";
        if (isEarlier && !isStricter) _earlier++;
        bool isSame = isStricter ? _theirs.Items.StartsWith(_whole.Items) : _theirs.Items.SequenceEqual(_whole.Items);
        Require(isSame, $"other messages than the framework's: here {_whole}, there {_theirs}");
        if (!isStricter && !isEarlier)
            Require(_whole.End == _theirs.End, $"another end than the framework's: here {_whole}, there {_theirs}");
    }

    /// <summary>Feeds the bytes as a pipe would: what was not consumed comes again with the next piece.</summary>
    private static void Read(byte[] input, WebSocketOptions options, int[] cuts, Transcript into, bool withControls = true)
    {
        into.Clear();
        byte[] work = [.. input];
        using WebSocketMessageReader reader = new(options);
        long allocated = 0;
        int from = 0;
        for (int piece = 0; piece <= cuts.Length; piece++)
        {
            int to = piece == cuts.Length ? work.Length : cuts[piece];
            if (to <= from) continue;
            ReadOnlySequence<byte> rest = to - from > 2 && cuts.Length is > 0 and <= FewCuts
                ? Segments.Of(work[from..to], (to - from) / 2)
                : new ReadOnlySequence<byte>(work, from, to - from);
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool isOver = ReadItems(reader, ref rest, into, withControls, ref allocated, before);
            if (isOver) break;
            from = to - (int)rest.Length;
        }

        Require(allocated <= MostBytesAllocated, $"{allocated} bytes were allocated for {input.Length}");
    }

    private static bool ReadItems(
        WebSocketMessageReader reader, ref ReadOnlySequence<byte> rest, Transcript into, bool withControls, ref long allocated, long before)
    {
        while (true)
        {
            WebSocketReadResult result = reader.TryRead(ref rest, out ReadOnlySequence<byte> payload);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            switch (result)
            {
                case WebSocketReadResult.NeedMoreData: return false;
                case WebSocketReadResult.Message: into.Add(reader.MessageType == WebSocketMessageType.Text ? 'T' : 'B', payload); break;
                case WebSocketReadResult.Ping when withControls: into.Add('I', payload); break;
                case WebSocketReadResult.Pong when withControls: into.Add('O', payload); break;
                case WebSocketReadResult.Close: into.EndWith($"close {ShownThere(reader.CloseCode)} {reader.Text}"); return true;
                case WebSocketReadResult.Violation: into.EndWith("violation", reader.CloseCode, reader.Text); return true;
            }

            before = GC.GetAllocatedBytesForCurrentThread();
        }
    }

    /// <summary>The acceptor, the receive pump and the way out, over pipes: the connection ends, with a close frame of a named code or
    // the peer's.</summary>
    private static async Task CheckWholePathAsync(byte[] input, FuzzRandom random)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        await using PipeServer server = new();
        await server.SendAsync([.. System.Text.Encoding.ASCII.GetBytes(PipeServer.Handshake)], patience.Token);
        await server.ReadHeadAsync(patience.Token);
        int cut = random.Next(input.Length + 1);
        if (cut > 0) await server.SendAsync(input[..cut], patience.Token);
        if (cut < input.Length) await server.SendAsync(input[cut..], patience.Token);
        server.EndInput();

        int? code = null;
        while (await server.ReadFrameAsync(patience.Token) is { } frame)
        {
            Require(code is null, "a frame behind the close frame");
            if (frame.Opcode != ClientFrames.Close) continue;
            Require(frame.Payload.Length != 1, "a close frame of one byte");
            code = frame.Payload.Length == 0 ? WebSocketCloseCode.NoStatus : (frame.Payload[0] << 8) | frame.Payload[1];
        }

        WebSocketCloseReason reason = await server.Sessions.Closed.WaitAsync(patience.Token);
        Require(
            reason.Initiator is not (WebSocketCloseInitiator.Server or WebSocketCloseInitiator.Silence),
            $"ended by the server itself: {reason}");
        if (reason.Initiator == WebSocketCloseInitiator.Violation)
            Require(NamedCodes.Contains(reason.Code) && code == reason.Code, $"{reason} and a close frame with {code}");
        await server.Running.WaitAsync(patience.Token);
    }

    // The framework shows a close frame without a code as 1000.
    private static int ShownThere(int code) => code == WebSocketCloseCode.NoStatus ? WebSocketCloseCode.Normal : code;
}
