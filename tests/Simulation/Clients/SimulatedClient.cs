using Chat.Sdk;
using Chat.Sdk.Transport;
using Chat.Simulation.Cluster;
using Chat.Simulation.Scheduling;
using Chat.Simulation.Schedules;

namespace Chat.Simulation.Clients;

/// <summary>
/// An app on one device: the real C# SDK below its public façade, and an app that notes what it was given and keeps the SDK's positions
/// with it, so that it can be killed at any moment and go on.
/// </summary>
internal sealed class SimulatedClient(World world, int number, long principalId, long deviceId)
{
    private readonly List<SentText> _sent = [];
    private IReadOnlyList<ChatPosition> _kept = [];
    private Link? _link;
    private int _runs;

    public int Number => number;

    public long PrincipalId => principalId;

    /// <summary>What this app was given, chat by chat: survives its restarts, as its positions do.</summary>
    public AppLog Log { get; } = new();

    public SimulatedProcess Process { get; private set; } = null!;

    public ClientCore? Core { get; private set; }

    /// <summary>The link of the present connection, if it has one.</summary>
    public Link? Link => _link is { IsCut: false } ? _link : null;

    public bool IsOnline => Core?.Loop.State.Kind == ConnectionKind.Online && Link is not null;

    /// <summary>This run has learned its chats.</summary>
    public bool IsReady { get; private set; }

    public int Pending { get; private set; }

    public IReadOnlyList<SentText> Sent => _sent;

    public void Start()
    {
        Process = new SimulatedProcess(world.Scheduler, world.NextProcessNumber(), world.Scheduler.Random.Between(-3_600_000, 3_600_000));
        SimulatedProcess process = Process;
        (IsReady, Pending, Core) = (false, 0, null);
        _runs++;
        if (_kept.Count == 0) Log.Forget(); // an app that kept nothing starts anew
        process.Start(() =>
        {
            ClientCore core = Core = new ClientCore(new ChatClientOptions
            {
                Url = new Uri("http://simulated"),
                Token = (_, _) => new ValueTask<string>($"{principalId}.{deviceId}"),
                Transport = new Balancer(this, world),
                TimeProvider = process.Clock,
                Random = new PrngRandom(world.Scheduler.Random),
                Positions = _kept,
                SendDeliveryReceipts = false,
                EventBufferSize = 512,
            });
            _ = ReadAsync(core);
            _ = WaitUntilReadyAsync(core);
            core.Loop.Start();
        });
    }

    /// <summary>Kills the app. What it sent and heard nothing of yet is unknown to it for ever.</summary>
    public void Kill()
    {
        Process.Kill();
        _link?.Cut(clientHearsAfter: null, serverHearsAfter: world.Scheduler.Random.Between(0.2, 20));
        world.Tally.Add(Happening.ClientRestarted);
    }

    public void Send(long chatId, string text) => Process.Start(() =>
    {
        if (Core is not { } core) return;
        OutgoingMessage message = core.Outbox.Add(chatId, text, null);
        SentText sent = new(chatId, message.ClientMessageId, text, _runs, world.Judge.LastAcked(this, chatId));
        _sent.Add(sent);
        Pending++;
        world.Tally.Add(Happening.MessageSent);
        _ = FollowAsync(message, sent);
    });

    private async Task FollowAsync(OutgoingMessage message, SentText sent)
    {
        // Nothing is thrown for what failed: several do in each schedule, and a throw costs what a hundred events do.
        await ((Task)message.Sent).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (message.Sent.IsCompletedSuccessfully)
        {
            world.Tally.Add(Happening.MessageAcked);
            world.Judge.OnAcked(this, sent, (await message.Sent).Sequence);
        }
        else if (message.Sent.Exception?.InnerException is ChatException refused)
        {
            world.Tally.Add(Happening.MessageRefused);
            world.Judge.OnRefused(this, sent, refused);
        }

        Pending--;
    }

    private async Task ReadAsync(ClientCore core)
    {
        IAsyncEnumerator<ChatEvent> events = core.Streams.ReadAsync(null, CancellationToken.None)
            .GetAsyncEnumerator(CancellationToken.None);
        while (await events.MoveNextAsync())
        {
            world.Judge.OnGiven(this, events.Current);
            _kept = core.Sync.Positions(); // with its effects, and before it moves on: as the SDK asks for
        }
    }

    private async Task WaitUntilReadyAsync(ClientCore core)
    {
        await core.Sync.Ready;
        IsReady = true;
        _kept = core.Sync.Positions();
        Log.Begin(_kept);
        world.Tally.Add(Happening.ClientOnline);
    }

    /// <summary>The service's address: a balancer in front of the nodes, without memory.</summary>
    private sealed class Balancer(SimulatedClient client, World world) : ITransport
    {
        public async Task<ITransportConnection> ConnectAsync(Uri url, CancellationToken cancellationToken)
        {
            SimulatedProcess process = client.Process;
            TaskCompletionSource<Link> connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
            world.Scheduler.After(world.Scheduler.Random.Between(0.5, 10), process, () =>
            {
                if (world.PickNode() is not { } node)
                {
                    connected.TrySetException(new IOException("Nobody answers."));
                    return;
                }

                Link link = new(world.Scheduler, process, node.Process);
                node.Accept(link);
                connected.TrySetResult(link);
            });
            client._link = await connected.Task;
            return client._link.ClientEnd;
        }
    }
}

/// <summary>One text that an app sent.</summary>
/// <param name="Run">In which run of the app.</param>
/// <param name="AckedBefore">Highest sequence of this chat that the app had an ack of when it sent.</param>
internal sealed record SentText(long ChatId, Guid ClientMessageId, string Text, int Run, long AckedBefore)
{
    public long? Sequence { get; set; }

    /// <summary>How often a backup had been restored when the ack came.</summary>
    public int AckedAfterRestores { get; set; }

    public bool IsRefused { get; set; }
}
