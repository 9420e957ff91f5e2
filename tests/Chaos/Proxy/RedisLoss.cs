using System.Runtime.InteropServices;

namespace Chat.Chaos.Proxy;

/// <summary>
/// Loses publications about chats on their way from Redis to a node, which is what Redis may do, and lets everything else pass, so that the
/// broker's own probe stays content. For the direction from Redis to subscribers (RESP2). Thread-safe.
/// </summary>
/// <param name="percent">How many of them are lost.</param>
/// <param name="seed">Of the choice, the same for each connection.</param>
internal sealed class RedisLoss(int percent, int seed)
{
    private long _lost;
    private volatile bool _isOn;

    /// <summary>Whether anything is lost at present.</summary>
    public bool IsOn
    {
        get => _isOn;
        set => _isOn = value;
    }

    /// <summary>Publications lost so far.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>For each new connection of a proxy.</summary>
    public FlowFilters Filters() => new(ToServer: null, new Losing(this, percent, new Random(seed)));

    private sealed class Losing(RedisLoss owner, int percent, Random random) : IFlowFilter
    {
        private static readonly byte[] Publication = "*3\r\n$7\r\nmessage\r\n"u8.ToArray();

        private readonly List<byte> _unread = [];

        public bool TryPass(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> passOn)
        {
            _unread.AddRange(bytes.Span);
            List<byte> output = [];
            int at = 0;
            while (true)
            {
                ReadOnlySpan<byte> rest = CollectionsMarshal.AsSpan(_unread)[at..];
                int length = rest.IsEmpty ? -1 : RedisShuffle.MeasureValue(rest);
                if (length < 0) break;

                if (!IsLost(rest[..length])) output.AddRange(rest[..length]);
                at += length;
            }

            _unread.RemoveRange(0, at);
            passOn = output.ToArray();
            return true;
        }

        private bool IsLost(ReadOnlySpan<byte> value)
        {
            if (!owner.IsOn || !value.StartsWith(Publication) || value.IndexOf("chats:"u8) < 0 || random.Next(100) >= percent) return false;

            Interlocked.Increment(ref owner._lost);
            return true;
        }
    }
}
