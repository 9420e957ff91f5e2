using System.Globalization;
using Chat.Domain.Limits;
using Chat.Storage.Calls;

namespace Chat.Domain.Calls;

/// <summary>The caller's calls: history, what is live, and what they add up to. Others' calls are not there.</summary>
public sealed class ListCalls(CallReader reader, RequestLimits limits, TimeProvider time)
{
    public const int DefaultPage = 50;
    public const int MaxPage = 100;
    private const int MostActive = 100;

    private static readonly TimeSpan DefaultSpan = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(366);

    public async Task<Result<CallRow>> FindAsync(Caller caller, long callId, CancellationToken ct)
    {
        if (limits.JudgeHistory(caller, isCatchingUp: true) is { } limited) return limited;
        return await reader.FindAsync(callId, caller.PrincipalId, ct) is { } call ? call : CallFailures.NotFound(callId);
    }

    /// <summary>The newest first.</summary>
    /// <param name="caller">Whose.</param>
    /// <param name="which">Null for all.</param>
    /// <param name="cursor">Where the page before ended; null for the first.</param>
    /// <param name="limit">Most of a page.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<CallPage>> ExecuteAsync(Caller caller, CallDirection? which, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? DefaultPage;
        if (count is < 1 or > MaxPage) return Failures.PageLimit(count, MaxPage);
        long? before = null;
        if (!string.IsNullOrEmpty(cursor))
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out long place) || place > 1L << 53) return Failures.UnknownCursor();
            before = place;
        }

        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;
        bool? outgoing = which switch { CallDirection.Outgoing => true, CallDirection.Incoming => false, _ => null };
        IReadOnlyList<CallRow> found =
            await reader.ListAsync(caller.PrincipalId, before, outgoing, which == CallDirection.Missed, count + 1, ct);
        return found.Count <= count
            ? new CallPage(found, null)
            : new CallPage([.. found.Take(count)], found[count - 1].Id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What rings or is talked in, the newest first.</summary>
    public async Task<Result<CallPage>> ActiveAsync(Caller caller, CancellationToken ct)
    {
        if (limits.JudgeHistory(caller, isCatchingUp: true) is { } limited) return limited;
        return new CallPage(await reader.ListActiveAsync(caller.PrincipalId, MostActive, ct), null);
    }

    /// <summary>Adds up ended calls that began in a time.</summary>
    /// <param name="caller">Whose.</param>
    /// <param name="from">Null is thirty days before <paramref name="to"/>.</param>
    /// <param name="to">Null is now; not included.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<CallStatistics>> SumAsync(Caller caller, DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct)
    {
        DateTimeOffset end = to ?? time.GetUtcNow();
        if (from is null && end - DateTimeOffset.MinValue < DefaultSpan) return Failures.Invalid("to", "to is before all time: send a later one.");
        DateTimeOffset start = from ?? end - DefaultSpan;
        if (start >= end) return Failures.Invalid("from", "from is not before to: send an earlier one.");
        if (end - start > LongestSpan)
            return Failures.Invalid("from", $"from is more than {LongestSpan.Days} days before to: ask for a shorter time.");
        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;
        (IReadOnlyList<CallCount> counts, long people) = await reader.SumAsync(caller.PrincipalId, start, end, ct);
        return CallStatistics.Of(start, end, counts, people);
    }
}

/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record CallPage(IReadOnlyList<CallRow> Calls, string? NextCursor);

/// <summary>Which calls of a person's history.</summary>
public enum CallDirection : byte
{
    /// <summary>Others called.</summary>
    Incoming = 1,

    /// <summary>The person called.</summary>
    Outgoing = 2,

    /// <summary>Others called, and the person did not answer.</summary>
    Missed = 3,
}
