using System.Buffers;

namespace Chat.Domain.Media;

/// <summary>
/// Walks over a file that is a row of chunks, each a head with type and length and then its payload, however it is cut on the way. The
/// type of file says what becomes of each. Holds one head, and one payload where it is told to.
/// </summary>
public abstract class ChunkStripper : IMetadataStripper
{
    /// <summary>Longest payload that may be held.</summary>
    protected const int MostHeldBytes = 64 * 1024;

    private const int MostHeadBytes = 64;

    private readonly byte[] _head = new byte[MostHeadBytes];
    private readonly ArrayBufferWriter<byte> _held = new();
    private int _headBytes;
    private int _headWanted;
    private Treatment _treatment;
    private bool _hasEnded;

    /// <param name="headBytes">Of the first head.</param>
    private protected ChunkStripper(int headBytes) => _headWanted = headBytes;

    public abstract bool IsWhole { get; }

    public long Pixels => 0; // stands in the head of the file

    /// <summary>What becomes of a payload.</summary>
    protected enum Treatment : byte
    {
        Copy,
        Drop,

        /// <summary>As many zeros in its place.</summary>
        Blank,

        /// <summary>Given to <see cref="OnHeld"/>, which writes what stays.</summary>
        Hold,
    }

    /// <summary>The file is not what its type says.</summary>
    private protected bool IsBroken { get; private set; }

    /// <summary>Bytes of a payload that are still to come.</summary>
    private protected long PayloadLeft { get; private set; }

    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        while (!input.IsEmpty && !_hasEnded)
        {
            int taken = PayloadLeft > 0 ? TakePayload(input, output) : TakeHead(input, output);
            input = input[taken..];
        }
    }

    /// <summary>Judges a head: writes what stays of it and says what follows by the calls below.</summary>
    /// <returns>0; or how many bytes of the head are needed, when it is longer than what came.</returns>
    private protected abstract int OnHead(ReadOnlySpan<byte> head, IBufferWriter<byte> output);

    /// <summary>A payload that was to be held is there: writes what stays of it.</summary>
    private protected virtual void OnHeld(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
    }

    /// <summary>Whether a type, of four bytes, is one of those that stand in a row.</summary>
    private protected static bool IsAmong(ReadOnlySpan<byte> types, ReadOnlySpan<byte> type)
    {
        for (; !types.IsEmpty; types = types[type.Length..])
            if (types.StartsWith(type)) return true;
        return false;
    }

    /// <summary>What follows the head: a payload, which may be empty, and behind it the next head.</summary>
    private protected void Follow(long payloadBytes, Treatment treatment, int nextHeadBytes) =>
        (PayloadLeft, _treatment, _headWanted) = (payloadBytes, treatment, nextHeadBytes);

    /// <summary>Nothing of what follows is copied.</summary>
    private protected void End() => _hasEnded = true;

    /// <summary>What was copied is to be thrown away.</summary>
    private protected void Break() => IsBroken = _hasEnded = true;

    private int TakeHead(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        int taken = Math.Min(input.Length, _headWanted - _headBytes);
        input[..taken].CopyTo(_head.AsSpan(_headBytes));
        _headBytes += taken;
        if (_headBytes < _headWanted) return taken;

        int longer = OnHead(_head.AsSpan(0, _headBytes), output);
        if (longer > 0) _headWanted = longer;
        else _headBytes = 0;
        return taken;
    }

    private int TakePayload(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        int taken = (int)Math.Min(input.Length, PayloadLeft);
        PayloadLeft -= taken;
        switch (_treatment)
        {
            case Treatment.Copy:
                output.Write(input[..taken]);
                break;
            case Treatment.Blank:
                output.GetSpan(taken)[..taken].Clear();
                output.Advance(taken);
                break;
            case Treatment.Hold:
                _held.Write(input[..taken]);
                if (PayloadLeft > 0) break;
                OnHeld(_held.WrittenSpan, output);
                _held.ResetWrittenCount();
                break;
            default:
                break;
        }

        return taken;
    }
}
