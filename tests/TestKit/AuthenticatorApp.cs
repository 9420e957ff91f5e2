using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Chat.TestKit;

/// <summary>What people have on their phones: takes a secret in base32 (RFC 4648 §6) and shows six digits (RFC 6238).</summary>
public sealed class AuthenticatorApp(string secret)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public byte[] Secret { get; } = Decode(secret);

#pragma warning disable CA5350 // as the RFC has it
    public string CodeAt(DateTimeOffset time)
    {
        byte[] counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, time.ToUnixTimeSeconds() / 30);
        byte[] hash = HMACSHA1.HashData(Secret, counter);
        int at = hash[19] & 15;
        int number = ((hash[at] & 127) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
#pragma warning restore CA5350

    private static byte[] Decode(string text)
    {
        List<byte> bytes = [];
        int held = 0, bits = 0;
        foreach (char letter in text)
        {
            (held, bits) = ((held << 5) | Letters.IndexOf(letter, StringComparison.Ordinal), bits + 5);
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(held >> bits));
            held &= (1 << bits) - 1;
        }

        return [.. bytes];
    }
}
