using Chat.Storage.Chats;

namespace Chat.Server.Jobs;

/// <summary>Deletes invite links that let nobody in any more, a while after: each new one would leave a row for ever.</summary>
internal sealed class DeadInvitesJob(InviteStore invites) : IJob
{
    /// <summary>A statement must end well within its five seconds, and not hold many rows.</summary>
    private const int BatchSize = 5_000;

    public string Name => "dead_invites";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public async Task<string> RunAsync(CancellationToken ct)
    {
        long deleted = 0;
        while (true)
        {
            int some = await invites.DeleteDeadAsync(BatchSize, ct);
            deleted += some;
            if (some < BatchSize) return $"{deleted} links deleted";
        }
    }
}
