using Chat.Domain.Media;
using Chat.Storage.Scheduled;

namespace Chat.Server.Jobs;

/// <summary>
/// Deletes rows of scheduled messages that were sent or cancelled a week ago, kept for repeated requests, and of those that failed a month ago,
/// with their files.
/// </summary>
internal sealed class PastScheduledJob(ScheduledQueue queue, MediaOptions media) : IJob
{
    public string Name => "past_scheduled";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public async Task<string> RunAsync(CancellationToken ct)
    {
        long deleted = await BatchedDeletion.RunAsync((limit, token) => queue.DeleteGoneAsync(limit, media.UploadLifetime, token), ct);
        return $"{deleted} scheduled messages deleted";
    }
}
