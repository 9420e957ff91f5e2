using System.IO.Compression;

namespace Chat.Server.Links;

/// <summary>
/// Reads bodies of answers, of which nothing is believed: bytes are counted as they come and as they come out of decompression, and no more are taken
/// than wanted.
/// </summary>
internal static class BoundedBody
{
    private const int FirstBytes = 16_384;

    /// <summary>What a decompressor takes before it is needed.</summary>
    private const int ReadAhead = 65_536;

    /// <summary>All of it; null when it is longer.</summary>
    public static async Task<byte[]?> ReadWholeAsync(HttpResponseMessage response, int maxBytes, CancellationToken ct)
    {
        if (response.Content.Headers.ContentLength > maxBytes) return null;
        ReadOnlyMemory<byte> body = await ReadAsync(response, maxBytes + 1, head: null, ct);
        return body.Length > maxBytes ? null : body.ToArray();
    }

    /// <summary>The beginning, up to the end of the head of a page.</summary>
    public static Task<ReadOnlyMemory<byte>> ReadHeadAsync(HttpResponseMessage response, int maxBytes, CancellationToken ct) =>
        ReadAsync(response, maxBytes, new HeadEnd(response.Content.Headers.ContentType?.CharSet), ct);

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, int maxBytes, HeadEnd? head, CancellationToken ct)
    {
        await using Stream stream = Decompress(
            await response.Content.ReadAsStreamAsync(ct), response.Content.Headers.ContentEncoding, maxBytes + ReadAhead);
        byte[] body = new byte[FirstBytes];
        int length = 0;
        while (length < maxBytes)
        {
            if (length == body.Length) Array.Resize(ref body, Math.Min(2 * body.Length, maxBytes));
            int read = await ReadAsync(stream, body.AsMemory(length), ct);
            if (read == 0) break;
            length += read;
            if (head is not null && head.IsIn(body.AsSpan(0, length))) break;
        }

        return body.AsMemory(0, length);
    }

    private static async ValueTask<int> ReadAsync(Stream stream, Memory<byte> free, CancellationToken ct)
    {
        try
        {
            return await stream.ReadAsync(free, ct);
        }
        catch (InvalidOperationException fault) when (stream is BrotliStream) // what it says of bytes that are no Brotli, where GZipStream says this:
        {
            throw new InvalidDataException("It is not compressed as it says.", fault);
        }
    }

    private static Stream Decompress(Stream stream, ICollection<string> encodings, int maxBytes) => encodings.Count switch
    {
        0 => stream,
        1 => encodings.First().ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(new WireBytes(stream, maxBytes), CompressionMode.Decompress),
            "br" => new BrotliStream(new WireBytes(stream, maxBytes), CompressionMode.Decompress),
            "identity" => stream,
            _ => throw new InvalidDataException("It is compressed in a way that was not asked for."),
        },
        _ => throw new InvalidDataException("It is compressed more than once."),
    };
}
