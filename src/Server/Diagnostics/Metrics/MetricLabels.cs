using System.Globalization;

namespace Chat.Server.Diagnostics.Metrics;

/// <summary>Writes tags as labels of the text format: <c>name="value",…</c>, values escaped, sorted as they come.</summary>
internal static class MetricLabels
{
    /// <summary>Labels longer than this are not kept: what is of bounded number is short.</summary>
    public const int MaxChars = 1024;

    /// <returns>Characters written, or −1: they do not fit.</returns>
    public static int Write(ReadOnlySpan<KeyValuePair<string, object?>> tags, Span<char> target)
    {
        int length = 0;
        foreach ((string name, object? value) in tags)
        {
            if (value is null) continue;
            string clean = MetricNames.Clean(name);
            string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            if (length > 0 && !TryAppend(target, ref length, ",")) return -1;
            if (!TryAppend(target, ref length, clean) || !TryAppend(target, ref length, "=\"")) return -1;
            foreach (char character in text)
            {
                string? escaped = Escape(character);
                if (escaped is null ? !TryAppend(target, ref length, character) : !TryAppend(target, ref length, escaped)) return -1;
            }

            if (!TryAppend(target, ref length, '"')) return -1;
        }

        return length;
    }

    /// <summary>The format knows three escapes; a lone surrogate could not be written as UTF-8.</summary>
    private static string? Escape(char character) => character switch
    {
        '\\' => "\\\\",
        '"' => "\\\"",
        '\n' => "\\n",
        _ when char.IsSurrogate(character) => "\uFFFD",
        _ => null,
    };

    private static bool TryAppend(Span<char> target, ref int length, string text)
    {
        if (!text.TryCopyTo(target[length..])) return false;
        length += text.Length;
        return true;
    }

    private static bool TryAppend(Span<char> target, ref int length, char character)
    {
        if (length == target.Length) return false;
        target[length++] = character;
        return true;
    }
}
