using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Chat.Server.Transport;

/// <summary>Writes the answers to a handshake: 101, or a refusal that ends the connection.</summary>
internal static class HandshakeResponse
{
    private const int KeyBytes = 24;

    private static ReadOnlySpan<byte> Suffix => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8; // RFC 6455 §1.3

    /// <summary>The Sec-WebSocket-Accept value for a key that <see cref="HandshakeParser"/> let through.</summary>
    public static string Accept(string key)
    {
        Span<byte> text = stackalloc byte[KeyBytes + Suffix.Length];
        Encoding.ASCII.GetBytes(key, text);
        Suffix.CopyTo(text[KeyBytes..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];

        // RFC 6455 names SHA-1; it proves here that a WebSocket server answered, and protects nothing.
#pragma warning disable CA5350
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    public static byte[] SwitchingProtocols(string key) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {Accept(key)}\r\n\r\n");

    /// <param name="status">A 4xx status.</param>
    /// <param name="fault">One line of ASCII; becomes the body.</param>
    /// <param name="retryAfter">With 429: told in whole seconds, at least one.</param>
    public static byte[] Refusal(int status, string fault, TimeSpan retryAfter = default)
    {
        string retry = status == 429
            ? string.Create(CultureInfo.InvariantCulture, $"Retry-After: {Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds))}\r\n")
            : "";
        // RFC 9110 §15.5.22: 426 names the protocol that is wanted; RFC 6455 §4.4: and its version.
        string upgrade = status == 426 ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" : "";
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {Phrase(status)}\r\nConnection: close\r\n{upgrade}{retry}"
            + $"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {fault.Length + 1}\r\n\r\n{fault}\n"));
    }

    private static string Phrase(int status) => status switch
    {
        403 => "Forbidden",
        408 => "Request Timeout",
        414 => "URI Too Long",
        426 => "Upgrade Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        _ => "Bad Request",
    };
}
