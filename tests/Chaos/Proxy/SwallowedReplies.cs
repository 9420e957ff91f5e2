using System.Text;

namespace Chat.Chaos.Proxy;

/// <summary>
/// Loses what a real network loses at the worst moment: PostgreSQL's reply to a commit that went through. Armed, it lets the next request
/// of a chosen connection through, waits until PostgreSQL has answered it completely, and resets the connection without a byte of the
/// answer. Thread-safe.
/// </summary>
/// <param name="application">Only connections whose start-up names this application, for instance "chat log".</param>
internal sealed class SwallowedReplies(string application)
{
    private const int MaxOpeningBytes = 4_096;

    // ReadyForQuery, idle: PostgreSQL says so after the commit.
    private static readonly byte[] ReadyForQuery = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly byte[] _application = Encoding.UTF8.GetBytes(application);
    private int _armed;
    private int _swallowed;
    private int _passed;

    /// <summary>Replies swallowed so far.</summary>
    public int Count => Volatile.Read(ref _swallowed);

    /// <summary>Replies to batches of chosen connections that arrived.</summary>
    public int Passed => Volatile.Read(ref _passed);

    /// <summary>The next reply is swallowed. One at a time: a second call before that changes nothing.</summary>
    public void Arm() => Volatile.Write(ref _armed, 1);

    public void Disarm() => Volatile.Write(ref _armed, 0);

    /// <summary>For each new connection of a proxy.</summary>
    public FlowFilters Filters()
    {
        var requests = new Requests(this);
        return new FlowFilters(requests, new Replies(this, requests));
    }

    /// <summary>Knows whose connection this is, and whether a request of it is under way since the arming.</summary>
    private sealed class Requests(SwallowedReplies owner) : IFlowFilter
    {
        private readonly List<byte> _opening = [];
        private int _isChosen;
        private int _isHeld;
        private int _isBatch;

        /// <summary>The reply to the last request is to be lost.</summary>
        public bool IsHeld => Volatile.Read(ref _isHeld) == 1;

        /// <summary>The last request was a batch.</summary>
        public bool IsBatch => Volatile.Read(ref _isBatch) == 1;

        public bool TryPass(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> passOn)
        {
            passOn = bytes;
            if (_isChosen == 1)
            {
                Volatile.Write(ref _isBatch, bytes.Span[0] == (byte)'B' ? 1 : 0);
                // A prepared statement is bound: a batch, not what a new connection says first. Taken before the request goes on: its
                // reply cannot be faster.
                if (bytes.Span[0] == (byte)'B' && Interlocked.CompareExchange(ref owner._armed, 0, 1) == 1) Volatile.Write(ref _isHeld, 1);
            }
            else if (_opening.Count < MaxOpeningBytes)
            {
                _opening.AddRange(bytes.Span);
                _isChosen = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_opening).IndexOf(owner._application) >= 0 ? 1 : 0;
            }

            return true;
        }
    }

    private sealed class Replies(SwallowedReplies owner, Requests requests) : IFlowFilter
    {
        private readonly List<byte> _tail = [];

        public bool TryPass(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> passOn)
        {
            passOn = bytes;
            if (!requests.IsHeld)
            {
                if (requests.IsBatch && bytes.Span.EndsWith(ReadyForQuery)) Interlocked.Increment(ref owner._passed);
                return true;
            }

            passOn = default;
            _tail.AddRange(bytes.Span);
            Span<byte> tail = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tail);
            if (tail.EndsWith(ReadyForQuery))
            {
                Interlocked.Increment(ref owner._swallowed);
                return false;
            }

            if (_tail.Count > ReadyForQuery.Length) _tail.RemoveRange(0, _tail.Count - ReadyForQuery.Length);
            return true;
        }
    }
}
