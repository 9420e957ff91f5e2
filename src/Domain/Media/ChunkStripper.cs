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

    private const int MostHeadBytes = 16 + Mp4Boxes.MostFixedBytes; // of the type that asks for most

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

    /// <summary>Bytes behind the payload that are still to come.</summary>
    private protected long BehindLeft { get; private set; }

    /// <summary>What has come of a head that has begun and is not there yet.</summary>
    private protected ReadOnlySpan<byte> HeadSoFar => _head.AsSpan(0, _headBytes);

    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        while (!input.IsEmpty && !_hasEnded)
        {
            int taken = PayloadLeft > 0 ? TakePayload(input, output)
                : BehindLeft > 0 ? TakeBehind(input, output) : TakeHead(input, output);
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

    /// <summary>What follows the head: a payload, which may be empty, behind it bytes that belong to nothing and are blanked, and then
    /// the next head.</summary>
    private protected void Follow(long payloadBytes, Treatment treatment, int nextHeadBytes, long bytesBehind = 0) =>
        (PayloadLeft, _treatment, _headWanted, BehindLeft) = (payloadBytes, treatment, nextHeadBytes, bytesBehind);

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
                Blank(taken, output);
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

    private int TakeBehind(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        int taken = (int)Math.Min(input.Length, BehindLeft);
        BehindLeft -= taken;
        Blank(taken, output);
        return taken;
    }

    private static void Blank(int bytes, IBufferWriter<byte> output)
    {
        output.GetSpan(bytes)[..bytes].Clear();
        output.Advance(bytes);
    }
}
