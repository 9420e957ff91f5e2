using Chat.Storage.Accounts;

namespace Chat.Server.Jobs;

/// <summary>Deletes refresh tokens that have expired: a device that never comes back would leave its own for ever.</summary>
internal sealed class ExpiredTokensJob(DeviceStore devices) : IJob
{
    public string Name => "expired_tokens";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public async Task<string> RunAsync(CancellationToken ct) =>
        $"{await BatchedDeletion.RunAsync(devices.DeleteExpiredTokensAsync, ct)} tokens deleted";
}
