using Chat.Domain.Notifications;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>
/// Tells the owner of an account, at an address that they confirmed, of what lets somebody in whatever becomes of the password. Best effort: where
/// nothing can be sent, nothing is. Thread-safe.
/// </summary>
public sealed class AccountNotices(DeliveryQueue queue, IMailTransport mails, ISmsTransport texts)
{
    internal void TellOfPasskey(AccountRow account, string passkey)
    {
        if (account is { IsEmailVerified: true, Email: { } address } && mails.IsConfigured)
        {
            Mail mail = new(address, "Your account has a new passkey", $"""
                A passkey was added to your account: {passkey}

                Whoever has it can sign in without your password, also after you have changed that.
                If it was not you: remove it where your account shows its passkeys, sign out everywhere, and choose another password.

                """);
            queue.TryAdd(new Delivery("an e-mail about a passkey", ct => mails.SendAsync(mail, ct)));
        }
        else if (account is { IsPhoneVerified: true, Phone: { } phone } && texts.IsConfigured)
        {
            const string Text = "A passkey was added to your account. If it was not you, remove it there and change your password.";
            queue.TryAdd(new Delivery("a text message about a passkey", ct => texts.SendAsync(phone, Text, ct)));
        }
    }
}
