using Chat.Chaos.History;
using Chat.Sdk;

namespace Chat.Chaos.Workload;

/// <summary>A client of the published SDK whose app writes down all that it does and gets.</summary>
internal sealed class ChaosClient : IAsyncDisposable
{
    private readonly HistoryWriter _history;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<long, long> _positions = [];
    private readonly Lock _gate = new();
    private readonly HashSet<OutgoingMessage> _underWay = [];
    private Task _reading = Task.CompletedTask;
    private int _connection;
    private long _acked;

    public ChaosClient(ChaosDevice device, Uri node, int session, int seed, HistoryWriter history)
    {
        (Device, Session, _history) = (device, session, history);
        Client = new ChatClient(new ChatClientOptions
        {
            Url = node,
            Token = device.Account.TokenAsync,
            Transport = device.Route.CreateTransport(),
            HttpClient = device.Http,
            Random = new Random(seed),
            ClientName = "chaos",
        });
        Client.StateChanged += OnState;
    }

    public ChaosDevice Device { get; }

    public int Session { get; }

    public long User => Device.User;

    public ChatClient Client { get; }

    public bool IsOnline => Client.State.Kind == ConnectionKind.Online;

    /// <summary>Sends whose outcome is not known.</summary>
    public int UnderWay
    {
        get { lock (_gate) return _underWay.Count; }
    }

    /// <summary>Sends that were acked.</summary>
    public long Acked => Interlocked.Read(ref _acked);

    /// <summary>Connects; from here on every event of every chat is written down.</summary>
    public async Task ConnectAsync(CancellationToken ct)
    {
        // The reader is there before the first event; it reads only once the history has the positions that it starts from.
        IAsyncEnumerator<ChatEvent> events = Client.ReadEventsAsync(_stop.Token).GetAsyncEnumerator(CancellationToken.None);
        await Client.ConnectAsync(ct);
        foreach (ChatPosition position in Client.Positions)
        {
            lock (_gate) _positions[position.ChatId] = position.Sequence;
            Write(new HistoryEntry { Op = HistoryOp.Resume, Chat = position.ChatId, Cursor = position.Sequence }, HistoryClock.Now());
        }

        _reading = ReadAsync(events);
    }

    /// <summary>How far the app was given a chat; 0 if it was given nothing.</summary>
    public long PositionOf(long chat)
    {
        lock (_gate) return _positions.GetValueOrDefault(chat);
    }

    /// <summary>Sends a new payload; its outcome is written down when it is known.</summary>
    /// <param name="chat">Where to.</param>
    /// <param name="marker">Decides the text.</param>
    /// <param name="bytes">Least size of the text.</param>
    /// <param name="intended">The moment at which it should have been sent: a sender that lags must not hide it.</param>
    /// <param name="op">Send or probe.</param>
    public Task SendAsync(long chat, Guid marker, int bytes, long intended, HistoryOp op = HistoryOp.Send)
    {
        string text = ChaosPayload.Create(marker, bytes);
        HistoryEntry entry = new() { Op = op, Chat = chat, Hash = ChaosPayload.Hash(text) };
        intended = Math.Min(intended, HistoryClock.Now()); // a timer may ring a little early: nothing ends before it began
        lock (_gate)
        {
            OutgoingMessage message = Client.Chat(chat).Send(text);
            _underWay.Add(message);
            return FollowAsync(message, entry with { ClientMessageId = message.ClientMessageId }, intended);
        }
    }

    /// <summary>Closes for good: what has no outcome yet is written down as unknown.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        await Client.DisposeAsync();
        _stop.Dispose();
    }

    public void Write(in HistoryEntry entry, long invoked, long? done = null) => _history.Write(entry with
    {
        Session = Session,
        User = User,
        Connection = _connection,
        Node = Device.Route.Node,
        Invoke = invoked,
        Done = done ?? HistoryClock.Now(),
    });

    private async Task FollowAsync(OutgoingMessage message, HistoryEntry entry, long intended)
    {
        try
        {
            SentMessage sent = await message.Sent.WaitAsync(_stop.Token);
            Write(entry with { Outcome = HistoryOutcome.Ok, Seq = sent.Sequence }, intended);
            Interlocked.Increment(ref _acked);
        }
        catch (ChatException refused)
        {
            // What the client itself gave up at its end may be stored; what the service refused is not.
            HistoryOutcome outcome = Client.State.Kind == ConnectionKind.Closed ? HistoryOutcome.Info : HistoryOutcome.Fail;
            Write(entry with { Outcome = outcome, Code = refused.Code }, intended);
        }
        catch (OperationCanceledException)
        {
            Write(entry with { Outcome = HistoryOutcome.Info }, intended);
        }

        lock (_gate) _underWay.Remove(message);
    }

    private async Task ReadAsync(IAsyncEnumerator<ChatEvent> events)
    {
        await using (events)
        {
            try
            {
                while (await events.MoveNextAsync()) Take(events.Current);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The run is over.
            }
        }
    }

    private void Take(ChatEvent got)
    {
        long now = HistoryClock.Now();
        switch (got)
        {
            case ChatLogEvent e:
                Write(HistoryRecords.ToEntry(e), now, now);
                Advance(e.ChatId, e.Sequence);
                break;
            case ChatDiscontinuity seam:
                HistoryEntry reset = new() { Op = HistoryOp.Reset, Chat = got.ChatId, Cursor = seam.ContinuesAfter, Text = seam.Reason };
                Write(reset, now, now);
                Advance(got.ChatId, seam.ContinuesAfter);
                break;
        }
    }

    private void Advance(long chat, long sequence)
    {
        lock (_gate) _positions[chat] = Math.Max(_positions.GetValueOrDefault(chat), sequence);
    }

    private void OnState(ConnectionState state)
    {
        long now = HistoryClock.Now();
        if (state.Kind == ConnectionKind.Online)
        {
            _connection++;
            Write(new HistoryEntry { Op = HistoryOp.Connect, Text = SessionKinds.Sdk }, now, now);
        }
        else if (state.Kind is ConnectionKind.Waiting or ConnectionKind.Closed && state.End is { } end && !_stop.IsCancellationRequested)
        {
            Write(new HistoryEntry { Op = HistoryOp.Close, Code = end.Code, Text = end.Reason.Length == 0 ? null : end.Reason }, now, now);
        }
    }
}
