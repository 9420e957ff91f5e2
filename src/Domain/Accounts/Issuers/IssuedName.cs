using System.Diagnostics.CodeAnalysis;

namespace Chat.Domain.Accounts.Issuers;

/// <summary>How a person of an issuer is named where others have an e-mail address: <c>issuer:subject</c>.</summary>
internal readonly record struct IssuedName(string Issuer, string Subject)
{
    /// <summary>False for what is none; no e-mail address and no phone number is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? login, out IssuedName name)
    {
        name = default;
        int colon = login?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon < 1 || login!.Length - colon - 1 is < 1 or > IssuedClaimsReader.MaxTextChars) return false;

        name = new IssuedName(login[..colon], login[(colon + 1)..]);
        return !TextRules.HasControlCharacter(login) && !TextRules.HasLoneSurrogate(login);
    }
}
