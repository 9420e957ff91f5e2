using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Chat.Domain.Media;

/// <summary>
/// Names a file to people, and its bytes to a blob store: 128 random bits, in lower-case hex, nothing that a sender chose. Which
/// of both is meant says the parameter; a file and its bytes never have the same name.
/// </summary>
public readonly record struct BlobName(Guid Value)
{
    /// <summary>Characters of every name.</summary>
    public const int Chars = 32;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static BlobName Create() => new(new Guid(RandomNumberGenerator.GetBytes(Chars / 2)));

    /// <summary>False for all but 32 lower-case hex digits, so no path can be built from it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BlobName name)
    {
        name = default;
        if (text is not { Length: Chars } || text.AsSpan().ContainsAnyExcept(Digits)) return false;

        name = new BlobName(Guid.ParseExact(text, "N"));
        return true;
    }

    public override string ToString() => Value.ToString("N");
}
