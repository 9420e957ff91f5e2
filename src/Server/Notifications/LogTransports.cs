using Chat.Domain.Notifications;

namespace Chat.Server.Notifications;

/// <summary>Writes mails to the log in the place of sending them: for development, where the log is one's own screen.</summary>
internal sealed class LogMailTransport(ILogger<LogMailTransport> log) : IMailTransport
{
    /// <inheritdoc/>
    public bool IsConfigured => true;

    /// <inheritdoc/>
    public Task SendAsync(Mail mail, CancellationToken ct)
    {
        TransportLog.MailNotSent(log, mail.To, mail.Subject);
        return Task.CompletedTask;
    }
}

/// <summary>Likewise, text messages: no service for them is built in, so who has one adds a transport.</summary>
internal sealed class LogSmsTransport(ILogger<LogSmsTransport> log) : ISmsTransport
{
    /// <inheritdoc/>
    public bool IsConfigured => true;

    /// <inheritdoc/>
    public Task SendAsync(string phone, string text, CancellationToken ct)
    {
        TransportLog.TextNotSent(log, phone, text);
        return Task.CompletedTask;
    }
}

/// <summary>Sends nothing: what needs it is refused before.</summary>
internal sealed class NoTransport : IMailTransport, ISmsTransport
{
    /// <inheritdoc/>
    public bool IsConfigured => false;

    /// <inheritdoc/>
    public Task SendAsync(Mail mail, CancellationToken ct) => throw new InvalidOperationException("No mail server is configured.");

    /// <inheritdoc/>
    public Task SendAsync(string phone, string text, CancellationToken ct) => throw new InvalidOperationException("No text messages are configured.");
}

internal static partial class TransportLog
{
    [LoggerMessage(EventId = Diagnostics.EventIds.MailLogged, Level = LogLevel.Information, Message = "No mail server is set (Mail:Server); to {To}: {Subject}")]
    public static partial void MailNotSent(ILogger logger, string to, string subject);

    [LoggerMessage(EventId = Diagnostics.EventIds.TextLogged, Level = LogLevel.Information, Message = "A text message, not sent, to {Phone}: {Text}")]
    public static partial void TextNotSent(ILogger logger, string phone, string text);
}
