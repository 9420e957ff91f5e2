using System.Globalization;
using System.Net.Mail;
using System.Text;
using Chat.Domain.Notifications;

namespace Chat.Server.Notifications;

/// <summary>A mail as it is sent (RFC 5322, RFC 2045 to 2047): plain text in UTF-8, in base64.</summary>
internal sealed class MailText(Mail mail, string from, DateTimeOffset now)
{
    private const int EncodedWordBytes = 45; // 60 characters of base64, below the 75 of an encoded word

    private readonly MailAddress _from = new(from);

    public string SenderAddress => _from.Address;

    public byte[] ToBytes()
    {
        StringBuilder text = new();
        string domain = _from.Host;
        text.Append("Date: ").Append(now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)).Append("\r\n");
        text.Append("From: ").Append(_from.DisplayName.Length > 0 ? $"{Encode(_from.DisplayName)} <{_from.Address}>" : _from.Address).Append("\r\n");
        text.Append("To: ").Append(mail.To).Append("\r\n");
        text.Append("Subject: ").Append(Encode(mail.Subject)).Append("\r\n");
        text.Append("Message-ID: <").Append(Guid.NewGuid().ToString("N")).Append('@').Append(domain).Append(">\r\n");
        text.Append("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"); // RFC 3834: answers of absent people are not wanted
        text.Append("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        string body = mail.Text.ReplaceLineEndings("\r\n");
        text.Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(body), Base64FormattingOptions.InsertLineBreaks)).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Plain ASCII as it is, all else as encoded words, which also keeps line breaks out of the header.</summary>
    private static string Encode(string value)
    {
        if (value.All(c => c is >= ' ' and < '\x7f' and not ('<' or '>' or '"' or '=' or ','))) return value;

        StringBuilder words = new();
        StringBuilder word = new();
        foreach (Rune rune in value.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(word.ToString()) + rune.Utf8SequenceLength > EncodedWordBytes) Close();
            word.Append(rune.ToString());
        }

        Close();
        return words.ToString();

        void Close()
        {
            if (word.Length == 0) return;
            if (words.Length > 0) words.Append("\r\n ");
            words.Append("=?utf-8?B?").Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(word.ToString()))).Append("?=");
            word.Clear();
        }
    }
}
