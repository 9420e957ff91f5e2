using Chat.Domain.Cluster;

namespace Chat.Server.Cluster;

/// <summary>
/// Joins nodes through Redis pub/sub (architecture decision D8). Keeps one <see cref="RedisLink"/> open, replaces it when it can no longer
/// be trusted, and tells <see cref="BrokerHealth.Healthy"/> only when each channel of the new one has carried a probe. Thread-safe.
/// </summary>
/// <remarks>
/// On a Redis Cluster StackExchange.Redis 3.4 may subscribe to a channel at two servers while it learns which one it belongs to, so that a
/// publication comes twice: receivers tell by its sequence, as after any repetition.
/// </remarks>
internal sealed class RedisBroker : IBroker
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private readonly RedisAddress _address;
    private readonly NodeIdentity _node;
    private readonly ClusterPrefix _prefix;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisBroker> _log;
    private readonly IBrokerReceiver?[] _receivers = new IBrokerReceiver?[(int)BrokerTopic.Control + 1];
    private readonly Lock[] _gates = [.. Enumerable.Range(0, RedisChannels.Count).Select(_ => new Lock())];
    private readonly Lock _starting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstHealthy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RedisLink? _link;
    private volatile BrokerHealth _health = BrokerHealth.Degraded;
    private Task _closing = Task.CompletedTask;
    private Task? _running;

    /// <summary>When the link became healthy that is in use or was lost last; null while none has since the last loss.</summary>
    private long? _healthySince;

    /// <summary>When the outage began that the log has told of; null while there is none.</summary>
    private long? _degradedSince;

    public RedisBroker(RedisAddress address, ClusterPrefix prefix, NodeIdentity node, TimeProvider time, ILogger<RedisBroker> log) =>
        (_address, _prefix, _node, _time, _log) = (address, prefix, node, time, log);

    public BrokerHealth Health => _health;

    public TimeSpan Delay => _link?.Delay ?? TimeSpan.Zero;

    /// <summary>Keys on the healthy connection; null while degraded. Its calls know no time-out of their own.</summary>
    public StackExchange.Redis.IDatabase? Keys => _health == BrokerHealth.Healthy ? _link?.Keys : null;

    /// <summary>Bytes that wait for Redis, for tests.</summary>
    internal long OutstandingBytes => _link?.OutstandingBytes ?? 0;

    public void Attach(BrokerTopic topic, IBrokerReceiver receiver)
    {
        lock (_starting)
        {
            if (_running is not null)
                throw new InvalidOperationException($"The broker has started: attach the receiver of {topic} before.");
            if (_receivers[(int)topic] is not null) throw new InvalidOperationException($"{topic} has a receiver already.");
            _receivers[(int)topic] = receiver;
        }
    }

    public async Task StartAsync(CancellationToken ct)
    {
        BrokerMetrics.Degraded.Record(1);
        RedisChannels channels = new(_prefix.Value, _node.Incarnation);
        lock (_starting) _running ??= Task.Run(() => RunAsync(channels), CancellationToken.None);
        try
        {
            await _firstHealthy.Task.WaitAsync(StartPatience, _time, ct);
        }
        catch (TimeoutException)
        {
            // The node starts degraded; the log has said so.
        }
    }

    public bool TryPublish(BrokerChannel channel, ReadOnlyMemory<byte> payload)
    {
        bool sent = _health == BrokerHealth.Healthy && _link is { } link && link.TryPublish(RedisChannels.IndexOf(channel), payload.Span);
        (sent ? BrokerMetrics.Published : BrokerMetrics.Dropped).Add(1);
        return sent;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        if (_running is not null) await _running;
        await _closing;
        _stop.Dispose();
    }

    /// <summary>Opens links one after the other until the broker is disposed.</summary>
    private async Task RunAsync(RedisChannels channels)
    {
        Backoff backoff = new();
        while (true)
        {
            string reason;
            try
            {
                reason = await UseLinkAsync(channels);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (RedisLinkException fault)
            {
                reason = fault.Message;
            }
            catch (Exception fault)
            {
                BrokerLog.Failed(_log, fault); // without this loop the node would stay degraded for good
                reason = "a fault of the server, see the log";
            }

            if (_degradedSince is null) BrokerLog.Degraded(_log, _address.Shown, reason);
            else BrokerLog.AttemptFailed(_log, _address.Shown, reason);
            _degradedSince ??= _time.GetTimestamp();
            BrokerMetrics.Reconnects.Add(1);
            await PauseAsync(backoff.Next(_healthySince is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero));
            _healthySince = null;
        }
    }

    /// <summary>Opens a link and stays with it until it is lost.</summary>
    /// <returns>Why it was lost.</returns>
    /// <exception cref="RedisLinkException">It could not be opened.</exception>
    private async Task<string> UseLinkAsync(RedisChannels channels)
    {
        RedisLink link = await RedisLink.OpenAsync(_address, $"chat-{_node.Id}", channels, _node.Incarnation, _time, _stop.Token);
        try
        {
            _link = link; // before the first subscription, so that nothing that comes is thought to be of an old link
            await link.SubscribeAsync((index, payload) => OnPublication(link, index, payload), _stop.Token);
            if (_degradedSince is { } since) BrokerLog.Recovered(_log, _address.Shown, _time.GetElapsedTime(since));
            else BrokerLog.Connected(_log, _address.Shown);
            _degradedSince = null;
            _healthySince = _time.GetTimestamp();
            SetHealth(BrokerHealth.Healthy);
            return await link.WatchAsync(_stop.Token);
        }
        finally
        {
            if (_stop.IsCancellationRequested) await link.FlushAsync();
            SetHealth(BrokerHealth.Degraded);
            _link = null;
            _closing = CloseAsync(link, _closing); // a stalled Redis takes its time, and the next link need not wait for it
        }
    }

    private static async Task CloseAsync(RedisLink link, Task before)
    {
        await link.DisposeAsync();
        await before;
    }

    /// <summary>A part of it by chance, so that nodes do not come back in step.</summary>
    private async Task PauseAsync(TimeSpan longest) =>
        await Task.Delay(longest * Random.Shared.NextDouble(), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void OnPublication(RedisLink link, int index, ReadOnlyMemory<byte> payload)
    {
        BrokerChannel channel = RedisChannels.ChannelAt(index);
        if (_receivers[(int)channel.Topic] is not { } receiver) return;
        lock (_gates[index]) // one channel's queue calls in order; this keeps an old link's last word from overtaking a new one's first
        {
            if (link != _link) return;
            BrokerMetrics.Received.Add(1);
            try
            {
                receiver.OnPublication(channel, payload);
            }
            catch (Exception fault)
            {
                BrokerLog.ReceiverFailed(_log, fault, channel.Topic);
            }
        }
    }

    private void SetHealth(BrokerHealth health)
    {
        if (_health == health) return;
        _health = health;
        BrokerMetrics.Degraded.Record(health == BrokerHealth.Healthy ? 0 : 1);
        if (_stop.IsCancellationRequested) return; // nobody is there to care any more
        foreach (IBrokerReceiver? receiver in _receivers.Distinct())
        {
            try
            {
                receiver?.OnHealthChanged(health);
            }
            catch (Exception fault)
            {
                BrokerLog.Failed(_log, fault);
            }
        }

        if (health == BrokerHealth.Healthy) _firstHealthy.TrySetResult();
    }
}
