namespace Chat.Simulation.Scheduling;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same numbers for a seed in every version of .NET, so that a seed stays a test.
/// </summary>
internal sealed class Prng(ulong seed)
{
    private ulong _state = seed;

    public ulong Next64()
    {
        ulong z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="exclusive"/> − 1.</summary>
    public int Next(int exclusive) => (int)((UInt128)Next64() * (ulong)exclusive >> 64);

    /// <summary>Both ends included.</summary>
    public int Next(int from, int to) => from + Next(to - from + 1);

    public bool Chance(int percent) => Next(100) < percent;

    /// <summary>Between the two, each as likely.</summary>
    public TimeSpan Between(double fromMs, double toMs) =>
        TimeSpan.FromTicks((long)((fromMs + ((toMs - fromMs) * Fraction())) * TimeSpan.TicksPerMillisecond));

    public double Fraction() => (Next64() >> 11) * (1.0 / (1UL << 53));
}

/// <summary>The same numbers for what takes a <see cref="Random"/>: the SDK's back-off.</summary>
internal sealed class PrngRandom(Prng prng) : Random(0)
{
    public override double NextDouble() => prng.Fraction();

    public override int Next(int maxValue) => prng.Next(maxValue);

    protected override double Sample() => prng.Fraction();
}
