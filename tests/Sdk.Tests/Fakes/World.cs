using System.Collections.Concurrent;

using Chat.TestKit;

namespace Chat.Sdk.Tests.Fakes;

/// <summary>A client, a fake service and a clock that stands still.</summary>
public sealed class World : IAsyncDisposable
{
    /// <summary>Turns that other threads get between two steps of the clock: a reply on its way must not find its deadline over.</summary>
    private const int TurnsPerStep = 20;

    /// <summary>
    /// After so much of the clock's time a moment of real time passes: a thread that the system had taken off the processor is back before a
    /// deadline of seconds is over.
    /// </summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(250);

    private readonly ChatClientOptions _options;
    private TimeSpan _advanced;

    public World(Action<FakeServer>? arrange = null, Func<ChatClientOptions, ChatClientOptions>? configure = null)
    {
        arrange?.Invoke(Server);
        var options = new ChatClientOptions
        {
            Url = new Uri("http://chat.test"),
            Transport = Server,
            TimeProvider = Clock,
            Random = new MiddleRandom(),
            Token = (why, _) =>
            {
                TokenReasons.Enqueue(why);
                return ValueTask.FromResult("token");
            },
        };
        _options = configure?.Invoke(options) ?? options;
        Client = new ChatClient(_options);
        Client.StateChanged += States.Enqueue;
    }

    public FakeServer Server { get; } = new();

    public FakeTimeProvider Clock { get; } = new();

    public ChatClient Client { get; }

    public ConcurrentQueue<TokenReason> TokenReasons { get; } = [];

    public ConcurrentQueue<ConnectionState> States { get; } = [];

    public ChatHandle Chat => Client.Chat(FakeServer.ChatId);

    public static async Task<World> OnlineAsync(
        CancellationToken ct, Action<FakeServer>? arrange = null, Func<ChatClientOptions, ChatClientOptions>? configure = null)
    {
        var world = new World(arrange, configure);
        await world.Client.ConnectAsync(ct);
        return world;
    }

    /// <summary>Another run of the same app.</summary>
    public ChatClient Restart(params IReadOnlyList<ChatPosition> positions) => new(_options with { Positions = positions });

    /// <summary>Another run of the same app, which finds this outbox.</summary>
    public ChatClient Restart(IOutboxStore store) => new(_options with { OutboxStore = store });

    /// <summary>Waits for what other threads do.</summary>
    public static async Task UntilAsync(Func<bool> condition, CancellationToken ct)
    {
        while (!condition())
        {
            ct.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Lets the clock run until something is so.</summary>
    public async Task RunUntilAsync(Func<bool> condition, CancellationToken ct, TimeSpan? step = null)
    {
        while (!condition())
        {
            ct.ThrowIfCancellationRequested();
            await StepAsync(step ?? TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>Waits until the end of a connection was told: states are told on a thread of their own. No time passes.</summary>
    public Task EndToldAsync(CancellationToken ct) => RunUntilAsync(() => States.Any(state => state.End is not null), ct, TimeSpan.Zero);

    /// <summary>Lets the clock run on once, and then the others do what it is time for.</summary>
    public async Task StepAsync(TimeSpan step)
    {
        Clock.Advance(step);
        for (int turn = 0; turn < TurnsPerStep; turn++) await Task.Yield();
        _advanced += step;
        if (_advanced < Breath) return;
        _advanced = TimeSpan.Zero;
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
    }

    public Task WaitForAsync(ConnectionKind kind, CancellationToken ct) => UntilAsync(() => Client.State.Kind == kind, ct);

    /// <summary>Collects events in the background from now on.</summary>
    public Collected Collect(long? chatId = null) =>
        new((chatId is { } id ? Client.Chat(id).ReadEventsAsync() : Client.ReadEventsAsync()).GetAsyncEnumerator());

    /// <summary>Collects the events of another run.</summary>
    public static Collected Collect(ChatClient client) => new(client.ReadEventsAsync().GetAsyncEnumerator());

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    /// <summary>A jitter of exactly one half.</summary>
    private sealed class MiddleRandom : Random
    {
        protected override double Sample() => 0.5;

        public override double NextDouble() => 0.5;
    }
}

/// <summary>What a reader has got so far.</summary>
public sealed class Collected
{
    private readonly ConcurrentQueue<ChatEvent> _events = [];

    public Collected(IAsyncEnumerator<ChatEvent> events) => Finished = ReadAsync(events);

    public Task Finished { get; }

    public int Count => _events.Count;

    public IReadOnlyList<ChatEvent> Events => [.. _events];

    public IEnumerable<long> Sequences => Events.OfType<ChatLogEvent>().Select(e => e.Sequence);

    public IEnumerable<string> Texts => Events.OfType<ChatMessage>().Select(e => e.Text);

    public Task WaitForAsync(int count, CancellationToken ct) => World.UntilAsync(() => Count >= count, ct);

    private async Task ReadAsync(IAsyncEnumerator<ChatEvent> events)
    {
        while (await events.MoveNextAsync()) _events.Enqueue(events.Current);
    }
}
