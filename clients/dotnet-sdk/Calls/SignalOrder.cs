namespace Chat.Sdk.Calls;

/// <summary>
/// Numbers the signals to each participant, and judges those that come by the place they come from (protocol-spec.md §8.12). The caller
/// guards it. The numbers never begin anew: to the place of one who came back that is a hole, which is mended, but where one is wrong about the
/// place all that is sent would be dropped as known.
/// </summary>
internal sealed class SignalOrder
{
    private readonly Dictionary<long, long> _sent = [];
    private readonly Dictionary<(long From, Guid Place), long> _taken = [];

    public long Next(long to) => _sent[to] = _sent.GetValueOrDefault(to) + 1;

    /// <summary>False: it is known. A hole: it is to be taken, and some before it will not come.</summary>
    public bool TryTake(long from, Guid place, long sequence, out bool isBehindHole)
    {
        long last = _taken.GetValueOrDefault((from, place));
        isBehindHole = sequence > last + 1;
        if (sequence <= last) return false;
        _taken[(from, place)] = sequence;
        return true;
    }
}
