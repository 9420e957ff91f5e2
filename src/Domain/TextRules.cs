using System.Diagnostics.CodeAnalysis;

namespace Chat.Domain;

/// <summary>What every short text from outside must satisfy before it reaches storage.</summary>
internal static class TextRules
{
    public const int MaxNameChars = 255;

    /// <summary>Of the text about a person.</summary>
    public const int MaxAboutChars = 500;

    /// <summary>Of a reference to a picture or file.</summary>
    public const int MaxReferenceChars = 500;

    /// <summary>Trims a name and judges it: 1 to 255 characters, no control characters (U+0000 is one), no lone surrogates.</summary>
    public static bool TryName(
        string? input, string field, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out Failure? failure)
    {
        name = input?.Trim();
        failure = Judge(name, field);
        if (failure is null) return name is not null;

        name = null;
        return false;
    }

    /// <summary>Judges a text that may be empty or missing: its length, no control characters, no lone surrogates. Null when it is good.</summary>
    public static Failure? JudgeShort(string? text, string field, int maxChars)
    {
        if (text is null) return null;
        if (text.Length > maxChars)
            return Failures.Invalid(field, $"{field} has {text.Length} characters, at most {maxChars} are allowed: shorten it.");
        if (HasControlCharacter(text))
            return Failures.Invalid(field, $"{field} holds a control character such as U+0000 or a line break: remove it.");

        return HasLoneSurrogate(text) ? Failures.Invalid(field, $"{field} is not valid Unicode (a lone surrogate): send whole characters.") : null;
    }

    /// <summary>True when a surrogate stands without its partner, which UTF-8 cannot express. No allocation, vectorised in the usual case.</summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        int at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (at >= 0)
        {
            bool paired = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            if (!paired) return true;

            text = text[(at + 2)..];
            at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }

        return false;
    }

    public static bool HasControlCharacter(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c)) return true;
        }

        return false;
    }

    private static Failure? Judge(string? name, string field)
    {
        if (string.IsNullOrEmpty(name)) return Failures.Invalid(field, $"{field} is missing or blank: send 1 to {MaxNameChars} characters.");
        if (name.Length > MaxNameChars)
            return Failures.Invalid(field, $"{field} has {name.Length} characters, at most {MaxNameChars} are allowed: shorten it.");
        if (HasControlCharacter(name))
            return Failures.Invalid(field, $"{field} holds a control character such as U+0000 or a line break: remove it.");
        if (HasLoneSurrogate(name)) return Failures.Invalid(field, $"{field} is not valid Unicode (a lone surrogate): send whole characters.");

        return null;
    }
}
