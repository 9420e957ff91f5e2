using Chat.Chaos.Checker;
using Chat.Chaos.History;
using Chat.Protocol.Frames.Elements;
using Chat.Sdk;

namespace Chat.Chaos.Workload;

/// <summary>People who write to each other through a cluster while it is being broken; all they do and see goes into the history.</summary>
public sealed class ChaosWorkload : IAsyncDisposable
{
    private readonly WorkloadOptions _options;
    private readonly HistoryWriter _history;
    private readonly RestCalls _rest;
    private readonly List<ChaosClient> _clients = [];
    private readonly List<WireObserver> _observers = [];
    private readonly Dictionary<long, long> _epochs = [];
    private Cast? _cast;
    private Traffic? _traffic;
    private Revocation? _revocation;

    private ChaosWorkload(WorkloadOptions options)
    {
        _options = options;
        _history = HistoryWriter.Create(options.HistoryDirectory);
        _rest = new RestCalls(_history, options.Nodes);
        FaultWindows = new FaultWindows(_history);
    }

    /// <summary>To be told of every fault.</summary>
    public FaultWindows FaultWindows { get; }

    /// <summary>Registers the people, makes the chats, connects the clients and begins to send.</summary>
    /// <param name="options">How much of everything.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<ChaosWorkload> StartAsync(WorkloadOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ChaosWorkload workload = new(options);
        try
        {
            await workload.BeginAsync(ct);
            return workload;
        }
        catch
        {
            await workload.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends nothing new; what is on its way goes on.</summary>
    public Task StopSendingAsync() => _traffic!.StopAsync();

    /// <summary>Waits until so many more messages were acked to SDK clients, or the time is over.</summary>
    public Task AckedAsync(int more, TimeSpan atMost, CancellationToken ct)
    {
        long enough = _clients.Sum(client => client.Acked) + more;
        return Waiting.UntilAsync(() => new(_clients.Sum(client => client.Acked) >= enough), atMost, ct);
    }

    /// <summary>Waits until every message that was sent has its outcome, or the time is over.</summary>
    public Task SettleAsync(TimeSpan atMost, CancellationToken ct) =>
        Waiting.UntilAsync(() => new(_clients.All(client => client.UnderWay == 0)), atMost, ct);

    /// <summary>
    /// The end phase, with all faults healed: waits until every client is back and whole (<see cref="WorkloadOptions.CatchUp"/> at most),
    /// probes, reads everything through REST and SQL, and closes the history.
    /// </summary>
    public async Task<FinalState> FinishAsync(FinalSource source, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(source);
        await StopSendingAsync();
        await using FinalReader truth = new(source.ConnectionString);
        using RestCalls rest = new(_history, [source.Node]);
        EndPhase end = new(_options, _cast!, _clients, _observers, _traffic!);
        FinalState final = await end.RunAsync(truth, rest, _epochs, ct);
        await CloseAsync();
        return final;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _rest.Dispose();
        _cast?.Dispose();
    }

    private async Task BeginAsync(CancellationToken ct)
    {
        _cast = await Cast.SignInAsync(_options, ct);
        await _cast.MakeChatsAsync(_options, ct); // before anybody listens: every client starts from positions that are known
        foreach (ChaosDevice device in _cast.Devices.SelectMany(devices => devices))
        {
            int session = _clients.Count + 1;
            ChaosClient client = new(device, _options.Nodes[0], session, _options.Seed + session, _history);
            _clients.Add(client);
            await client.ConnectAsync(ct);
            foreach (ChatPosition position in client.Client.Positions) _epochs[position.ChatId] = position.Epoch;
        }

        for (int n = 0; n < _options.WireObservers; n++)
        {
            WireObserver observer = NewObserver(_cast.Devices[n % _cast.Devices.Length][0], n, isSlow: n < _options.SlowReaders);
            _observers.Add(observer);
            observer.Start();
        }

        if (_cast.Leaver is { } leaver)
            _revocation = new Revocation(leaver, NewObserver(leaver, _options.WireObservers, isSlow: false), _options.RevokeAfter);
        _traffic = new Traffic(_options, _cast, _clients, _rest, _history);
        _traffic.Start();
    }

    private WireObserver NewObserver(ChaosDevice device, int n, bool isSlow) => new(
        new ObserverOptions
        {
            Device = device,
            Session = _clients.Count + n + 1,
            Seed = _options.Seed + 1_000 + n,
            Nodes = _options.Nodes,
            FirstNode = n,
            Foreign = isSlow ? [] : ForeignTo(device.User),
            Stay = _options.ObserverStay,
            Chats = [.. _cast!.Chats.Where(chat => chat.Members.Contains(device.User)).Select(chat => chat.Id)],
            Known = _cast.Chats.Select(chat => chat.Id).ToHashSet(),
            IsSlow = isSlow,
            SlowPause = _options.SlowReaderPause,
        },
        _history);

    private IReadOnlyList<WirePosition> ForeignTo(long user) =>
    [
        .. _cast!.Chats.Where(chat => !chat.Members.Contains(user) && _epochs.ContainsKey(chat.Id))
            .Select(chat => new WirePosition(chat.Id, _epochs[chat.Id], 1)),
    ];

    private async Task CloseAsync()
    {
        if (_traffic is not null) await _traffic.DisposeAsync();
        if (_revocation is not null) await _revocation.DisposeAsync();
        await Task.WhenAll(
            [
                .. _clients.Select(client => client.DisposeAsync().AsTask()),
                .. _observers.Select(observer => observer.DisposeAsync().AsTask())
            ]);
        (_traffic, _revocation) = (null, null);
        _clients.Clear();
        _observers.Clear();
        await _history.DisposeAsync();
    }
}
