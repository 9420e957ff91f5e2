using System.Net.Sockets;
using Chat.Domain.Notifications;

namespace Chat.Server.Notifications;

/// <summary>Hands mails to a server by SMTP (RFC 5321), one connection a mail. Thread-safe.</summary>
internal sealed class SmtpTransport(MailOptions options, TimeProvider time) : IMailTransport
{
    /// <inheritdoc/>
    public bool IsConfigured => true;

    /// <inheritdoc/>
    public async Task SendAsync(Mail mail, CancellationToken ct)
    {
        using CancellationTokenSource late = new(options.Timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        MailOptions.TrySplit(options.Server, out string host, out int port);
        try
        {
            using TcpClient tcp = new();
            await tcp.ConnectAsync(host, port, both.Token);
            await using SmtpConversation conversation = new(tcp.GetStream(), host);
            await conversation.OpenAsync(options, both.Token);
            MailText text = new(mail, options.From, time.GetUtcNow());
            await conversation.SendAsync(text.SenderAddress, mail.To, text.ToBytes(), both.Token);
        }
        catch (OperationCanceledException fault) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"{options.Server} did not take the mail within {options.Timeout}.", fault);
        }
        catch (Exception fault) when (fault is SocketException or System.Security.Authentication.AuthenticationException)
        {
            throw new IOException($"{options.Server} cannot be spoken to: {fault.Message}", fault);
        }
    }
}
