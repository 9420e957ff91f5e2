using System.Buffers.Binary;
using StackExchange.Redis;

namespace Chat.Server.Cluster;

/// <summary>
/// One connection to Redis from its opening to its first fault. It is never mended: the client library resubscribes by itself after a lost
/// connection, but does not say when every channel is back, so a link that lost a connection is given up and a new one opened, whose
/// subscriptions have each carried a probe. Thread-safe.
/// </summary>
internal sealed class RedisLink : IAsyncDisposable
{
    /// <summary>
    /// Publications that Redis has not acknowledged, above which more are dropped: a stalled Redis must not fill the memory.
    /// </summary>
    public const int MaxOutstandingBytes = 8 << 20;

    /// <summary>What a publication costs beside its bytes: the objects of the client library that wait for the answer.</summary>
    private const int OverheadBytes = 512;

    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The library's own time-outs come first; this one is for what they do not cover, such as a resolver that hangs.</summary>
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(10);

    /// <summary>For subscribing, and again for hearing the first probes.</summary>
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(1);

    private readonly RedisChannels _channels;
    private readonly long _incarnation;
    private readonly TimeProvider _time;
    private readonly ProbeLog _probes;
    private readonly ConnectionMultiplexer _connection;
    private readonly ISubscriber _subscriber;
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool[] _heard = new bool[RedisChannels.Count];
    private int _unheard = RedisChannels.Count;
    private long _outstanding;
    private long _delayTicks;

    private RedisLink(ConnectionMultiplexer connection, RedisChannels channels, long incarnation, TimeProvider time)
    {
        (_connection, _channels, _incarnation, _time) = (connection, channels, incarnation, time);
        _probes = new ProbeLog(time);
        _subscriber = connection.GetSubscriber();
        connection.ConnectionFailed += OnConnectionFailed;
    }

    /// <summary>
    /// How long a publication takes to come back: the last probe's time when it grows, falling slowly when it does not. Zero before the
    /// first one.
    /// </summary>
    public TimeSpan Delay => new(Interlocked.Read(ref _delayTicks));

    /// <summary>Keys of the configured database.</summary>
    public IDatabase Keys => _connection.GetDatabase();

    /// <summary>Bytes that wait for Redis, overhead included.</summary>
    public long OutstandingBytes => Interlocked.Read(ref _outstanding);

    /// <summary>What answers, e.g. <c>Redis 7.0.15, standalone</c>.</summary>
    public string Description
    {
        get
        {
            IEnumerable<IServer> servers = _connection.GetEndPoints().Select(point => _connection.GetServer(point))
                .Where(server => server.IsConnected);
            IEnumerable<string> kinds = servers.Select(
                server => $"Redis {server.Version}, {server.ServerType.ToString().ToLowerInvariant()}");
            return string.Join("; ", kinds.Distinct());
        }
    }

    /// <summary>Connects; nothing is subscribed yet.</summary>
    /// <exception cref="RedisLinkException">There is no connection; the message says why.</exception>
    public static async Task<RedisLink> OpenAsync(
        RedisAddress address, string clientName, RedisChannels channels, long incarnation, TimeProvider time, CancellationToken ct)
    {
        RedisAttemptLog log = new();
        ConfigurationOptions configuration = address.ToConfiguration(clientName);
        configuration.LoggerFactory = log;
        // Off this thread: the library resolves names and does more before its first await.
        Task<ConnectionMultiplexer> connecting = Task.Run(() => ConnectionMultiplexer.ConnectAsync(configuration), ct);
        try
        {
            return new RedisLink(await connecting.WaitAsync(OpenTimeout, time, ct), channels, incarnation, time);
        }
        catch (Exception fault) when (!connecting.IsCompleted && fault is TimeoutException or OperationCanceledException)
        {
            _ = DiscardAsync(connecting);
            throw fault is TimeoutException ? new RedisLinkException("it does not answer in time", fault) : fault;
        }
        catch (Exception fault) when (fault is RedisException or IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            Exception cause = await log.CauseAsync(fault, time);
            throw new RedisLinkException(RedisLinkException.Explain(cause, address), cause);
        }
    }

    /// <summary>Subscribes to every channel and waits until each has brought a probe back.</summary>
    /// <param name="onPublication">
    /// Gets the channel's index and the payload, which is its to keep, of what other nodes publish; on a thread of the pool, in order of
    /// arrival.
    /// </param>
    /// <exception cref="RedisLinkException">Not within the time allowed.</exception>
    public async Task SubscribeAsync(Action<int, ReadOnlyMemory<byte>> onPublication, CancellationToken ct)
    {
        try
        {
            Task[] subscribed = new Task[RedisChannels.Count];
            for (int index = 0; index < subscribed.Length; index++) subscribed[index] = SubscribeAsync(index, onPublication);

            await UnlessLostAsync(Task.WhenAll(subscribed)).WaitAsync(StepTimeout, _time, ct);

            byte[] probe = Probe(_probes.Send());
            for (int index = 0; index < RedisChannels.Count; index++) Publish(index, probe, cost: 0);
            await UnlessLostAsync(_confirmed.Task).WaitAsync(StepTimeout, _time, ct);
        }
        catch (TimeoutException fault)
        {
            int silent = Volatile.Read(ref _unheard);
            throw new RedisLinkException(
                $"it lets this node in but {silent} of {RedisChannels.Count} channels do not pass on what is published", fault);
        }
        catch (RedisException fault)
        {
            throw new RedisLinkException(fault.Message, fault);
        }
    }

