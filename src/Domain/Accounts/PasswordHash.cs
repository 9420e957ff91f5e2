using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Chat.Domain.Accounts;

/// <summary>
/// A stored password: <c>pbkdf2-sha512$iterations$salt$hash</c>, salt and hash in base64. The first part names the scheme, so that another
/// one can join without touching old rows.
/// </summary>
internal sealed record PasswordHash(int Iterations, byte[] Salt, byte[] Hash)
{
    public const int SaltBytes = 16;
    public const int HashBytes = 32;
    private const string Scheme = "pbkdf2-sha512";

    /// <summary>Hashes a password with a fresh salt. Takes the time that <paramref name="iterations"/> ask for.</summary>
    public static PasswordHash Compute(string password, int iterations)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(iterations, salt, Derive(password, salt, iterations, HashBytes));
    }

    /// <summary>A hash that no password has, of the same cost: what an unknown account is compared with.</summary>
    public static PasswordHash Dummy(int iterations) =>
        new(iterations, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));

    public static bool TryParse(string? text, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = null;
        string[] parts = text?.Split('$') ?? [];
        if (parts.Length != 4 || parts[0] != Scheme) return false;
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations) || iterations < 1) return false;
        if (!TryDecode(parts[2], out byte[]? salt) || !TryDecode(parts[3], out byte[]? bytes)) return false;

        hash = new PasswordHash(iterations, salt, bytes);
        return true;
    }

    /// <summary>Compares in constant time; as slow as computing the hash.</summary>
    public bool Matches(string password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, Salt, Iterations, Hash.Length), Hash);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Scheme}${Iterations}${Convert.ToBase64String(Salt)}${Convert.ToBase64String(Hash)}");

    private static byte[] Derive(string password, byte[] salt, int iterations, int bytes) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, bytes);

    private static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        byte[] buffer = new byte[text.Length];
        bool ok = Convert.TryFromBase64String(text, buffer, out int written) && written > 0;
        bytes = ok ? buffer[..written] : null;
        return ok;
    }
}
