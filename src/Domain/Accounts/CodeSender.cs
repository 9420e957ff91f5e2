using Chat.Domain.Notifications;
using Chat.Protocol.Codes;

namespace Chat.Domain.Accounts;

/// <summary>Words the messages that carry codes, and has them sent by mail or text message. Thread-safe.</summary>
public sealed class CodeSender(DeliveryQueue queue, IMailTransport mails, ISmsTransport texts)
{
    /// <summary>Null when something can be sent to e-mail addresses, or to phones.</summary>
    internal Failure? FindFault(bool byMail) => (byMail ? mails.IsConfigured : texts.IsConfigured)
        ? null
        : new Failure(
            ErrorCode.NotConfigured,
            byMail
                ? "This service sends no e-mail (Mail:Server is not set): ask its operator."
                : "This service sends no text messages (Sms:Transport is not set): ask its operator, or use the e-mail address.");

    /// <summary>Does the work behind a request that must not tell by its time what there is.</summary>
    internal bool TryAdd(Delivery delivery) => queue.TryAdd(delivery);

    /// <returns>False when too much is waiting to be sent.</returns>
    internal bool TrySend(CodePurpose purpose, string target, string code)
    {
        string spaced = $"{code[..4]} {code[4..]}";
        string minutes = $"{(int)AccountCodes.Lifetime.TotalMinutes}";
        if (!IsMail(target))
        {
            string words = purpose == CodePurpose.ResetPassword ? "Code for a new password" : "Code for your phone number";
            string text = $"{words}: {spaced}. It ends in {minutes} minutes. Tell it to nobody.";
            return queue.TryAdd(new Delivery("a text message with a code", ct => texts.SendAsync(target, text, ct)));
        }

        Mail mail = purpose == CodePurpose.ResetPassword
            ? new Mail(target, $"{spaced} is your code for a new password", Letter(spaced, minutes, "to choose a new password"))
            : new Mail(target, $"{spaced} is your code", Letter(spaced, minutes, "to confirm that this e-mail address is yours"));
        return queue.TryAdd(new Delivery("an e-mail with a code", ct => mails.SendAsync(mail, ct)));
    }

    internal static bool IsMail(string target) => target.Contains('@', StringComparison.Ordinal);

    private static string Letter(string code, string minutes, string purpose) => $"""
        Your code {purpose}:

            {code}

        It can be used once, for {minutes} minutes. Tell it to nobody: no one of this service will ever ask for it.
        If you did not ask for a code, do nothing. Nothing has changed.

        """;
}
