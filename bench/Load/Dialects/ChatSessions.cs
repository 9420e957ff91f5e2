using Chat.Load.Engine;
using Chat.Load.Report;
using Chat.Load.Seed;
using Chat.Load.Traffic;
using Chat.Load.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;

namespace Chat.Load.Dialects;

/// <summary>
/// Sessions that sign in, say what they hold, and are silent: each hello gives a position for every chat of its account, and in the first
/// of them it is one event behind, so the welcome has exactly one thing to say (protocol-spec.md §8.3).
/// </summary>
internal sealed class ChatSessions : ChatDialect
{
    private readonly List<WirePosition>[] _positions;
    private readonly LoadChat?[] _behindIn; // by account: the chat in which it is one event behind
    private readonly long[] _openedAt;
    private readonly long[] _helloAt;
    private readonly Queue<LoadConnection> _ended = new();
    private bool _isResuming;

    public ChatSessions(SeededChats seeded)
        : base(seeded, new MessageTable(Marker.Bytes, seed: 0), new Meter())
    {
        _positions = [.. seeded.Accounts.Select(_ => new List<WirePosition>())];
        _behindIn = new LoadChat?[seeded.Accounts.Length];
        _openedAt = new long[seeded.Accounts.Length];
        _helloAt = new long[seeded.Accounts.Length];
        foreach (LoadChat chat in seeded.Chats)
        {
            foreach (int account in chat.Members)
            {
                bool isBehind = _behindIn[account] is null;
                if (isBehind) _behindIn[account] = chat;
                _positions[account].Add(new WirePosition(chat.ChatId, chat.Epoch, isBehind ? chat.Head - 1 : chat.Head));
            }
        }
    }

    public override int DeliveriesPerMessage => 0;

    public override bool HasAcks => false;

    /// <summary>From the hello to its welcome.</summary>
    public LatencyHistogram Hellos { get; private set; } = new();

    /// <summary>From the beginning to connect to the welcome.</summary>
    public LatencyHistogram Arrivals { get; private set; } = new();

    /// <summary>Welcomes that did not say what the position called for.</summary>
    public int WrongResumes { get; private set; }

    /// <summary>What goodbyes said about coming back, in ms.</summary>
    public List<int> ReconnectAfterMs { get; } = [];

    /// <summary>Begins to connect; the time counts from here.</summary>
    public void Arrive(LoadConnection connection)
    {
        _openedAt[connection.Index] = Clock.Now;
        Loop.Open(connection);
    }

    /// <summary>The next connection that ended since it was asked last.</summary>
    public bool TryTakeEnded(out LoadConnection connection) => _ended.TryDequeue(out connection!);

    /// <summary>From here on hellos carry positions.</summary>
    public override void Forget()
    {
        base.Forget();
        (Hellos, Arrivals, WrongResumes, _isResuming) = (new LatencyHistogram(), new LatencyHistogram(), 0, true);
        _ended.Clear();
    }

    public override void OnOpen(LoadConnection connection)
    {
        _helloAt[connection.Index] = Clock.Now;
        base.OnOpen(connection);
    }

    public override void OnClosed(LoadConnection connection, string why)
    {
        base.OnClosed(connection, why);
        _ended.Enqueue(connection);
    }

    public override void Publish(LoadConnection sender, long number) => throw new InvalidOperationException("These sessions are silent.");

    public override Faults Judge(long missing) => new() { Corrupted = Malformed + WrongResumes };

    protected override IReadOnlyList<WirePosition> PositionsOf(LoadConnection connection) => _isResuming ? _positions[connection.Index] : [];

    protected override void OnWelcome(LoadConnection connection, ReadOnlySpan<byte> body, long now)
    {
        MarkReady(connection);
        Hellos.Record(now - _helloAt[connection.Index]);
        Arrivals.Record(now - _openedAt[connection.Index]);
        if (_isResuming && !SaysWhatIsNew(connection, body)) WrongResumes++;
    }

    protected override void OnFrame(
        LoadConnection connection, FrameType type, uint requestId, ref WireReader fields, ReadOnlySpan<byte> body, long now)
    {
        // Anything else is presence and the like: nothing here asks for it.
        if (type == FrameType.Goodbye && GoodbyePush.TryRead(Copy(body), out _, out GoodbyePush goodbye)) ReconnectAfterMs.Add(goodbye.ReconnectAfterMs);
    }

    private bool SaysWhatIsNew(LoadConnection connection, ReadOnlySpan<byte> body)
    {
        if (!WelcomeReply.TryRead(Copy(body), out _, out WelcomeReply welcome)) return false;
        return _behindIn[connection.Index] is { } chat
            ? welcome.Resumed is [{ Recovered: true } only] && only.ChatId == chat.ChatId && only.HeadSequence == chat.Head
            : welcome.Resumed.Count == 0;
    }
}
