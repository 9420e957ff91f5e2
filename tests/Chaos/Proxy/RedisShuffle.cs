using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Chat.Chaos.Proxy;

/// <summary>
/// Does to publications of Redis what a bus may do: each arrives two or three times, and in another order within a window. Everything else
/// that Redis says passes as it is. For the direction from Redis to subscribers (RESP2, <c>*3 message channel payload</c>). Thread-safe.
/// </summary>
/// <param name="window">How many publications are mixed with each other.</param>
/// <param name="seed">Of the order, the same for each connection.</param>
internal sealed class RedisShuffle(int window, int seed)
{
    private long _seen;
    private long _sent;

    /// <summary>Publications that Redis sent.</summary>
    public long Seen => Volatile.Read(ref _seen);

    /// <summary>Publications that subscribers got for them.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>For each new connection of a proxy.</summary>
    public FlowFilters Filters() => new(ToServer: null, new Mixing(this, window, new Random(seed)));

    private void Count(long seen, long sent)
    {
        Interlocked.Add(ref _seen, seen);
        Interlocked.Add(ref _sent, sent);
    }

    /// <summary>Bytes of the RESP value at the front, or −1 while it is not whole.</summary>
    internal static int MeasureValue(ReadOnlySpan<byte> bytes)
    {
        int line = bytes.IndexOf("\r\n"u8);
        if (line < 1) return -1;
        int end = line + 2;
        if (bytes[0] is not ((byte)'*' or (byte)'$')) return end;

        int count = int.Parse(Encoding.ASCII.GetString(bytes[1..line]), CultureInfo.InvariantCulture);
        if (bytes[0] == (byte)'$') return count < 0 ? end : end + count + 2 <= bytes.Length ? end + count + 2 : -1;

        for (int i = 0; i < count; i++)
        {
            int element = MeasureValue(bytes[end..]);
            if (element < 0) return -1;
            end += element;
        }

        return end;
    }

    private sealed class Mixing(RedisShuffle owner, int window, Random random) : IFlowFilter
    {
        private static readonly byte[] Publication = "*3\r\n$7\r\nmessage\r\n"u8.ToArray();

        private readonly List<byte> _unread = [];
        private readonly List<byte[]> _held = [];

        public bool TryPass(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> passOn)
        {
            _unread.AddRange(bytes.Span);
            List<byte> output = [];
            int at = 0;
            while (true)
            {
                ReadOnlySpan<byte> rest = CollectionsMarshal.AsSpan(_unread)[at..];
                int length = MeasureValue(rest);
                if (length < 0) break;
                ReadOnlySpan<byte> value = rest[..length];
                if (value.StartsWith(Publication)) Hold(value.ToArray());
                else output.AddRange(value);
                at += length;
            }

            _unread.RemoveRange(0, at);
            Release(output);
            passOn = output.ToArray();
            return true;
        }

        private void Hold(byte[] publication)
        {
            owner.Count(seen: 1, sent: 0);
            int copies = random.Next(2, 4);
            for (int copy = 0; copy < copies; copy++)
            {
                int from = Math.Max(0, _held.Count - window);
                _held.Insert(random.Next(from, _held.Count + 1), publication);
            }
        }

        /// <summary>Some stay for the next time: nodes tell their heads every second, so there is one.</summary>
        private void Release(List<byte> output)
        {
            int stay = Math.Min(_held.Count, random.Next(0, 4));
            for (int i = 0; i < _held.Count - stay; i++) output.AddRange(_held[i]);
            owner.Count(seen: 0, sent: _held.Count - stay);
            _held.RemoveRange(0, _held.Count - stay);
        }
    }
}
