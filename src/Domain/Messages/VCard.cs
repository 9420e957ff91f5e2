namespace Chat.Domain.Messages;

/// <summary>Judges a contact as RFC 6350 and RFC 2426 write it. Only its form: a client shows what it knows of it, and runs nothing.</summary>
internal static class VCard
{
    /// <summary>
    /// One card, of version 3.0 or 4.0, with a formatted name, and no control character but line ends and tabs.
    /// </summary>
    public static bool IsValid(string card)
    {
        foreach (char c in card)
            if (char.IsControl(c) && c is not ('\r' or '\n' or '\t')) return false;

        string[] lines = card.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (lines.Length < 4 || !Is(lines[0], "BEGIN:VCARD") || !Is(lines[^1], "END:VCARD")) return false;
        if (!Is(lines[1], "VERSION:3.0") && !Is(lines[1], "VERSION:4.0")) return false;

        bool hasName = false;
        foreach (string line in lines.AsSpan(2, lines.Length - 3))
        {
            if (line.Length > 0 && line[0] is ' ' or '\t') continue; // the line before goes on
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || Is(line, "BEGIN:VCARD") || Is(line, "END:VCARD")) return false;
            string property = line[..colon].Split(';')[0];
            if (!property.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')) return false;
            hasName |= property.Equals("FN", StringComparison.OrdinalIgnoreCase) && colon < line.Length - 1;
        }

        return hasName;
    }

    private static bool Is(string line, string expected) => line.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
