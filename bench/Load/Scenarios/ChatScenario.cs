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

    private async Task<LoadResult> RunAsync(string name, Func<SeededChats, MessageTable, Meter, Dialect> speak, CancellationToken ct)
    {
        await progress.WriteLineAsync($"seeding {simulation.Connections} accounts in {simulation.Chats} chats");
        SeededChats seeded = await new Seeder(target, TimeProvider.System).SeedAsync(
            simulation.Connections, Membership.OneChatEach(simulation.Chats, simulation.Members), ct);
        var system = new MeasuredSystem(await target.EndPointsAsync(ct), target.ProcessIds, target.PostgresProcessId, TellsGcPauses: true);
        return new TrafficScenario(name, simulation, system, progress).Run((messages, meter) => speak(seeded, messages, meter), ct);
    }
}
