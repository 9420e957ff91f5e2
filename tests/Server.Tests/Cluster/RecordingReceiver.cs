using System.Threading.Channels;
using Chat.Domain.Cluster;

namespace Chat.Server.Tests.Cluster;

/// <summary>Keeps what a broker tells, for a test to wait on. Notes it when it is called twice at once for one channel.</summary>
internal sealed class RecordingReceiver : IBrokerReceiver
{
    private readonly Channel<(BrokerChannel Channel, byte[] Payload)> _publications = Channel.CreateUnbounded<(BrokerChannel, byte[])>();
    private readonly Channel<BrokerHealth> _health = Channel.CreateUnbounded<BrokerHealth>();
    private readonly Dictionary<BrokerChannel, bool> _inside = [];

    public bool WasCalledTwiceAtOnce { get; private set; }

    public int Waiting => _publications.Reader.Count;

    public void OnPublication(BrokerChannel channel, ReadOnlyMemory<byte> payload)
    {
        Enter(channel, true);
        _publications.Writer.TryWrite((channel, payload.ToArray()));
        Enter(channel, false);
    }

    public void OnHealthChanged(BrokerHealth health) => _health.Writer.TryWrite(health);

    public async Task<(BrokerChannel Channel, byte[] Payload)> NextAsync(CancellationToken ct) => await _publications.Reader.ReadAsync(ct);

    public async Task<List<(BrokerChannel Channel, byte[] Payload)>> TakeAsync(int count, CancellationToken ct)
    {
        List<(BrokerChannel, byte[])> taken = [];
        while (taken.Count < count) taken.Add(await NextAsync(ct));
        return taken;
    }

    public async Task<BrokerHealth> NextHealthAsync(CancellationToken ct) => await _health.Reader.ReadAsync(ct);

    public bool TryTakeHealth(out BrokerHealth health) => _health.Reader.TryRead(out health);

    private void Enter(BrokerChannel channel, bool inside)
    {
        lock (_inside)
        {
            if (inside && _inside.GetValueOrDefault(channel)) WasCalledTwiceAtOnce = true;
            _inside[channel] = inside;
        }
    }
}
