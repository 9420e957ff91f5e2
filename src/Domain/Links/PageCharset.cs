using System.Text;

namespace Chat.Domain.Links;

/// <summary>Says in which encoding a page is written (WHATWG Encoding): by its mark, its Content-Type, its own word, else UTF-8.</summary>
internal static class PageCharset
{
    /// <summary>Where a page says it itself, it does so early: HTML asks for the first 1,024 bytes, and browsers look no further.</summary>
    private const int SelfToldWithin = 1_024;

    private const string Western = "windows-1252";

    /// <summary>What others call it is what the web means by these names.</summary>
    private static readonly Dictionary<string, string> MeantBy = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ascii"] = Western,
        ["us-ascii"] = Western,
        ["latin1"] = Western,
        ["iso-8859-1"] = Western,
        ["iso8859-1"] = Western,
        ["iso_8859-1"] = Western,
        ["iso-8859-9"] = "windows-1254",
        ["latin5"] = "windows-1254",
        ["tis-620"] = "windows-874",
        ["iso-8859-11"] = "windows-874",
        ["gb2312"] = "gb18030",
        ["gbk"] = "gb18030",
        ["x-gbk"] = "gb18030",
        ["gb_2312-80"] = "gb18030",
        ["sjis"] = "shift_jis",
        ["x-sjis"] = "shift_jis",
        ["windows-31j"] = "shift_jis",
        ["ms_kanji"] = "shift_jis",
        ["ks_c_5601-1987"] = "euc-kr",
        ["windows-949"] = "euc-kr",
        ["ksc5601"] = "euc-kr",
        ["big5-hkscs"] = "big5",
        ["cp1251"] = "windows-1251",
        ["cp1252"] = Western,
        ["koi8"] = "koi8-r",
    };

    /// <summary>Those that pages are written in; any other name is not believed (UTF-7, which would hide tags, among them).</summary>
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "gb18030", "big5", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr", "koi8-r", "koi8-u",
        "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-13", "iso-8859-15",
        "windows-874", "windows-1250", "windows-1251", Western, "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258",
    };

    /// <summary>The page as text; what is no character of its encoding is U+FFFD.</summary>
    /// <param name="told">The charset of its Content-Type.</param>
    public static string Decode(ReadOnlySpan<byte> page, string? told)
    {
        if (page.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return Encoding.UTF8.GetString(page[3..]);
        if (page.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Encoding.Unicode.GetString(page[2..]);
        if (page.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Encoding.BigEndianUnicode.GetString(page[2..]);
        return (Find(told) ?? FindSelfTold(page) ?? Encoding.UTF8).GetString(page);
    }

    private static Encoding? FindSelfTold(ReadOnlySpan<byte> page)
    {
        string beginning = Encoding.Latin1.GetString(page[..Math.Min(page.Length, SelfToldWithin)]);
        Encoding? found = Find(HtmlHead.Read(beginning).Charset);
        return found is UnicodeEncoding ? Encoding.UTF8 : found; // what says so in ASCII is not UTF-16
    }

    private static Encoding? Find(string? name)
    {
        name = name?.Trim(' ', '"', '\'', '\t');
        if (string.IsNullOrEmpty(name)) return null;
        name = MeantBy.GetValueOrDefault(name, name);
        if (!Known.Contains(name)) return null;
        return name.ToUpperInvariant() switch
        {
            "UTF-8" or "UTF8" => Encoding.UTF8,
            "UTF-16" or "UTF-16LE" => Encoding.Unicode,
            "UTF-16BE" => Encoding.BigEndianUnicode,
            _ => CodePagesEncodingProvider.Instance.GetEncoding(name),
        };
    }
}
