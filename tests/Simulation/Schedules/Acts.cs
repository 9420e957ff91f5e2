using Chat.Simulation.Clients;
using Chat.Simulation.Cluster;
using Chat.Simulation.Scheduling;
using Chat.Simulation.Store;

namespace Chat.Simulation.Schedules;

/// <summary>Does the acts of a schedule, and undoes at the end whatever still holds.</summary>
internal sealed class Acts(World world)
{
    private static readonly string[] Refusals = ["53100", "25006", "57014"]; // disk full, read-only, cancelled

    private int _lastText;

    private Prng Random => world.Scheduler.Random;

    public void Do(Act act)
    {
        TimeSpan duration = TimeSpan.FromMilliseconds(act.DurationMs);
        if (world.Trace is not null) world.Tell(() => $"act {act.Index}: {act}");
        switch (act.Kind)
        {
            case ActKind.Send:
                for (int i = 0; i < act.Amount; i++) world.Clients[act.Who].Send(World.ChatIds[act.Chat], $"text {++_lastText}");
                break;
            case ActKind.AddMember or ActKind.RemoveMember:
                ChangeMember(act);
                break;
            case ActKind.CutLink or ActKind.HalfOpenLink or ActKind.StallReading or ActKind.RestartClient or ActKind.PauseClient:
                DoToClient(act, duration);
                break;
            case ActKind.KillNode or ActKind.KillNodeAtStep or ActKind.PauseNode or ActKind.CutNodeFromStore or ActKind.FaultCommits:
                DoToNode(act, duration);
                break;
            case ActKind.PauseStore or ActKind.CrashStore or ActKind.RefuseStore or ActKind.BackUp or ActKind.RestoreBackup:
                DoToStore(act, duration);
                break;
            default:
                DoToBus(act, duration);
                break;
        }
    }

    /// <summary>Ends every fault.</summary>
    public void HealAll()
    {
        BusWeather weather = world.Bus.Weather;
        (weather.LossPercent, weather.RepeatPercent, weather.ReorderMs, weather.LoseNext) = (0, 0, 0, 0);
        HealStore();
        for (int i = 0; i < world.Nodes.Count; i++)
        {
            if (!world.Nodes[i].IsAlive) world.StartNode(i);
            SimulatedNode node = world.Nodes[i];
            node.CancelKill();
            node.Store.IsCut = false;
            node.Store.NextCommits.Clear();
            node.Process.Resume();
            node.Broker.Heal();
        }

        foreach (SimulatedClient client in world.Clients)
        {
            client.Process.Resume();
            Unstall(client.Link);
        }
    }

    private void ChangeMember(Act act)
    {
        if (world.PickNode() is not { } node) return;
        long chat = World.ChatIds[act.Chat], principal = act.Who + 1;
        node.ChangeMember(chat, (principal % World.Principals) + 1, principal, act.Kind == ActKind.AddMember);
    }

    private void DoToClient(Act act, TimeSpan duration)
    {
        SimulatedClient client = world.Clients[act.Who];
        switch (act.Kind)
        {
            case ActKind.CutLink when client.Link is { } link:
                world.Tally.Add(Happening.LinkCut);
                link.Cut(Random.Between(0.1, 50), Random.Between(0.1, Random.Chance(20) ? 20_000 : 200));
                break;
            case ActKind.HalfOpenLink when client.Link is { } link:
                world.Tally.Add(Happening.LinkHalfOpen);
                link.Cut(null, Random.Chance(50) ? null : Random.Between(0.1, 5_000));
                break;
            case ActKind.StallReading when client.Link is { } link:
                world.Tally.Add(Happening.ReadingStalled);
                link.IsStalled = true;
                world.Scheduler.After(duration, () => Unstall(link));
                break;
            case ActKind.RestartClient:
                client.Kill();
                client.Start();
                break;
            case ActKind.PauseClient:
                Pause(client.Process, Happening.ClientPaused, duration);
                break;
        }
    }

