using Chat.Load.Dialects;
using Chat.Load.Report;
using Chat.Load.Seed;
using Chat.Load.Traffic;

namespace Chat.Load.Scenarios;

/// <summary>Makes the accounts and chats of a simulation in a chat server's database and runs messages through them.</summary>
internal sealed class ChatScenario(LoadTarget target, LoadSimulation simulation, TextWriter progress)
{
    /// <summary>Durable messages.</summary>
    public Task<LoadResult> RunMessagesAsync(string name, CancellationToken ct) =>
        RunAsync(name, (seeded, messages, meter) => new ChatMessages(seeded, messages, meter, simulation.PayloadBytes), ct);

    /// <summary>Ephemeral pushes.</summary>
    public Task<LoadResult> RunTypingAsync(CancellationToken ct) =>
        RunAsync("typing", (seeded, messages, meter) => new ChatTyping(seeded, messages, meter), ct);

    /// <summary>Durable messages, beside second sessions of the first so many members that read nothing.</summary>
    /// <returns>How it went for all others, and how many of those that do not read the server ended.</returns>
    public async Task<(LoadResult Result, int Ended)> RunBesideSlowReadersAsync(string name, int readers, CancellationToken ct)
    {
        SeededChats seeded = await SeedAsync(ct);
        MeasuredSystem system = await FindSystemAsync(ct);
        using SlowReaders slow = new(system.Servers, seeded, readers);
        slow.Open(progress, ct);
        LoadResult result = new TrafficScenario(name, simulation, system, progress).Run(
            (messages, meter) => new ChatMessages(seeded, messages, meter, simulation.PayloadBytes), ct);
        return (result, slow.CountEnded());
    }

    private async Task<LoadResult> RunAsync(string name, Func<SeededChats, MessageTable, Meter, Dialect> speak, CancellationToken ct)
    {
        SeededChats seeded = await SeedAsync(ct);
        return new TrafficScenario(name, simulation, await FindSystemAsync(ct), progress)
            .Run((messages, meter) => speak(seeded, messages, meter), ct);
    }

    private async Task<SeededChats> SeedAsync(CancellationToken ct)
    {
        await progress.WriteLineAsync($"seeding {simulation.Connections} accounts in {simulation.Chats} chats");
        return await new Seeder(target, TimeProvider.System).SeedAsync(
            simulation.Connections, Membership.OneChatEach(simulation.Chats, simulation.Members), ct);
    }

    private async Task<MeasuredSystem> FindSystemAsync(CancellationToken ct) =>
        new(await target.EndPointsAsync(ct), target.ProcessIds, target.PostgresProcessId, TellsGcPauses: true);
}
