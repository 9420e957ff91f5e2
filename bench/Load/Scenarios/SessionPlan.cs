using Chat.Load.Seed;

namespace Chat.Load.Scenarios;

/// <summary>How many silent sessions, each in how many chats of ten.</summary>
internal sealed record SessionPlan(int Connections, int ChatsEach)
{
    public const int Members = 10;

    /// <summary>All faults, each with option, value and remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (Connections is < Members or > 1_000_000 || Connections % Members != 0)
            yield return $"--connections is {Connections}: give a multiple of {Members}, 10 to 1000000.";
        if (ChatsEach is < 1 or > 1_000) yield return $"--chats-each is {ChatsEach}: give 1 to 1000.";
    }

    public Task<SeededChats> SeedAsync(LoadTarget target, CancellationToken ct) => new Seeder(target, TimeProvider.System).SeedAsync(
        Connections, Membership.ManyChatsEach(Connections, ChatsEach, Members), ct);
}