    /// <summary>Probes the link once a second until it can no longer be trusted.</summary>
    /// <returns>Why it was lost, in a few words.</returns>
    public async Task<string> WatchAsync(CancellationToken ct)
    {
        using PeriodicTimer timer = new(ProbePeriod, _time);
        Task<bool> tick = timer.WaitForNextTickAsync(ct).AsTask();
        while (true)
        {
            if (await Task.WhenAny(tick, _lost.Task) == _lost.Task) return await _lost.Task;
            await tick;
            if (_probes.LongestSilence() > ProbeTimeout) return $"nothing that is published comes back for {ProbeTimeout.TotalSeconds:0} s";
            Publish(RedisChannels.Probe, Probe(_probes.Send()), cost: 0); // outside of the bound, or a full one would look like a fault
            BrokerMetrics.Degraded.Record(0);
            tick = timer.WaitForNextTickAsync(ct).AsTask();
        }
    }

    /// <summary>Sends a payload, never waiting.</summary>
    /// <returns>False when too much waits to be sent, or the connection is gone.</returns>
    public bool TryPublish(int channel, ReadOnlySpan<byte> payload)
    {
        int cost = payload.Length + PublicationHeader.Bytes + OverheadBytes;
        if (Interlocked.Add(ref _outstanding, cost) > MaxOutstandingBytes)
        {
            Interlocked.Add(ref _outstanding, -cost);
            return false;
        }

        if (Publish(channel, new PublicationHeader(PublicationKind.Payload, _incarnation).InFrontOf(payload), cost)) return true;
        Interlocked.Add(ref _outstanding, -cost);
        return false;
    }

    /// <summary>Waits until Redis has acknowledged what was published, but not long.</summary>
    public async Task FlushAsync()
    {
        long start = _time.GetTimestamp();
        while (OutstandingBytes > 0 && !_lost.Task.IsCompleted && _time.GetElapsedTime(start) < FlushTimeout)
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time);
    }

    /// <summary>Closes the connection without waiting for what a stalled Redis may never answer.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.ConnectionFailed -= OnConnectionFailed;
        await Task.Run(async () =>
        {
            await _connection.CloseAsync(allowCommandsToComplete: false);
            await _connection.DisposeAsync();
        }).WaitAsync(StepTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it is given up, whatever it says
    }

    private static async Task DiscardAsync(Task<ConnectionMultiplexer> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully) await (await connecting).DisposeAsync();
    }

    private static byte[] Number(long number)
    {
        byte[] payload = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        return payload;
    }

    private byte[] Probe(long number) => new PublicationHeader(PublicationKind.Probe, _incarnation).InFrontOf(Number(number));

    private async Task SubscribeAsync(int channel, Action<int, ReadOnlyMemory<byte>> onPublication)
    {
        // A queue, because a handler given to SubscribeAsync is called by many threads at once.
        ChannelMessageQueue queue = await _subscriber.SubscribeAsync(_channels[channel]);
        queue.OnMessage(message =>
        {
            if ((byte[]?)message.Message is { } publication) Take(channel, publication, onPublication);
        });
    }

    private bool Publish(int channel, byte[] publication, int cost)
    {
        Task<long> sent;
        try
        {
            sent = _subscriber.PublishAsync(_channels[channel], publication);
        }
        catch (Exception fault) when (fault is RedisException or ObjectDisposedException or InvalidOperationException)
        {
            _lost.TrySetResult(fault.Message);
            return false;
        }

        _ = SettleAsync(sent, cost);
        return true;
    }

    private async Task SettleAsync(Task sent, int cost)
    {
        await sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Add(ref _outstanding, -cost);
        if (cost > 0 && !sent.IsCompletedSuccessfully) BrokerMetrics.Dropped.Add(1);
    }

    private void Take(int channel, byte[] publication, Action<int, ReadOnlyMemory<byte>> onPublication)
    {
        if (!PublicationHeader.TryRead(publication, out PublicationHeader header))
        {
            BrokerMetrics.Ignored.Add(1);
            return;
        }

        ReadOnlyMemory<byte> payload = publication.AsMemory(PublicationHeader.Bytes);
        bool own = header.Incarnation == _incarnation;
        if (own && header.Kind == PublicationKind.Probe) HearProbe(channel, payload.Span);
        else if (!own && header.Kind == PublicationKind.Payload && channel != RedisChannels.Probe) onPublication(channel, payload);
    }

    private void HearProbe(int channel, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != sizeof(long)) return;
        long number = BinaryPrimitives.ReadInt64LittleEndian(payload);
        if (!_probes.Knows(number)) return; // sent over an earlier link

        TimeSpan? took = _probes.Hear(number);
        if (took is not null) BrokerMetrics.ProbeMs.Record(took.Value.TotalMilliseconds);
        lock (_heard)
        {
            if (took is not null) Interlocked.Exchange(ref _delayTicks, Math.Max(took.Value.Ticks, _delayTicks - (_delayTicks >> 2)));
            if (_heard[channel]) return;
            _heard[channel] = true;
            if (--_unheard == 0) _confirmed.TrySetResult();
        }
    }

    private async Task UnlessLostAsync(Task step)
    {
        if (await Task.WhenAny(step, _lost.Task) == _lost.Task) throw new RedisLinkException(await _lost.Task);
        await step;
    }

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs failed)
    {
        // A server that was not reachable when the link was opened (a dead replica, say) is tried again by the library and is no loss.
        if (failed.FailureType == ConnectionFailureType.UnableToConnect) return;
        string which = failed.ConnectionType == ConnectionType.Subscription ? "subscribing" : "publishing";
        _lost.TrySetResult($"the {which} connection was lost ({failed.FailureType})");
    }
}
