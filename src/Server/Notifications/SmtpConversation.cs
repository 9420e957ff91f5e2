using System.Net.Security;
using System.Text;

namespace Chat.Server.Notifications;

/// <summary>What is said to a mail server on one connection (RFC 5321, RFC 3207, RFC 4954). One user.</summary>
internal sealed class SmtpConversation(Stream stream, string host) : IAsyncDisposable
{
    private const int MaxReplyBytes = 16 << 10;

    private Stream _stream = stream;
    private readonly byte[] _read = new byte[2 << 10];
    private int _start;
    private int _end;

    /// <summary>Greets, protects the connection as configured, and signs in.</summary>
    /// <exception cref="IOException">The server refuses something, or speaks no SMTP.</exception>
    public async Task OpenAsync(MailOptions options, CancellationToken ct)
    {
        if (options.Security == MailSecurity.Tls) await ProtectAsync(ct);
        await ExpectAsync(220, "the greeting", ct);
        string known = await GreetAsync(ct);
        if (options.Security == MailSecurity.StartTls)
        {
            if (!HasExtension(known, "STARTTLS")) throw new IOException("The mail server offers no STARTTLS: set Mail:Security to Tls, or use another port.");
            await AskAsync("STARTTLS", 220, ct);
            // What the server, or somebody between, sent behind its answer was not protected: it must not be taken for what comes under TLS.
            if (_start != _end) throw new IOException("The mail server sent something between its answer to STARTTLS and TLS.");
            await ProtectAsync(ct);
            known = await GreetAsync(ct);
        }

        if (options.UserName.Length == 0) return;
        if (!HasExtension(known, "AUTH")) throw new IOException("The mail server takes no sign-in: set no Mail:UserName.");
        string proof = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{options.UserName}\0{options.Password}")); // RFC 4616
        await WriteAsync($"AUTH PLAIN {proof}", ct);
        await ExpectAsync(235, "AUTH", ct);
    }

    /// <param name="from">The sender's address.</param>
    /// <param name="to">The receiver's address.</param>
    /// <param name="content">Lines of at most 998 bytes that end with CR LF.</param>
    /// <param name="ct">Gives up.</param>
    public async Task SendAsync(string from, string to, byte[] content, CancellationToken ct)
    {
        await AskAsync($"MAIL FROM:<{from}>", 250, ct);
        await AskAsync($"RCPT TO:<{to}>", 250, ct);
        await AskAsync("DATA", 354, ct);
        await _stream.WriteAsync(Stuff(content), ct);
        await _stream.WriteAsync(".\r\n"u8.ToArray(), ct);
        await _stream.FlushAsync(ct);
        await ExpectAsync(250, "the mail", ct);
        await WriteAsync("QUIT", ct); // the mail is taken: what is answered changes nothing
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<string> GreetAsync(CancellationToken ct)
    {
        await WriteAsync("EHLO localhost", ct);
        return await ExpectAsync(250, "EHLO", ct);
    }

    private async Task AskAsync(string command, int code, CancellationToken ct)
    {
        await WriteAsync(command, ct);
        await ExpectAsync(code, command.Split(' ', ':')[0], ct);
    }

    private async Task WriteAsync(string line, CancellationToken ct)
    {
        if (line.AsSpan().ContainsAny('\r', '\n')) throw new IOException("A line to the mail server would be two.");
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), ct);
        await _stream.FlushAsync(ct);
    }

    private async Task ProtectAsync(CancellationToken ct)
    {
        SslStream secure = new(_stream);
        _stream = secure;
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, ct);
    }

    /// <returns>All lines of the reply.</returns>
    private async Task<string> ExpectAsync(int code, string what, CancellationToken ct)
    {
        StringBuilder lines = new();
        while (true)
        {
            string line = await ReadLineAsync(ct);
            lines.Append(line).Append('\n');
            if (lines.Length > MaxReplyBytes) throw new IOException("The mail server's reply does not end.");
            if (line.Length > 3 && line[3] == '-') continue;
            string shown = line.Length <= 200 ? line : line[..200];
            return line.StartsWith(code.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
                ? lines.ToString()
                : throw new IOException($"The mail server answered {what} with '{shown}'.");
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken ct)
    {
        while (true)
        {
            int length = _read.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                string line = Encoding.ASCII.GetString(_read, _start, length).TrimEnd('\r');
                _start += length + 1;
                return line;
            }

            if (_start > 0)
            {
                Buffer.BlockCopy(_read, _start, _read, 0, _end - _start);
                (_start, _end) = (0, _end - _start);
            }

            if (_end == _read.Length) throw new IOException("The mail server's reply does not end.");
            int read = await _stream.ReadAsync(_read.AsMemory(_end), ct);
            if (read == 0) throw new IOException("The mail server ended the connection.");
            _end += read;
        }
    }

    private static bool HasExtension(string reply, string name) =>
        reply.Split('\n').Any(line => line.Length > 4 && line[4..].Split(' ')[0].Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A line that begins with a dot gets another (RFC 5321 §4.5.2).</summary>
    private static byte[] Stuff(byte[] content)
    {
        List<byte> stuffed = new(content.Length + 16);
        bool isAtStart = true;
        foreach (byte b in content)
        {
            if (isAtStart && b == '.') stuffed.Add(b);
            stuffed.Add(b);
            isAtStart = b == '\n';
        }

        return [.. stuffed];
    }
}
