namespace Chat.Fuzz.Engine;

/// <summary>Reads an input as a row of decisions, so that a sequence of steps is bytes like any other input: it can be kept, cut and
// changed.</summary>
internal sealed class Choices(byte[] input)
{
    private int _at;

    /// <summary>Nothing is left to decide.</summary>
    public bool IsOver => _at >= input.Length;

    /// <summary>0 to <paramref name="below"/> − 1; 0 at the end of the input.</summary>
    public int Next(int below) => Byte() % below;

    public T Pick<T>(params ReadOnlySpan<T> from) => from[Next(from.Length)];

    /// <summary>An integer, small more often than not, sometimes at an edge.</summary>
    public long Integer() => Next(6) switch
    {
        0 => Pick<long>(0, 1, -1, 200, 201, int.MaxValue, uint.MaxValue, (1L << 53) - 1, 1L << 53, long.MaxValue, long.MinValue),
        1 => (Byte() << 8) | Byte(),
        _ => Next(8),
    };

    public byte[] Bytes(int most)
    {
        byte[] bytes = new byte[Next(most + 1)];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)Byte();
        return bytes;
    }

    private int Byte() => IsOver ? 0 : input[_at++];
}
