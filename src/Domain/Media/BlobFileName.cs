using System.Globalization;
using System.Text;

namespace Chat.Domain.Media;

/// <summary>
/// Makes a harmless name of what a sender called a file, and the header under which it is served. The name is for people's eyes only:
/// what is stored is stored under <see cref="BlobName"/> (R-174).
/// </summary>
public static class BlobFileName
{
    /// <summary>Longest name kept, in bytes of UTF-8. File systems end at 255; the rest is for what browsers append.</summary>
    public const int MaxBytes = 200;

    private const int MaxExtensionChars = 16;
    private const string Nameless = "file";
    private const string ForbiddenSymbols = "<>:\"|?*";
    private const string HeaderSymbols = "!#$&+-.^_`|~"; // attr-char of RFC 8187 §3.2.1 besides letters and digits

    /// <summary>
    /// Gives the last part of a path without control, bidirectional and other invisible characters, never a name that Windows reserves,
    /// never empty. Idempotent.
    /// </summary>
    public static string Clean(string? sent)
    {
        if (sent is null) return Nameless;

        StringBuilder kept = new(Math.Min(sent.Length, MaxBytes));
        foreach (Rune rune in sent.AsSpan(sent.AsSpan().LastIndexOfAny('/', '\\') + 1).EnumerateRunes())
        {
            if (IsInvisible(rune)) continue;

            kept.Append(rune.IsAscii && ForbiddenSymbols.Contains((char)rune.Value, StringComparison.Ordinal) ? "_" : rune.ToString());
        }

        string name = Shorten(kept.ToString().TrimStart('.', ' ').TrimEnd('.', ' '));
        if (name.Length == 0) return Nameless;

        return IsReserved(name) ? Shorten("_" + name) : name;
    }

    /// <summary>What stands after the last dot, in lower case; empty when there is none or it is longer than any real one.</summary>
    public static string Extension(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot < 0 || name.Length - dot - 1 > MaxExtensionChars ? string.Empty : name[(dot + 1)..].ToLowerInvariant();
    }

    /// <summary>Content-Disposition after RFC 6266: always a download, an ASCII name for old readers and the whole one in UTF-8.</summary>
    /// <param name="name">A name that <see cref="Clean"/> gave.</param>
    public static string AttachmentHeader(string name)
    {
        StringBuilder ascii = new(name.Length);
        foreach (char c in name) ascii.Append(c is >= ' ' and <= '~' and not ('"' or '\\' or '%') ? c : '_');

        StringBuilder encoded = new(name.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || HeaderSymbols.Contains((char)b, StringComparison.Ordinal)) encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return $"attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}";
    }

    /// <summary>Control, format (RTL override is one), separators of lines, and what was a lone surrogate.</summary>
    private static bool IsInvisible(Rune rune) =>
        rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.PrivateUse;

    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MaxBytes) return name;

        string extension = Extension(name);
        string tail = extension.Length == 0 ? string.Empty : name[(name.Length - extension.Length - 1)..];
        int room = MaxBytes - Encoding.UTF8.GetByteCount(tail);

        StringBuilder stem = new(room);
        foreach (Rune rune in name.AsSpan(0, name.Length - tail.Length).EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0) break;

            stem.Append(rune.ToString());
        }

        return stem.Append(tail).ToString().TrimEnd('.', ' ');
    }

    /// <summary>Names of devices in Windows, with any extension: opening one there opens the device.</summary>
    private static bool IsReserved(string name)
    {
        int dot = name.IndexOf('.');
        string stem = (dot < 0 ? name : name[..dot]).TrimEnd(' ').ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL" || (stem.Length == 4 && char.IsAsciiDigit(stem[3]) && stem[..3] is "COM" or "LPT");
    }
}
