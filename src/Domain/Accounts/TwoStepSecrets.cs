using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Chat.Domain.Accounts;

/// <summary>
/// Encrypts the secrets of second steps for storage, and makes recovery codes. Thread-safe.
/// </summary>
/// <remarks>Under another token key the secrets cannot be read: their people sign in with a recovery code and set the second step up anew.</remarks>
public sealed class TwoStepSecrets(TokenOptions tokens)
{
    public const int RecoveryCodes = 10;

    private const int CodeChars = 12;

    /// <summary>No letter looks like another, or like a digit; 32 of them, so that each is five bits.</summary>
    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz0";

    private readonly SecretSeal _seal = new(tokens, "two-step secrets");

    internal byte[] Encrypt(long principalId, ReadOnlySpan<byte> secret) => _seal.Encrypt(Owner(principalId), secret);

    /// <summary>Null when it was encrypted with another key.</summary>
    internal byte[]? TryDecrypt(long principalId, byte[] sealedSecret) => _seal.TryDecrypt(Owner(principalId), sealedSecret);

    /// <summary>New codes of 60 random bits, as people are shown them.</summary>
    internal static string[] NewRecoveryCodes() =>
        [.. Enumerable.Range(0, RecoveryCodes).Select(_ => RandomNumberGenerator.GetString(Alphabet, CodeChars)).Select(code => $"{code[..4]}-{code[4..8]}-{code[8..]}")];

    /// <summary>Null for what cannot be a recovery code. Random input needs no slow hash.</summary>
    internal static byte[]? TryHashRecoveryCode(long principalId, string input)
    {
        StringBuilder code = new(CodeChars);
        foreach (char c in input)
        {
            if (c is ' ' or '-') continue;
            char lower = char.ToLowerInvariant(c);
            if (!Alphabet.Contains(lower, StringComparison.Ordinal) || code.Length == CodeChars) return null;
            code.Append(lower);
        }

        return code.Length == CodeChars ? SHA256.HashData([.. Owner(principalId), .. Encoding.ASCII.GetBytes(code.ToString())]) : null;
    }

    /// <summary>Binds what is stored to its account: a row moved to another one is worth nothing.</summary>
    private static byte[] Owner(long principalId)
    {
        byte[] owner = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(owner, principalId);
        return owner;
    }
}
