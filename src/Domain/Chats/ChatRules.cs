using System.Text.RegularExpressions;

namespace Chat.Domain.Chats;

/// <summary>What names that are given to chats must satisfy.</summary>
internal static partial class ChatRules
{
    /// <summary>
    /// A theme is a name that the apps know: a letter, then up to 31 letters, digits or hyphens, all lower case. Null when it is good.
    /// </summary>
    public static Failure? JudgeTheme(string? theme) => string.IsNullOrEmpty(theme) || Theme().IsMatch(theme)
        ? null
        : Failures.Invalid("theme", "theme is no name of a theme: send 1 to 32 of a to z, 0 to 9 and '-', a letter first, or nothing for none.");

    /// <summary>A public name: a letter, then 3 to 31 letters, digits or underscores, all lower case. Null when it is good.</summary>
    public static Failure? JudgeHandle(string? handle) => string.IsNullOrEmpty(handle) || Handle().IsMatch(handle)
        ? null
        : Failures.Invalid("handle", "handle is no public name: send 4 to 32 of a to z, 0 to 9 and '_', a letter first.");

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Theme();

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{3,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Handle();
}