    private void DoToNode(Act act, TimeSpan duration)
    {
        SimulatedNode node = world.Nodes[act.Who];
        if (!node.IsAlive) return;
        switch (act.Kind)
        {
            case ActKind.KillNode:
                world.Tally.Add(Happening.NodeKilled);
                world.KillNode(act.Who, duration);
                break;
            case ActKind.KillNodeAtStep:
                node.KillAt((NodeStep)act.Amount);
                break;
            case ActKind.PauseNode:
                Pause(node.Process, Happening.NodePaused, duration);
                break;
            case ActKind.CutNodeFromStore:
                world.Tally.Add(Happening.StoreCutOff);
                node.Store.IsCut = true;
                world.Scheduler.After(duration, () => node.Store.IsCut = false);
                break;
            case ActKind.FaultCommits:
                for (int i = 0; i < act.Amount; i++) FaultCommit(node);
                break;
        }
    }

    private void FaultCommit(SimulatedNode node)
    {
        CommitFault fault = (CommitFault)Random.Next(1, 3);
        node.Store.NextCommits.Enqueue(fault);
        world.Tally.Add(fault switch
        {
            CommitFault.CutBefore => Happening.CommitCutBefore,
            CommitFault.ReplyLost => Happening.CommitReplyLost,
            _ => Happening.CommitRace,
        });
    }

    private void DoToStore(Act act, TimeSpan duration)
    {
        switch (act.Kind)
        {
            case ActKind.PauseStore:
                Pause(world.Store.Process, Happening.StorePaused, duration);
                break;
            case ActKind.CrashStore:
                world.Tally.Add(Happening.StoreCrashed);
                world.Store.Crash();
                world.Scheduler.After(duration, world.Store.Recover);
                break;
            case ActKind.RefuseStore:
                world.Tally.Add(Happening.StoreRefused);
                world.Store.RefusesWith = Refusals[act.Amount];
                world.Scheduler.After(duration, () => world.Store.RefusesWith = null);
                break;
            case ActKind.BackUp:
                world.Store.BackUp();
                break;
            case ActKind.RestoreBackup:
                world.Tally.Add(Happening.BackupRestored);
                for (int i = 0; i < world.Nodes.Count; i++) world.KillNode(i, duration); // operators stop the nodes first
                world.Store.RestoreBackup();
                world.Scheduler.After(duration / 2, world.Store.Recover);
                break;
        }
    }

    private void DoToBus(Act act, TimeSpan duration)
    {
        BusWeather weather = world.Bus.Weather;
        switch (act.Kind)
        {
            case ActKind.LosePublications:
                weather.LoseNext += act.Amount;
                break;
            case ActKind.BusLoss:
                weather.LossPercent = act.Amount;
                world.Scheduler.After(duration, () => weather.LossPercent = 0);
                break;
            case ActKind.BusRepeats:
                weather.RepeatPercent = act.Amount;
                world.Scheduler.After(duration, () => weather.RepeatPercent = 0);
                break;
            case ActKind.BusReorders:
                weather.ReorderMs = act.Amount;
                world.Scheduler.After(duration, () => weather.ReorderMs = 0);
                break;
            case ActKind.DegradeBroker:
                SimulatedBroker degraded = world.Nodes[act.Who].Broker;
                world.Tally.Add(Happening.BrokerDegraded);
                degraded.Degrade();
                world.Scheduler.After(duration, degraded.Heal);
                break;
            case ActKind.CutSubscriber:
                SimulatedBroker cut = world.Nodes[act.Who].Broker;
                world.Tally.Add(Happening.SubscriberCut);
                cut.CutSubscriber();
                TimeSpan noticed = TimeSpan.FromMilliseconds(Math.Min(act.DurationMs, 5_000)); // the broker's probe
                world.Scheduler.After(noticed, cut.Heal);
                break;
        }
    }

    private void Pause(SimulatedProcess process, Happening happening, TimeSpan duration)
    {
        if (process.IsPaused) return;
        world.Tally.Add(happening);
        process.Pause();
        world.Scheduler.After(duration, process.Resume);
    }

    private void HealStore()
    {
        world.Store.RefusesWith = null;
        world.Store.Recover();
        world.Store.Process.Resume();
    }

    private static void Unstall(Link? link)
    {
        if (link is not { IsStalled: true }) return;
        link.IsStalled = false;
        link.OnUnstalled?.Invoke();
    }
}
