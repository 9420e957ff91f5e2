namespace Chat.Server.Jobs;

/// <summary>Deletes rows a batch at a time until none are left.</summary>
internal static class BatchedDeletion
{
    /// <summary>A statement must end well within its five seconds, and not hold many rows.</summary>
    private const int BatchSize = 5_000;

    /// <param name="deleteSome">Deletes at most so many and says how many it did.</param>
    /// <param name="ct">Ends it between two batches.</param>
    /// <returns>How many were deleted.</returns>
    public static async Task<long> RunAsync(Func<int, CancellationToken, Task<int>> deleteSome, CancellationToken ct)
    {
        long deleted = 0;
        while (true)
        {
            int some = await deleteSome(BatchSize, ct);
            deleted += some;
            if (some < BatchSize) return deleted;
        }
    }
}
