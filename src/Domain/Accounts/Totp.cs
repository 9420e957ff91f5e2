using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Chat.Domain.Accounts;

/// <summary>Time-based one-time passwords (RFC 6238) as every authenticator app makes them: HMAC-SHA1, six digits, 30 seconds.</summary>
internal static class Totp
{
    public const int Digits = 6;
    public const int SecretBytes = 20; // as many as SHA-1 gives (RFC 4226 §4, R6)

    private const int StepSeconds = 30;

    /// <summary>Clocks of phones differ, and people type slowly: one step to either side is borne (RFC 6238 §5.2).</summary>
    private const int Window = 1;

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

#pragma warning disable CA5350 // RFC 6238's default, and the only one that all apps know; HMAC does not rest on collisions
    public static string CodeOf(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, hash);
        int offset = hash[^1] & 0xF; // RFC 4226 §5.3
        int number = BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & int.MaxValue;
        return (number % 1_000_000).ToString($"D{Digits}", CultureInfo.InvariantCulture);
    }
#pragma warning restore CA5350

    /// <returns>The step whose code it is; null when it is none of now.</returns>
    public static long? FindStep(ReadOnlySpan<byte> secret, ReadOnlySpan<char> code, DateTimeOffset now)
    {
        Span<byte> given = stackalloc byte[Digits];
        Span<byte> right = stackalloc byte[Digits];
        if (code.Length != Digits || !System.Text.Encoding.ASCII.TryGetBytes(code, given, out _)) return null;

        long? found = null;
        for (long step = StepAt(now) - Window; step <= StepAt(now) + Window; step++)
        {
            System.Text.Encoding.ASCII.GetBytes(CodeOf(secret, step), right);
            if (CryptographicOperations.FixedTimeEquals(given, right)) found = step;
        }

        return found;
    }

    /// <summary>RFC 4648 §6 without padding, as apps take a secret.</summary>
    public static string ToText(ReadOnlySpan<byte> secret)
    {
        Span<char> text = stackalloc char[(secret.Length * 8 + 4) / 5];
        int bits = 0, held = 0, at = 0;
        foreach (byte b in secret)
        {
            (held, bits) = ((held << 8) | b, bits + 8);
            for (; bits >= 5; bits -= 5) text[at++] = Base32[(held >> (bits - 5)) & 31];
            held &= (1 << bits) - 1;
        }

        if (bits > 0) text[at] = Base32[(held << (5 - bits)) & 31];
        return new string(text);
    }

    /// <summary>What apps read from a QR code.</summary>
    public static string ToUri(ReadOnlySpan<byte> secret, string issuer, string account) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={ToText(secret)}&issuer={Uri.EscapeDataString(issuer)}";
}
