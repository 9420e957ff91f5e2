using Chat.Chaos.History;
using Chat.Sdk;

namespace Chat.Chaos.Workload;

/// <summary>
/// What people do while the cluster is being broken, each activity at a rate of its own that waits for nothing (open loop): they write,
/// read back, look into chats that are not theirs, and admins move members.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly WorkloadOptions _options;
    private readonly Cast _cast;
    private readonly Dictionary<long, ChaosClient[]> _clients;
    private readonly RestCalls _rest;
    private readonly HistoryWriter _history;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly HashSet<Task> _underWay = [];
    private readonly HashSet<long> _moving = [];
    private Task _running = Task.CompletedTask;

    public Traffic(WorkloadOptions options, Cast cast, IEnumerable<ChaosClient> clients, RestCalls rest, HistoryWriter history)
    {
        (_options, _cast, _rest, _history, _random) = (options, cast, rest, history, new Random(options.Seed));
        _clients = clients.GroupBy(client => client.User).ToDictionary(person => person.Key, person => person.ToArray());
    }

    public void Start() => _running = Task.WhenAll(
        RepeatAsync(_options.MessagesPerSecond, Write),
        RepeatAsync(_options.ReadsPerSecond, _ => Begin(ReadAsync())),
        RepeatAsync(_options.MembershipChangesPerSecond, _ => Begin(MoveAsync())));

    /// <summary>Begins nothing new, and waits for what has an end of its own. Messages on their way stay so.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Task[] left;
        lock (_gate) left = [.. _underWay];
        await Task.WhenAll(left);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <summary>A client of a member who is there for good.</summary>
    public ChaosClient Writer(ChaosChat chat)
    {
        long[] settled = [.. chat.Members.Where(member => member != chat.Mover)];
        return Pick(_clients[settled[Next(settled.Length)]]);
    }

    public Guid NextMarker()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_gate) _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private async Task RepeatAsync(double perSecond, Action<long> act)
    {
        if (perSecond <= 0) return;

        long interval = (long)(1e9 / perSecond), due = HistoryClock.Now();
        while (!_stop.IsCancellationRequested)
        {
            long wait = due - HistoryClock.Now();
            if (wait > 0) await Task.WhenAny(Task.Delay(TimeSpan.FromMicroseconds(wait / 1_000), TimeProvider.System, _stop.Token));
            if (_stop.IsCancellationRequested) return;

            act(due);
            due += interval;
        }
    }

    private void Write(long due)
    {
        ChaosChat chat = Pick(_cast.Chats);
        if (_options.RetriesWithNewId && Next(2) == 0)
        {
            ChaosDevice device = Writer(chat).Device;
            Begin(
                _rest.SendStubbornlyAsync(
                    device, Next(_options.Nodes.Count), chat.Id, NextMarker(), _options.PayloadCharacters, _stop.Token));
        }
        else if (Next(10) == 0)
        {
            ChaosDevice device = Pick(_clients[Pick(chat.Members)]).Device;
            Begin(
                _rest.SendTwiceAsync(
                    device, Next(_options.Nodes.Count), chat.Id, NextMarker(), _options.PayloadCharacters, CancellationToken.None));
        }
        else
        {
            // The one who comes and goes writes too: refused while away, and then it must not show.
            _ = Pick(_clients[Pick(chat.Members)]).SendAsync(chat.Id, NextMarker(), _options.PayloadCharacters, due);
        }
    }

    private async Task ReadAsync()
    {
        ChaosChat chat = Pick(_cast.Chats);
        bool isForeign = Next(8) == 0;
        ChaosClient client = isForeign ? Pick([.. _clients.Values.SelectMany(some => some)]) : Pick(_clients[Pick(chat.Members)]);
        int node = Next(_options.Nodes.Count);
        long known = client.PositionOf(chat.Id), after = Next(4) == 0 ? 0 : Math.Max(0, known - Next(50));
        switch (Next(4))
        {
            case 0:
                await ReadHistoryAsync(client, chat.Id, after);
                break;
            case 1 when known > 0 && client.User != chat.Mover:
                await _rest.MarkReadAsync(client.Device, node, chat.Id, known, CancellationToken.None);
                await _rest.ReadMarkerAsync(client.Device, node + 1, chat.Id, CancellationToken.None);
                break;
            default:
                await _rest.ReadPageAsync(client.Device, node, chat.Id, after, CancellationToken.None);
                break;
        }
    }

    private async Task ReadHistoryAsync(ChaosClient client, long chat, long after)
    {
        long invoked = HistoryClock.Now();
        using CancellationTokenSource late = new(Patience);
        try
        {
            HistoryPage page = await client.Client.Chat(chat).HistoryAsync(after, cancellationToken: late.Token);
            HistoryRecords.WritePage(client, chat, page, invoked);
        }
        catch (Exception none) when (none is ChatException or OperationCanceledException)
        {
            // Refused, as it must be for a foreign chat, or the node is gone: nothing was read.
        }
    }

    private async Task MoveAsync()
    {
        ChaosChat chat = Pick(_cast.Chats);
        lock (_gate)
        {
            if (!chat.IsGroup || !_moving.Add(chat.Id)) return;
        }

        try
        {
            ChatHandle admin = Pick(_clients[chat.Admin]).Client.Chat(chat.Id), mover = Pick(_clients[chat.Mover]).Client.Chat(chat.Id);
            bool leaves = Next(3) == 0;
            await TryAsync(HistoryOp.Leave, chat, ct => leaves ? mover.LeaveAsync(ct) : admin.RemoveMemberAsync(chat.Mover, ct));
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(Next(400)), TimeProvider.System, _stop.Token));
            await TryAsync(HistoryOp.Join, chat, ct => admin.AddMembersAsync([chat.Mover], ct));
        }
        finally
        {
            lock (_gate) _moving.Remove(chat.Id);
        }
    }

    private async Task TryAsync(HistoryOp op, ChaosChat chat, Func<CancellationToken, Task> change)
    {
        HistoryEntry entry = new() { Op = op, User = chat.Mover, Chat = chat.Id, Node = -1, Invoke = HistoryClock.Now() };
        using CancellationTokenSource late = new(Patience);
        try
        {
            await change(late.Token);
            entry = entry with { Outcome = HistoryOutcome.Ok };
        }
        catch (ChatException refused)
        {
            entry = entry with { Outcome = refused.Retryable ? HistoryOutcome.Info : HistoryOutcome.Fail, Code = refused.Code };
        }
        catch (OperationCanceledException)
        {
            entry = entry with { Outcome = HistoryOutcome.Info };
        }

        _history.Write(entry with { Done = HistoryClock.Now() });
    }

    private void Begin(Task work)
    {
        lock (_gate) _underWay.Add(work);
        _ = work.ContinueWith(
            done =>
            {
                lock (_gate) _underWay.Remove(done);
            },
            CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    private T Pick<T>(IReadOnlyList<T> some) => some[Next(some.Count)];

    private int Next(int below)
    {
        lock (_gate) return _random.Next(below);
    }
}
