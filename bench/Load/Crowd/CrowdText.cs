using System.Buffers.Binary;

namespace Chat.Load.Crowd;

/// <summary>
/// Texts that say themselves when they were meant to be sent and whether they are whole, because sender and receiver are different
/// processes:
/// 16 hexadecimal digits of the monotonic clock, which all processes of a machine share, then letters that follow from them.
/// </summary>
internal static class CrowdText
{
    public const int Bytes = 98;

    private const int Digits = 16;

    public static void Write(Span<byte> text, long intendedAt)
    {
        for (int i = 0; i < Digits; i++) text[i] = (byte)"0123456789abcdef"[(int)(intendedAt >> (4 * (Digits - 1 - i))) & 15];
        Fill(text[Digits..Bytes], intendedAt);
    }

    /// <returns>False when it is not a text of ours, whole.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out long intendedAt)
    {
        intendedAt = 0;
        if (text.Length != Bytes) return false;
        foreach (byte c in text[..Digits])
        {
            int digit = c <= '9' ? c - '0' : c - 'a' + 10;
            if ((uint)digit > 15) return false;
            intendedAt = (intendedAt << 4) | (uint)digit;
        }

        Span<byte> wanted = stackalloc byte[Bytes - Digits];
        Fill(wanted, intendedAt);
        return text[Digits..].SequenceEqual(wanted);
    }

    /// <summary>xorshift64*, two letters a step.</summary>
    private static void Fill(Span<byte> letters, long seed)
    {
        ulong state = ((ulong)seed << 1) | 1; // never zero, and another one for every seed
        Span<byte> raw = stackalloc byte[8];
        for (int i = 0; i < letters.Length; i += 8)
        {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            BinaryPrimitives.WriteUInt64LittleEndian(raw, state * 0x2545F4914F6CDD1DUL);
            for (int k = 0; k < 8 && i + k < letters.Length; k++) letters[i + k] = (byte)('A' + (raw[k] & 15));
        }
    }
}
