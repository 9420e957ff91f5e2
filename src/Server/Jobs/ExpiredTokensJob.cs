using Chat.Storage.Accounts;

namespace Chat.Server.Jobs;

/// <summary>Deletes refresh tokens that have expired: a device that never comes back would leave its own for ever.</summary>
internal sealed class ExpiredTokensJob(DeviceStore devices) : IJob
{
    /// <summary>A statement must end well within its five seconds, and not hold many rows.</summary>
    private const int BatchSize = 5_000;

    public string Name => "expired_tokens";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public async Task<string> RunAsync(CancellationToken ct)
    {
        long deleted = 0;
        while (true)
        {
            int some = await devices.DeleteExpiredTokensAsync(BatchSize, ct);
            deleted += some;
            if (some < BatchSize) return $"{deleted} tokens deleted";
        }
    }
}
