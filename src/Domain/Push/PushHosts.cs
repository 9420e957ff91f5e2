namespace Chat.Domain.Push;

/// <summary>What is known of a host: it decides how many are on their way to it, and before whom it goes.</summary>
internal enum PushTrust : byte
{
    /// <summary>It answers.</summary>
    Heard = 0,

    /// <summary>It was not asked yet, or long ago.</summary>
    New = 1,

    /// <summary>It did not answer lately.</summary>
    Silent = 2,
}

/// <summary>
/// Remembers how hosts answer, whether anything waits for them or not. People name the hosts: so it takes many answers to be trusted again after
/// a silence, and more with each one. Not thread-safe.
/// </summary>
internal sealed class PushHosts(TimeProvider time)
{
    private const int MaxHosts = 1_000;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Host> _hosts = new(StringComparer.Ordinal);

    public Host Get(string name)
    {
        if (_hosts.TryGetValue(name, out Host? known)) return known;
        if (_hosts.Count >= MaxHosts) _hosts.Remove(_hosts.MinBy(host => host.Value.At).Key);
        return _hosts[name] = new Host(time) { At = time.GetTimestamp() };
    }

    /// <summary>One host.</summary>
    internal sealed class Host(TimeProvider time)
    {
        private const int LeastFine = 32;
        private const int MostFine = 1_024;

        private int _fine = LeastFine;
        private int _owed;
        private bool _isKnown;

        /// <summary>When it was last heard, or not heard.</summary>
        public long At { get; set; }

        public PushTrust Trust => !_isKnown || time.GetElapsedTime(At) > Memory ? PushTrust.New : _owed > 0 ? PushTrust.Silent : PushTrust.Heard;

        /// <summary>How many may be on their way to it.</summary>
        public int Most => Trust switch
        {
            PushTrust.Heard => 32, // of one connection of HTTP/2
            PushTrust.New => 2,
            _ => 1,
        };

        public void Note(bool isHeard)
        {
            PushTrust before = Trust;
            if (before == PushTrust.New) (_fine, _owed) = (LeastFine, 0);
            if (!isHeard)
            {
                _owed = _fine;
                if (before == PushTrust.Heard) _fine = Math.Min(2 * _fine, MostFine); // once for all that hung at the same time
            }
            else if (_owed > 0)
            {
                _owed--;
            }

            (_isKnown, At) = (true, time.GetTimestamp());
        }
    }
}
