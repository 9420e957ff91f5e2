using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Chat.Domain.Media;

/// <summary>The name under which a blob is stored: 128 random bits in lower-case hex, nothing that a sender chose .</summary>
public readonly record struct BlobName
{
    /// <summary>Characters of every name.</summary>
    public const int Chars = 32;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private BlobName(string text) => _text = text;

    public static BlobName Create() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Chars / 2)));

    /// <summary>False for all but 32 lower-case hex digits, so no path can be built from it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BlobName name)
    {
        name = default;
        if (text is not { Length: Chars } || text.AsSpan().ContainsAnyExcept(Digits)) return false;

        name = new BlobName(text);
        return true;
    }

    public override string ToString() => _text ?? string.Empty;
}
