namespace Chat.Domain.Accounts;

/// <summary>What a new password must satisfy. Signing in judges nothing: a wrong password is only ever wrong.</summary>
internal static class PasswordRules
{
    public const int MinChars = 8;
    public const int MaxChars = 256;

    /// <summary>Null when the password can be used; the failure never repeats any of it.</summary>
    public static Failure? Judge(string? password, string field = "password")
    {
        if (password is null || password.Length < MinChars)
            return Failures.Invalid(field, $"{field} is missing or too short: choose {MinChars} to {MaxChars} characters.");
        if (password.Length > MaxChars)
            return Failures.Invalid(field, $"{field} is too long: choose {MinChars} to {MaxChars} characters.");
        if (password.Contains('\0', StringComparison.Ordinal))
            return Failures.Invalid(field, $"{field} holds U+0000: remove it.");
        if (TextRules.HasLoneSurrogate(password))
            return Failures.Invalid(field, $"{field} is not valid Unicode (a lone surrogate): send whole characters.");

        return null;
    }
}
