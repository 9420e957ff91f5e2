using Chat.Storage.Chats;

namespace Chat.Server.Jobs;

/// <summary>Deletes invite links that let nobody in any more, a while after: each new one would leave a row for ever.</summary>
internal sealed class DeadInvitesJob(InviteStore invites) : IJob
{
    public string Name => "dead_invites";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public async Task<string> RunAsync(CancellationToken ct) =>
        $"{await BatchedDeletion.RunAsync(invites.DeleteDeadAsync, ct)} links deleted";
}
