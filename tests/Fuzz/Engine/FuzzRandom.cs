namespace Chat.Fuzz.Engine;

/// <summary>A small seeded generator: the same seed and number give the same input on every machine and in every run.</summary>
/// <remarks>SplitMix64, because it starts in two multiplications and there is one generator an input. Not thread-safe.</remarks>
internal sealed class FuzzRandom(ulong seed, long number)
{
    private ulong _state = Mix(seed + 0x9E3779B97F4A7C15UL) ^ Mix((ulong)number);

    public ulong NextUInt64() => Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>0 to <paramref name="below"/> − 1.</summary>
    public int Next(int below) => (int)(((UInt128)NextUInt64() * (ulong)below) >> 64);

    public int Next(int from, int below) => from + Next(below - from);

    /// <summary>True once in <paramref name="times"/>.</summary>
    public bool Once(int times) => Next(times) == 0;

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) bytes[i] = (byte)NextUInt64();
        return bytes;
    }

    /// <summary>Ascending places to cut <paramref name="length"/> bytes at; there may be none.</summary>
    public int[] Cuts(int length)
    {
        int[] cuts = new int[Next(1, 6)];
        for (int i = 0; i < cuts.Length; i++) cuts[i] = Next(length + 1);
        Array.Sort(cuts);
        return cuts;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
