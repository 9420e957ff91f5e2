using System.Buffers.Text;
using System.Text;

namespace Chat.Server.Transport;

/// <summary>Collects the header fields that matter to a WebSocket handshake and judges them together (RFC 6455 §4.2.1, promise
/// 4.3).</summary>
internal ref struct HandshakeFields
{
    private Field _host;
    private Field _upgrade;
    private Field _connection;
    private Field _key;
    private Field _version;
    private Field _origin;
    private Field _contentLength;
    private Field _transferEncoding;

    /// <summary>Whether an Upgrade field names websocket, be the request right or wrong otherwise.</summary>
    public readonly bool AsksForWebSocket => Ascii.EqualsIgnoreCase(_upgrade.Value, "websocket"u8);

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(name, "Host"u8)) _host.Set(value);
        else if (Ascii.EqualsIgnoreCase(name, "Upgrade"u8)) _upgrade.Set(value);
        else if (Ascii.EqualsIgnoreCase(name, "Connection"u8)) _connection.Set(value);
        else if (Ascii.EqualsIgnoreCase(name, "Sec-WebSocket-Key"u8)) _key.Set(value);
        else if (Ascii.EqualsIgnoreCase(name, "Sec-WebSocket-Version"u8)) _version.Set(value);
        else if (Ascii.EqualsIgnoreCase(name, "Origin"u8)) _origin.Set(value);
        else if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8)) _contentLength.Set(value);
        else if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8)) _transferEncoding.Set(value);
    }

    /// <summary>0 when the fields make a handshake, otherwise the HTTP status to refuse it with.</summary>
    public readonly int Judge(out string fault)
    {
        fault = "";
        if (_transferEncoding.Count != 0) return Refuse("Transfer-Encoding is not allowed", out fault);
        if (_contentLength.Count > 1 || (_contentLength.Count == 1 && !_contentLength.Value.SequenceEqual("0"u8)))
            return Refuse("a body is not allowed", out fault);
        if (_host.Count != 1 || !IsAuthority(_host.Value)) return Refuse("exactly one valid Host is needed", out fault);
        if (_upgrade.Count > 1) return Refuse("more than one Upgrade", out fault);
        if (!AsksForWebSocket) return Refuse("this address speaks WebSocket only", out fault, 426);
        if (_connection.Count != 1 || !HasToken(_connection.Value, "upgrade"u8))
            return Refuse("exactly one Connection, with upgrade in it, is needed", out fault);
        if (_version.Count != 1) return Refuse("exactly one Sec-WebSocket-Version is needed", out fault);
        if (!_version.Value.SequenceEqual("13"u8)) return Refuse("WebSocket version 13 is needed", out fault, 426);
        if (_key.Count != 1 || !IsKey(_key.Value)) return Refuse("exactly one Sec-WebSocket-Key of 16 bytes is needed", out fault);
        return _origin.Count > 1 ? Refuse("more than one Origin", out fault) : 0;
    }

    public readonly HandshakeRequest ToRequest(ReadOnlySpan<byte> target) => new(
        Encoding.ASCII.GetString(target),
        Encoding.ASCII.GetString(_host.Value),
        _origin.Count == 0 ? null : Encoding.Latin1.GetString(_origin.Value),
        Encoding.ASCII.GetString(_key.Value));

    private static int Refuse(string why, out string fault, int status = 400)
    {
        fault = why;
        return status;
    }

    private static bool IsAuthority(ReadOnlySpan<byte> host)
    {
        if (host.Length is 0 or > 260) return false;

        Span<char> text = stackalloc char[host.Length];
        return Ascii.ToUtf16(host, text, out _) == System.Buffers.OperationStatus.Done && WebOrigin.IsAuthority(text);
    }

    // The decoder skips white space, so the length in characters is asked too.
    private static bool IsKey(ReadOnlySpan<byte> key)
    {
        Span<byte> decoded = stackalloc byte[18];
        return key.Length == 24
            && Base64.DecodeFromUtf8(key, decoded, out int consumed, out int written) == System.Buffers.OperationStatus.Done
            && consumed == 24 && written == 16;
    }

    private static bool HasToken(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        foreach (Range part in list.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(list[part].Trim(" \t"u8), token)) return true;
        }

        return false;
    }

    private ref struct Field
    {
        public ReadOnlySpan<byte> Value { get; private set; }

        public int Count { get; private set; }

        public void Set(ReadOnlySpan<byte> value)
        {
            Value = value;
            Count++;
        }
    }
}
