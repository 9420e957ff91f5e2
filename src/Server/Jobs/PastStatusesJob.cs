using Chat.Storage.Statuses;

namespace Chat.Server.Jobs;

/// <summary>
/// Deletes statuses whose time is over, a hundred at a time, and who has looked at them. Nobody sees them any more by then; their files go
/// with <see cref="ExpiredFilesJob"/>, whose time is the same.
/// </summary>
internal sealed class PastStatusesJob(StatusViewStore statuses) : IJob
{
    public string Name => "past_statuses";

    public TimeSpan Interval => TimeSpan.FromMinutes(5);

    public async Task<string> RunAsync(CancellationToken ct)
    {
        long deleted = 0, views = 0;
        while (true)
        {
            views += await BatchedDeletion.RunAsync(statuses.DeleteViewsAsync, ct);
            int some = await statuses.DeletePastAsync(StatusViewStore.MaxDeleted, ct);
            deleted += some;
            if (some < StatusViewStore.MaxDeleted) return $"{deleted} statuses and {views} views deleted";
        }
    }
}
