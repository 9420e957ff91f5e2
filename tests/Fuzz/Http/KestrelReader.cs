using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;

namespace Chat.Fuzz.Http;

/// <summary>Reads a request head with Kestrel's own HTTP/1.1 parser.</summary>
internal sealed class KestrelReader : IHttpRequestLineHandler, IHttpHeadersHandler
{
    private readonly HttpParser<KestrelReader> _parser = new();
    private readonly List<(string Name, string Value)> _fields = [];

    public IReadOnlyList<(string Name, string Value)> Fields => _fields;

    public string Target { get; private set; } = "";

    public string StartLine { get; private set; } = "";

    /// <summary>Bytes of the head.</summary>
    public long Consumed { get; private set; }

    /// <summary>Whether Kestrel takes the bytes for a whole request head.</summary>
    public bool TryRead(byte[] input)
    {
        _fields.Clear();
        (Target, StartLine) = ("", "");
        try
        {
            SequenceReader<byte> reader = new(new ReadOnlySequence<byte>(input));
            bool isWhole = _parser.ParseRequestLine(this, ref reader) && _parser.ParseHeaders(this, ref reader);
            Consumed = reader.Consumed;
            return isWhole;
        }
        catch (BadHttpRequestException)
        {
            return false;
        }
    }

    public void OnStartLine(HttpVersionAndMethod versionAndMethod, TargetOffsetPathLength targetPath, Span<byte> startLine)
    {
        Target = Encoding.Latin1.GetString(startLine[targetPath.Offset..]);
        StartLine = $"{versionAndMethod.Method} {versionAndMethod.Version}";
    }

    public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        _fields.Add((Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value)));

    public void OnHeadersComplete(bool endStream)
    {
        // the end of the head shows in the return value
    }

    public void OnStaticIndexedHeader(int index) => throw new NotSupportedException("HTTP/1.1 has no indexed header fields.");

    public void OnStaticIndexedHeader(int index, ReadOnlySpan<byte> value) =>
        throw new NotSupportedException("HTTP/1.1 has no indexed header fields.");
}
