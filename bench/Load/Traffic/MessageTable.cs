using System.Numerics;
using System.Text;

namespace Chat.Load.Traffic;

/// <summary>
/// The messages that are on their way, by number: when each was meant to be sent, by whom, and its text. A text is the marker, <c>@@</c> and
/// the number in 16 hexadecimal digits, and random letters after it. The table has a fixed number of places, which messages take in turn;
/// numbers count from 0. Engine thread only.
/// </summary>
internal sealed class MessageTable
{
    private const int MostSlots = 1 << 17;
    private const int MostTextBytes = 1 << 26;
    private const int Variants = 1_024;
    private const int Stride = 61; // odd, so that neighbours differ everywhere
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; // no letter that JSON escapes

    private readonly int _payloadBytes;
    private readonly byte[] _noise;
    private readonly byte[] _texts;
    private readonly long[] _intendedAt;
    private readonly int[] _senders;
    private readonly int _mask;

    public MessageTable(int payloadBytes, int seed)
    {
        int slots = SlotsFor(payloadBytes);
        (_payloadBytes, _mask) = (payloadBytes, slots - 1);
        var random = new Random(seed);
        Run = (uint)random.Next();
        _noise = Encoding.ASCII.GetBytes(random.GetItems<char>(Letters, (Variants * Stride) + payloadBytes));
        _texts = new byte[slots * payloadBytes];
        _intendedAt = new long[slots];
        _senders = new int[slots];
    }

    /// <summary>More messages than this on their way are a server that does not keep up: the run ends.</summary>
    public static int MaxOnTheWay(int payloadBytes) => SlotsFor(payloadBytes) / 2;

    /// <summary>Tells messages of this run from any other's.</summary>
    public uint Run { get; }

    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    /// <summary>Takes the next number and makes its text.</summary>
    public long Add(long intendedAt, int sender)
    {
        long number = Count++;
        int slot = (int)(number & _mask);
        _intendedAt[slot] = intendedAt;
        _senders[slot] = sender;
        Span<byte> text = _texts.AsSpan(slot * _payloadBytes, _payloadBytes);
        Marker.Write(text, number);
        _noise.AsSpan((int)(number % Variants) * Stride, _payloadBytes - Marker.Bytes).CopyTo(text[Marker.Bytes..]);
        return number;
    }

    /// <summary>Whether there is such a message and its place is still its own.</summary>
    public bool Knows(long number) => number >= 0 && number < Count && number >= Count - _intendedAt.Length;

    public ReadOnlySpan<byte> TextOf(long number) => _texts.AsSpan((int)(number & _mask) * _payloadBytes, _payloadBytes);

    /// <summary>In nanoseconds of the engine's clock.</summary>
    public long IntendedAt(long number) => _intendedAt[number & _mask];

    /// <summary>The index of the connection that sent it.</summary>
    public int SenderOf(long number) => _senders[number & _mask];

    // A power of two, so that a number's place is a mask away.
    private static int SlotsFor(int payloadBytes) =>
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(MostSlots, MostTextBytes / Math.Max(1, payloadBytes) / 2));
}
