using System.Collections.Concurrent;
using Chat.Domain.Cluster;

namespace Chat.Domain.Push;

/// <summary>
/// Knows which devices have a session, on whichever node. Other nodes are asked through the broker and answer within milliseconds; one that does not
/// in time is taken as one that has none of them: a device is told twice rather than not at all. One that never answered, as it starts or is of an
/// older version, is waited for once. Thread-safe.
/// </summary>
public sealed class ConnectedDevices(ISessions sessions, IBroker broker, NodeIdentity self, PeerNodes peers, TimeProvider time)
{
    /// <summary>How long an answer may take beside the way there and back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentDictionary<long, Question> _open = new();

    /// <summary>Nodes that were asked, and whether they ever answered.</summary>
    private readonly ConcurrentDictionary<long, bool> _answers = new();

    /// <summary>Those of the devices that are connected.</summary>
    /// <param name="devices">At most <see cref="DeviceQuestion.MaxDevices"/>.</param>
    internal async Task<HashSet<long>> FindAsync(IReadOnlyList<AskedDevice> devices, CancellationToken ct)
    {
        HashSet<long> connected = [];
        List<AskedDevice> others = [];
        foreach (AskedDevice device in devices)
        {
            if (sessions.IsConnected(device.PrincipalId, device.DeviceId)) connected.Add(device.DeviceId);
            else others.Add(device);
        }

        List<long> nodes = peers.ListHeard();
        if (others.Count == 0 || nodes.Count == 0 || broker.Health != BrokerHealth.Healthy) return connected;
        connected.UnionWith(await AskAsync(others, Expected(nodes), ct));
        return connected;
    }

    /// <summary>Another node asks or answers. Called on the broker's thread: what is asked is looked up on another one.</summary>
    public void OnHeard(DeviceQuestion heard)
    {
        if (heard.IsAnswer)
        {
            if (_answers.ContainsKey(heard.From)) _answers[heard.From] = true;
            if (_open.TryGetValue(heard.Number, out Question? question)) question.Take(heard.From, heard.Devices);
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(Answer, heard, preferLocal: false);
    }

    private void Answer(DeviceQuestion asked)
    {
        AskedDevice[] here = [.. asked.Devices.Where(device => sessions.IsConnected(device.PrincipalId, device.DeviceId))];
        broker.TryPublish(BrokerChannel.Control, new DeviceQuestion(IsAnswer: true, asked.Number, here, self.Incarnation).Encode());
    }

    /// <summary>Those of the nodes that answer as a rule, and those that were never asked.</summary>
    private HashSet<long> Expected(List<long> nodes)
    {
        foreach ((long known, _) in _answers)
            if (!nodes.Contains(known)) _answers.TryRemove(known, out _);
        return [.. nodes.Where(node => _answers.TryAdd(node, false) || _answers.GetValueOrDefault(node))];
    }

    private async Task<IReadOnlyCollection<long>> AskAsync(List<AskedDevice> devices, HashSet<long> nodes, CancellationToken ct)
    {
        long number = Random.Shared.NextInt64();
        Question question = new(nodes);
        _open[number] = question;
        try
        {
            if (!broker.TryPublish(BrokerChannel.Control, new DeviceQuestion(IsAnswer: false, number, devices, self.Incarnation).Encode())) return [];
            if (nodes.Count > 0) await question.Answered.WaitAsync(Patience + 2 * broker.Delay, time, ct);
        }
        catch (TimeoutException)
        {
            // What was answered counts.
        }
        finally
        {
            _open.TryRemove(number, out _);
        }

        return question.Connected();
    }

    /// <param name="waiting">The nodes that are expected to answer.</param>
    private sealed class Question(HashSet<long> waiting)
    {
        private readonly Lock _gate = new();
        private readonly HashSet<long> _connected = [];
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Answered => _answered.Task;

        public void Take(long from, IReadOnlyList<AskedDevice> connected)
        {
            lock (_gate)
            {
                foreach (AskedDevice device in connected) _connected.Add(device.DeviceId);
                waiting.Remove(from);
                if (waiting.Count == 0) _answered.TrySetResult();
            }
        }

        public HashSet<long> Connected()
        {
            lock (_gate) return [.. _connected];
        }
    }
}
