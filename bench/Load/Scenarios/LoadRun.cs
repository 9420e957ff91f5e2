using System.Text;

namespace Chat.Load.Scenarios;

/// <summary>What all groups of one run share.</summary>
internal sealed class LoadRun
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const int Stride = 61; // odd, so that neighbours differ everywhere
    private const int Variants = 1_024;

    private readonly byte[] _noise;
    private volatile bool _isSending = true;
    private volatile bool _isMeasuring;

    public LoadRun(LoadSimulation simulation, int seed)
    {
        Simulation = simulation;
        var random = new Random(seed);
        Id = (uint)random.Next();
        _noise = Encoding.ASCII.GetBytes(random.GetItems<char>(Letters, (Variants * Stride) + simulation.PayloadBytes));
    }

    public LoadSimulation Simulation { get; }

    /// <summary>The first four bytes of every message's id.</summary>
    public uint Id { get; }

    public bool IsSending { get => _isSending; set => _isSending = value; }

    public bool IsMeasuring { get => _isMeasuring; set => _isMeasuring = value; }

    /// <summary>The text of a message: random letters that both ends can tell from its number.</summary>
    public ReadOnlySpan<byte> TextOf(long number) => _noise.AsSpan((int)(number % Variants) * Stride, Simulation.PayloadBytes);
}
