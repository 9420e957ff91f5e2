namespace Chat.Load.Traffic;

/// <summary>The first 18 bytes of every text: <c>@@</c> and 16 hexadecimal digits. It says which message this is, whatever protocol carries it.</summary>
internal static class Marker
{
    public const int Bytes = 2 + Digits;

    private const int Digits = 16;

    public static void Write(Span<byte> output, long number)
    {
        output[0] = output[1] = (byte)'@';
        for (int i = 0; i < Digits; i++)
        {
            int digit = (int)(number >> (4 * (Digits - 1 - i))) & 0xf;
            output[2 + i] = (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
    }

    /// <summary>Reads the marker that the text begins with.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long number)
    {
        number = -1;
        if (text.Length < Bytes || text[0] != '@' || text[1] != '@') return false;

        long value = 0;
        for (int i = 2; i < Bytes; i++)
        {
            int c = text[i];
            int digit = c <= '9' ? c - '0' : c - 'a' + 10;
            if ((uint)digit > 15) return false;
            value = (value << 4) | (uint)digit;
        }

        number = value;
        return true;
    }
}
