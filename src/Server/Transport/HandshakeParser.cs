using System.Buffers;

namespace Chat.Server.Transport;

public enum HandshakeOutcome : byte
{
    /// <summary>Belongs to the HTTP server; nothing may be consumed.</summary>
    NotOurs,

    /// <summary>The head is not whole yet, and what is there is well-formed.</summary>
    NeedMoreData,

    Upgrade,

    /// <summary>Ours, and refused: answer the status, close the connection.</summary>
    Rejected,
}

/// <summary>A well-formed WebSocket request.</summary>
/// <param name="Target">Path and query as sent.</param>
/// <param name="Host">The Host field.</param>
/// <param name="Origin">The Origin field; null when there was none.</param>
/// <param name="Key">The Sec-WebSocket-Key field, base64 of 16 bytes.</param>
public sealed record HandshakeRequest(string Target, string Host, string? Origin, string Key);

/// <summary>What <see cref="HandshakeParser"/> found.</summary>
/// <param name="Outcome">What to do.</param>
/// <param name="HeadBytes">Bytes of the request head, for <c>Upgrade</c> only; otherwise 0.</param>
/// <param name="Request">Set for <c>Upgrade</c> only.</param>
/// <param name="Status">HTTP status, for <c>Rejected</c> only; otherwise 0.</param>
/// <param name="Fault">What was wrong, for <c>Rejected</c> only.</param>
public readonly record struct HandshakeResult(
    HandshakeOutcome Outcome, int HeadBytes = 0, HandshakeRequest? Request = null, int Status = 0, string Fault = "")
{
    /// <summary>With status 429: how long the client is to wait.</summary>
    public TimeSpan RetryAfter { get; init; }
}

/// <summary>Reads an HTTP/1.1 request head as a WebSocket handshake (RFC 6455 §4.2.1), stricter than HTTP servers are (promise
/// 4.3).</summary>
/// <remarks>Pure: looks only at the bytes from the connection's start. Call again with the longer input after
/// <c>NeedMoreData</c>.</remarks>
public static class HandshakeParser
{
    /// <summary>Largest request line or header line in bytes, its end excluded.</summary>
    public const int MaxLineBytes = 4096;

    /// <summary>Largest sum of all header lines in bytes, their ends included.</summary>
    public const int MaxHeaderBytes = 8192;

    public const int MaxHeaders = 64;

    private const int MaxHeadBytes = MaxLineBytes + 2 + MaxHeaderBytes + 2;

    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <param name="input">Everything received so far.</param>
    /// <param name="path">The path that is ours; null when every path is, as long as the request asks for a WebSocket.</param>
    public static HandshakeResult Parse(in ReadOnlySequence<byte> input, string? path)
    {
        if (input.IsSingleSegment) return Parse(input.FirstSpan, path);

        int length = (int)Math.Min(input.Length, MaxHeadBytes + 1);
        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            input.Slice(0, length).CopyTo(copy);
            return Parse(copy.AsSpan(0, length), path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private static HandshakeResult Parse(ReadOnlySpan<byte> input, string? path)
    {
        switch (RequestTarget.Match(input, path))
        {
            case RequestTargetMatch.NotOurs: return new HandshakeResult(HandshakeOutcome.NotOurs);
            case RequestTargetMatch.NeedMoreData: return new HandshakeResult(HandshakeOutcome.NeedMoreData);
            case RequestTargetMatch.AbsoluteForm: return Reject(400, "absolute-form target");
            case RequestTargetMatch.Ours: break;
        }

        HandshakeFields fields = default;
        HandshakeResult result = ParseHead(input, ref fields);

        // With every path ours, a request that does not (or not yet) ask for a WebSocket is for the HTTP server to judge.
        bool isPlain = path is null && !fields.AsksForWebSocket;
        return isPlain && result.Outcome == HandshakeOutcome.Rejected ? new HandshakeResult(HandshakeOutcome.NotOurs) : result;
    }

    private static HandshakeResult ParseHead(ReadOnlySpan<byte> input, ref HandshakeFields fields)
    {
        int lineEnd = input.IndexOf((byte)'\n');
        if (lineEnd < 0 ? input.Length > MaxLineBytes + 1 : lineEnd > MaxLineBytes + 1) return Reject(414, "request line too long");
        if (lineEnd < 0) return new HandshakeResult(HandshakeOutcome.NeedMoreData);
        if (!TryReadRequestLine(input[..lineEnd], out ReadOnlySpan<byte> target)) return Reject(400, "malformed request line");

        int start = lineEnd + 1, at = start;
        for (int count = 0; ; count++)
        {
            ReadOnlySpan<byte> rest = input[at..];
            lineEnd = rest.IndexOf((byte)'\n');
            int lineBytes = lineEnd < 0 ? rest.Length : lineEnd + 1;
            if (lineBytes > MaxLineBytes + 2) return Reject(431, "header line too long");
            if (at + lineBytes - start > MaxHeaderBytes) return Reject(431, "header too long");
            if (lineEnd < 0) return new HandshakeResult(HandshakeOutcome.NeedMoreData);

            at += lineBytes;
            ReadOnlySpan<byte> line = rest[..lineEnd];
            if (line.IsEmpty || line[^1] != '\r') return Reject(400, "bare line feed");
            if (line.Length == 1) break;
            if (count == MaxHeaders) return Reject(431, "too many header fields");
            if (!TryReadField(line[..^1], out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)) return Reject(400, "malformed header field");
            fields.Add(name, value);
        }

        if (fields.Judge(out string fault) is var status && status != 0) return Reject(status, fault);
        if (input.Length > at) return Reject(400, "bytes sent before the handshake was answered");
        return new HandshakeResult(HandshakeOutcome.Upgrade, at, fields.ToRequest(target));
    }

    private static bool TryReadRequestLine(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> target)
    {
        target = default;
        ReadOnlySpan<byte> tail = " HTTP/1.1\r"u8;
        if (!line.EndsWith(tail)) return false;

        target = line["GET ".Length..^tail.Length];
        return !target.ContainsAnyExceptInRange((byte)'!', (byte)'~');
    }

    private static bool TryReadField(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        int colon = line.IndexOf((byte)':');
        if (colon <= 0) return false;

        name = line[..colon];
        value = line[(colon + 1)..].Trim(" \t"u8);

        // A token holds no space, which refuses both a folded line and a space before the colon.
        if (name.ContainsAnyExcept(TokenBytes)) return false;
        foreach (byte b in value)
        {
            if (b is < 0x20 and not (byte)'\t' or 0x7F) return false;
        }

        return true;
    }

    private static HandshakeResult Reject(int status, string fault) => new(HandshakeOutcome.Rejected, Status: status, Fault: fault);
}
