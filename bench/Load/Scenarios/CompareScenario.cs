using Chat.Load.Dialects;
using Chat.Load.Processes;
using Chat.Load.Report;
using Chat.Load.Traffic;

namespace Chat.Load.Scenarios;

/// <summary>A shape and the systems that are measured at it, in this order.</summary>
/// <param name="IsTyping">Ephemeral pushes instead of messages.</param>
internal sealed record ComparedShape(string Name, LoadSimulation Simulation, bool IsTyping, IReadOnlyList<string> Systems);

/// <summary>
/// Ours and theirs in turn at each shape: the same generator, texts and machine, each server started for its turn and alone while it is
/// measured. Figures of one run are comparable with each other, not with those of another hour.
/// </summary>
internal sealed class CompareScenario(IReadOnlyList<string> settings, TextWriter progress)
{
    private const int SmallWindow = 20;
    private const int LargeWindow = 400;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3); // .NET and Bun compile what is hot while they run
    private static readonly string[] All = ["chat", "bun", "signalr", "signalr+pg"];

    public static IReadOnlyList<ComparedShape> Shapes(TimeSpan duration)
    {
        return
        [
            Closed(1, 1_000, SmallWindow, ["chat", "bun", "signalr"]),
            Closed(100, 10, LargeWindow, All),
            Closed(1_000, 2, LargeWindow, All),
            Open(5_000),
            Open(10_000),
            Typing(100, 10, LargeWindow),
            Typing(1, 1_000, SmallWindow),
        ];

        ComparedShape Closed(int chats, int members, int window, string[] systems)
        {
            var simulation = new LoadSimulation { Chats = chats, Members = members, Window = window, WarmUp = WarmUp, Duration = duration };
            return new ComparedShape(simulation.Shape, simulation, IsTyping: false, systems);
        }

        ComparedShape Open(double rate)
        {
            var simulation = new LoadSimulation
            {
                Kind = SimulationKind.Inject,
                Chats = 100,
                Members = 10,
                Rate = rate,
                WarmUp = WarmUp,
                Duration = duration,
            };
            return new ComparedShape(simulation.Shape, simulation, IsTyping: false, ["chat", "bun"]);
        }

        // A typing push is about as long as the bare marker, which is what the peer relays.
        ComparedShape Typing(int chats, int members, int window)
        {
            ComparedShape shape = Closed(chats, members, window, ["chat", "bun"]);
            return shape with
            {
                Name = $"typing-{shape.Name}",
                IsTyping = true,
                Simulation = shape.Simulation with { PayloadBytes = Marker.Bytes },
            };
        }
    }

    public async Task<LoadResult> RunAsync(ComparedShape shape, string system, CancellationToken ct)
    {
        await progress.WriteLineAsync($"{shape.Name} on {system}");
        LoadResult result = system switch
        {
            "chat" => await RunChatAsync(shape, ct),
            "bun" => await RunBunAsync(shape, ct),
            _ => await RunSignalRAsync(shape, system, ct),
        };
        if (result.EndedEarly is { } why) await progress.WriteLineAsync($"  ended early: {why}");
        return result;
    }

    private async Task<LoadResult> RunChatAsync(ComparedShape shape, CancellationToken ct)
    {
        await using ChatServer server = await ChatServer.StartAsync(settings, ct);
        var scenario = new ChatScenario(server.Target, shape.Simulation, progress);
        return shape.IsTyping ? await scenario.RunTypingAsync(ct) : await scenario.RunMessagesAsync("groups", ct);
    }

    private async Task<LoadResult> RunBunAsync(ComparedShape shape, CancellationToken ct)
    {
        await using PeerServer peer = await PeerServer.StartBunAsync(progress, ct);
        return Scenario(shape, peer, null).Run((messages, meter) => new BunRooms(messages, meter, shape.Simulation, ownCopyIsAck: shape.IsTyping), ct);
    }

    private async Task<LoadResult> RunSignalRAsync(ComparedShape shape, string system, CancellationToken ct)
    {
        await using PeerDatabase? database = system == "signalr" ? null : await PeerDatabase.StartAsync(ct);
        await using PeerServer peer = await PeerServer.StartSignalRAsync(database?.ConnectionString, progress, ct);
        return Scenario(shape, peer, database?.ProcessId).Run((messages, meter) => new SignalRRooms(messages, meter, shape.Simulation, system), ct);
    }

    private TrafficScenario Scenario(ComparedShape shape, PeerServer peer, int? postgres) =>
        new(shape.IsTyping ? "typing" : "groups", shape.Simulation, new MeasuredSystem([peer.Server], [peer.ProcessId], postgres), progress);
}
