using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts.Passkeys;

/// <summary>
/// Seals what was challenged, so that no server keeps it and any finishes it: for one purpose, one account with the password that it has, and five
/// minutes. That each is finished once the database sees to, by its hash. Thread-safe.
/// </summary>
public sealed class PasskeyCeremonies(TokenOptions tokens, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Much more than the longest names need.</summary>
    private const int MaxChars = 8_192;

    private readonly SecretSeal _additions = new(tokens, "passkey additions");
    private readonly SecretSeal _signIns = new(tokens, "passkey sign-ins");

    internal string SealAddition(AccountRow account, string state) => Seal(_additions, OwnerOf(account), state);

    internal string SealSignIn(string state) => Seal(_signIns, [], state);

    /// <summary>Null for what was not begun for this account, or before its password was changed, or is over.</summary>
    internal Ceremony? TryOpenAddition(AccountRow account, string? text) => TryOpen(_additions, OwnerOf(account), text);

    /// <summary>Null for what was not begun as a sign-in, or is over.</summary>
    internal Ceremony? TryOpenSignIn(string? text) => TryOpen(_signIns, [], text);

    private string Seal(SecretSeal seal, byte[] owner, string state)
    {
        byte[] content = new byte[sizeof(long) + Encoding.UTF8.GetByteCount(state)];
        BinaryPrimitives.WriteInt64LittleEndian(content, (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        Encoding.UTF8.GetBytes(state, content.AsSpan(sizeof(long)));
        return Base64Url.EncodeToString(seal.Encrypt(owner, content));
    }

    private Ceremony? TryOpen(SecretSeal seal, byte[] owner, string? text)
    {
        if (text is null || text.Length > MaxChars || !Base64Url.IsValid(text)) return null;
        if (seal.TryDecrypt(owner, Base64Url.DecodeFromChars(text)) is not { Length: > sizeof(long) } content) return null;
        if (BinaryPrimitives.ReadInt64LittleEndian(content) <= time.GetUtcNow().ToUnixTimeMilliseconds()) return null;
        return new Ceremony(Encoding.UTF8.GetString(content.AsSpan(sizeof(long))), SHA256.HashData(content));
    }

    private static byte[] OwnerOf(AccountRow account)
    {
        byte[] owner = new byte[sizeof(long) + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(owner, account.PrincipalId);
        SHA256.HashData(Encoding.UTF8.GetBytes(account.PasswordHash), owner.AsSpan(sizeof(long)));
        return owner;
    }

    /// <param name="State">What was challenged.</param>
    /// <param name="Hash">Names the ceremony: no two have the same challenge.</param>
    internal sealed record Ceremony(string State, byte[] Hash);
}
