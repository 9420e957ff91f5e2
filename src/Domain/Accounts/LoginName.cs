using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Chat.Domain.Accounts;

/// <summary>Brings e-mail addresses and phone numbers to the one spelling under which they are stored and found .</summary>
internal static class LoginName
{
    private const int MaxEmailChars = 255;
    private const int MaxLocalPartChars = 64;
    private const int MaxLabelChars = 63;
    private const int MinPhoneDigits = 7;
    private const int MaxPhoneDigits = 15;
    private const string LocalPartSymbols = "!#$%&'*+-/=?^_`{|}~.";

    /// <summary>Normalises what a person typed as login: with an @ it is an e-mail address, otherwise a phone number.</summary>
    public static bool TryNormalize(string? login, [NotNullWhen(true)] out string? normalized) =>
        login is not null && login.Contains('@', StringComparison.Ordinal)
            ? TryNormalizeEmail(login, out normalized)
            : TryNormalizePhone(login, out normalized);

    /// <summary>Trims and lower-cases an address of the plain form <c>name@domain.tld</c>; quoted and non-ASCII forms are refused.</summary>
    public static bool TryNormalizeEmail(string? email, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        if (email is null) return false;

        ReadOnlySpan<char> text = email.AsSpan().Trim();
        int at = text.IndexOf('@');
        if (text.Length > MaxEmailChars || at < 1 || !IsLocalPart(text[..at]) || !IsDomain(text[(at + 1)..])) return false;

        normalized = text.ToString().ToLowerInvariant();
        return true;
    }

    /// <summary>Makes E.164 of a number: spaces, dashes and parentheses go, a leading 00 becomes +, 7 to 15 digits remain.</summary>
    public static bool TryNormalizePhone(string? phone, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        if (phone is null || phone.Length > 64) return false;

        StringBuilder digits = new(phone.Length);
        foreach (char c in phone)
        {
            if (char.IsAsciiDigit(c) || (c == '+' && digits.Length == 0)) digits.Append(c);
            else if (c is not (' ' or '-' or '(' or ')' or '\u00A0' or '\t')) return false;
        }

        string compact = digits.ToString();
        if (compact.StartsWith("00", StringComparison.Ordinal)) compact = string.Concat("+", compact.AsSpan(2));

        // A country code never starts with 0, so neither does an international number.
        int count = compact.Length - 1;
        if (count is < MinPhoneDigits or > MaxPhoneDigits || compact[0] != '+' || compact[1] == '0') return false;

        normalized = compact;
        return true;
    }

    private static bool IsLocalPart(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty || part.Length > MaxLocalPartChars || part[0] == '.' || part[^1] == '.') return false;
        if (part.IndexOf("..", StringComparison.Ordinal) >= 0) return false;

        foreach (char c in part)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !LocalPartSymbols.Contains(c, StringComparison.Ordinal)) return false;
        }

        return true;
    }

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        int labels = 0;
        foreach (Range range in domain.Split('.'))
        {
            ReadOnlySpan<char> label = domain[range];
            if (label.IsEmpty || label.Length > MaxLabelChars || label[0] == '-' || label[^1] == '-') return false;

            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
            }

            labels++;
        }

        return labels >= 2;
    }
}
