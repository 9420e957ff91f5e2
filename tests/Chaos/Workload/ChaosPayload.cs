using System.Globalization;
using System.Runtime.InteropServices;

namespace Chat.Chaos.Workload;

/// <summary>
/// The texts that are sent: a marker, and characters that follow from it. A changed byte, a message in the wrong chat and a second copy
/// all show by the hash.
/// </summary>
public static class ChaosPayload
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789 äß€";
    private const int Extra = 120;

    /// <summary>A text of its own for each marker.</summary>
    /// <param name="marker">Decides the text.</param>
    /// <param name="characters">Least length of the part behind the marker; up to 120 more are added.</param>
    public static string Create(Guid marker, int characters = 8)
    {
        Span<ulong> halves = stackalloc ulong[2];
        MemoryMarshal.Write(MemoryMarshal.AsBytes(halves), in marker);
        ulong state = halves[0] ^ halves[1];
        int length = characters + (int)(Next(ref state) % Extra);
        return string.Create(CultureInfo.InvariantCulture, $"{marker:N}:{Body(state, length)}");
    }

    /// <summary>64 bits over the whole text; never 0.</summary>
    public static ulong Hash(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ulong hash = 14_695_981_039_346_656_037; // FNV-1a over UTF-16 units, then mixed
        foreach (char unit in text) hash = (hash ^ unit) * 1_099_511_628_211;
        ulong mixed = Next(ref hash);
        return mixed == 0 ? 1 : mixed;
    }

    private static string Body(ulong state, int length) => string.Create(length, state, static (body, seed) =>
    {
        for (int i = 0; i < body.Length; i++) body[i] = Alphabet[(int)(Next(ref seed) % (ulong)Alphabet.Length)];
    });

    /// <summary>SplitMix64.</summary>
    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
