using Chat.Storage.Accounts;

namespace Chat.Server.Jobs;

/// <summary>Deletes what is kept of finished passkey ceremonies, when none of them could be finished again anyway.</summary>
internal sealed class FinishedCeremoniesJob(PasskeyStore passkeys) : IJob
{
    public string Name => "finished_ceremonies";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public async Task<string> RunAsync(CancellationToken ct) =>
        $"{await BatchedDeletion.RunAsync(passkeys.DeleteExpiredAsync, ct)} ceremonies deleted";
}
