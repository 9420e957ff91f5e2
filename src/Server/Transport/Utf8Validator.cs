using System.Text.Unicode;

namespace Chat.Server.Transport;

/// <summary>Validates UTF-8 that arrives in pieces cut anywhere; an invalid byte is seen at once, not at the end of its sequence.</summary>
/// <remarks>Single-threaded; one value for one text, <c>default</c> to begin.</remarks>
internal struct Utf8Validator
{
    private int _continuationsLeft;
    private byte _lowest;  // bounds of the next continuation byte: they keep out overlong forms, surrogates and what is above U+10FFFF
    private byte _highest;

    /// <summary>Whether the text may end here: no sequence is half read.</summary>
    public readonly bool IsAtBoundary => _continuationsLeft == 0;

    /// <summary>Takes the next piece; false from the first byte that cannot be UTF-8, after which the value is of no use.</summary>
    public bool TryAppend(ReadOnlySpan<byte> piece)
    {
        int at = 0;
        while (_continuationsLeft > 0 && at < piece.Length)
        {
            if (!TryStep(piece[at++])) return false;
        }

        ReadOnlySpan<byte> rest = piece[at..];
        int whole = rest.Length - UnfinishedTail(rest);
        if (!Utf8.IsValid(rest[..whole])) return false;
        foreach (byte b in rest[whole..])
        {
            if (!TryStep(b)) return false;
        }

        return true;
    }

    // How many bytes at the end may be the beginning of a sequence that the next piece goes on with: 0 to 3.
    private static int UnfinishedTail(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= 3 && back <= bytes.Length; back++)
        {
            byte b = bytes[^back];
            if (b < 0x80) return 0;
            if (b >= 0xC0) return SequenceBytes(b) > back ? back : 0;
        }

        return 0;
    }

    private static int SequenceBytes(byte lead) => lead switch { >= 0xF0 => 4, >= 0xE0 => 3, _ => 2 };

    private bool TryStep(byte b)
    {
        if (_continuationsLeft > 0)
        {
            if (b < _lowest || b > _highest) return false;
            (_continuationsLeft, _lowest, _highest) = (_continuationsLeft - 1, 0x80, 0xBF);
            return true;
        }

        (_continuationsLeft, _lowest, _highest) = b switch // RFC 3629 §4
        {
            < 0x80 => (0, (byte)0, (byte)0),
            >= 0xC2 and <= 0xDF => (1, (byte)0x80, (byte)0xBF),
            0xE0 => (2, (byte)0xA0, (byte)0xBF),
            0xED => (2, (byte)0x80, (byte)0x9F),
            >= 0xE1 and <= 0xEF => (2, (byte)0x80, (byte)0xBF),
            0xF0 => (3, (byte)0x90, (byte)0xBF),
            >= 0xF1 and <= 0xF3 => (3, (byte)0x80, (byte)0xBF),
            0xF4 => (3, (byte)0x80, (byte)0x8F),
            _ => (-1, (byte)0, (byte)0),
        };
        return _continuationsLeft >= 0;
    }
}
