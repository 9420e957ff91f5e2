using Chat.Simulation.Clients;
using Chat.Simulation.Cluster;
using Chat.Simulation.Judging;
using Chat.Simulation.Scheduling;
using Chat.Simulation.Store;
using Chat.Storage;

namespace Chat.Simulation.Schedules;

/// <summary>Everything that is in one schedule: the store, the bus, the nodes, the clients, and who judges them.</summary>
internal sealed class World
{
    /// <summary>People, numbered from 1.</summary>
    public const int Principals = 3;

    private readonly List<SimulatedNode> _nodes = [];
    private int _lastProcess = 1; // the store's

    public World(Schedule schedule, PlantedDefect defect, TextWriter? trace)
    {
        (Defect, Trace, ConnectionsRest) = (defect, trace, schedule.ConnectionsRest);
        Scheduler = new Scheduler(new Prng(schedule.Seed));
        Store = new SimulatedStore(Scheduler, Tally, defect)
        {
            OnCommitted = trace is null ? null : row =>
                Tell(() => $"store: chat {row.ChatId} has {row.Sequence}: {row.Text ?? $"kind {row.Kind} of {row.SubjectId}"}"),
        };
        Bus = new SimulatedBus(Scheduler, Tally);
        Judge = new Judge(this);
        for (long principal = 1; principal <= Principals; principal++) Store.Create(100 + principal, ChatKinds.Inbox, [principal]);
        Store.Create(ChatIds[0], ChatKinds.Group, [1, 2, 3]);
        Store.Create(ChatIds[1], ChatKinds.Group, [1, 2]);
        Store.BackUp();
        for (int i = 0; i < schedule.Nodes; i++) _nodes.Add(new SimulatedNode(this, i, NextProcessNumber()));
        for (int i = 0; i < schedule.Clients; i++) Clients.Add(new SimulatedClient(this, i, (i % Principals) + 1, 1_000 + i));
        foreach (SimulatedNode node in _nodes) node.Start();
        foreach (SimulatedClient client in Clients) client.Start();
    }

    /// <summary>Nodes with an even number let their connections rest between sends (OutboundPace).</summary>
    public bool ConnectionsRest { get; }

    public static IReadOnlyList<long> ChatIds { get; } = [11, 12];

    public PlantedDefect Defect { get; }

    /// <summary>Where a replay tells what happens; null in all other runs.</summary>
    public TextWriter? Trace { get; }

    public Scheduler Scheduler { get; }

    public SimulatedStore Store { get; }

    public SimulatedBus Bus { get; }

    public Judge Judge { get; }

    public Tally Tally { get; } = new();

    public List<SimulatedClient> Clients { get; } = [];

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    public int NextProcessNumber() => ++_lastProcess;

    /// <summary>Writes one line of the trace, if there is one.</summary>
    public void Tell(Func<string> line) =>
        Trace?.WriteLine($"{Scheduler.Now / (double)TimeSpan.TicksPerMillisecond,10:F3}  {line()}");

    /// <summary>A node that takes connections; one that is stopped does too, and does not answer. Null: all are dead.</summary>
    public SimulatedNode? PickNode()
    {
        SimulatedNode[] alive = [.. _nodes.Where(node => node.IsAlive)];
        return alive.Length == 0 ? null : alive[Scheduler.Random.Next(alive.Length)];
    }

    public void KillNode(int index, TimeSpan restartAfter)
    {
        SimulatedNode node = _nodes[index];
        if (!node.IsAlive) return;
        node.Kill(peersHear: Scheduler.Random.Chance(85));
        if (Trace is not null) Tell(() => $"node {index} is killed");
        Scheduler.After(restartAfter, () => StartNode(index));
    }

    public void StartNode(int index)
    {
        if (_nodes[index].IsAlive) return;
        _nodes[index] = new SimulatedNode(this, index, NextProcessNumber());
        _nodes[index].Start();
        if (Trace is not null) Tell(() => $"node {index} starts");
    }
}
