using Chat.Domain.Media;

namespace Chat.Server.Jobs;

/// <summary>Deletes files and uploads whose time is over, and what the blob store still has of deleted ones .</summary>
internal sealed class ExpiredFilesJob(ExpireBlobs expire) : IJob
{
    public string Name => "expired_files";

    /// <summary>Statuses are gone within minutes of their day; what failed is tried again.</summary>
    public TimeSpan Interval => TimeSpan.FromMinutes(5);

    public Task<string> RunAsync(CancellationToken ct) => expire.ExecuteAsync(ct);
}
