namespace Chat.Domain.Notifications;

/// <summary>Takes e-mails away. The process implements it. Thread-safe.</summary>
public interface IMailTransport
{
    /// <summary>False when none is configured: nothing can be sent.</summary>
    bool IsConfigured { get; }

    /// <summary>Hands the mail to the next server, which says that it has it.</summary>
    /// <exception cref="IOException">It did not take it; another try may help.</exception>
    Task SendAsync(Mail mail, CancellationToken ct);
}

/// <summary>Takes text messages to phones. The process implements it. Thread-safe.</summary>
public interface ISmsTransport
{
    /// <summary>False when none is configured: nothing can be sent.</summary>
    bool IsConfigured { get; }

    /// <param name="phone">E.164.</param>
    /// <param name="text">A few words.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="IOException">It was not taken; another try may help.</exception>
    Task SendAsync(string phone, string text, CancellationToken ct);
}

/// <summary>A plain text for one address.</summary>
/// <param name="To">An address of the form name@domain.tld, ASCII.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Lines end with a line feed.</param>
public sealed record Mail(string To, string Subject, string Text);
