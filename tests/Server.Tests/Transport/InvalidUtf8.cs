namespace Chat.Server.Tests.Transport;

/// <summary>Byte sequences that are not UTF-8: stray and missing continuations, overlong forms, surrogates, out of range.</summary>
internal static class InvalidUtf8
{
    public static readonly string[] Cases =
    [
        "80", "BF", "8080", "80BF80BF80", "C2", "DF41", "E0A0", "E0A041", "F09080", "F0908041", "F8", "FC", "FE", "FF", "FEFEFFFF",
        "F888808080", "FC8480808080", "F7BFBFBF", "FBBFBFBFBF", "FDBFBFBFBFBF", "F4908080", "F5808080",
        "C0AF", "E080AF", "F08080AF", "F8808080AF", "FC80808080AF", "C1BF", "E09FBF", "F08FBFBF", "F887BFBFBF", "FC83BFBFBFBF",
        "C080", "E08080", "F0808080", "F880808080", "FC8080808080",
        "EDA080", "EDADBF", "EDAE80", "EDAFBF", "EDB080", "EDBE80", "EDBFBF",
        "EDA080EDB080", "EDA080EDBFBF", "EDADBFEDB080", "EDADBFEDBFBF", "EDAE80EDB080", "EDAE80EDBFBF", "EDAFBFEDB080", "EDAFBFEDBFBF",
        "CEBAE1BDB9CF83CEBCCEB5EDA080656469746564", "CEBAE1BDB9CF83CEBCCEB5F4908080656469746564", "68656C6C6F C0", "C3", "E282", "F09F98",
        "C328", "A0A1", "E228A1", "E28228", "F0288CBC", "F09028BC", "F0288C28",
    ];

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
