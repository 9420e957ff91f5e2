using Chat.Storage.Calls;

namespace Chat.Domain.Calls;

/// <summary>What one's ended calls of a time add up to.</summary>
/// <param name="People">With how many others the person talked.</param>
/// <param name="Talked">How long the person was in calls that were answered.</param>
public sealed record CallStatistics(
    DateTimeOffset From, DateTimeOffset To, long Total, long Incoming, long Outgoing, long Voice, long Video, long Ended, long Declined,
    long Missed, long People, TimeSpan Talked)
{
    /// <param name="counts">By everything that tells calls apart.</param>
    internal static CallStatistics Of(DateTimeOffset from, DateTimeOffset to, IReadOnlyList<CallCount> counts, long people)
    {
        long Sum(Func<CallCount, bool> fits) => counts.Where(fits).Sum(one => one.Count);
        return new CallStatistics(
            from,
            to,
            Sum(_ => true),
            Sum(one => !one.IsOutgoing),
            Sum(one => one.IsOutgoing),
            Sum(one => one.Kind == CallKinds.Voice),
            Sum(one => one.Kind == CallKinds.Video),
            Sum(one => Outcome(one) == CallStatuses.Ended),
            Sum(one => Outcome(one) == CallStatuses.Declined),
            Sum(one => Outcome(one) == CallStatuses.Missed),
            people,
            TimeSpan.FromMilliseconds(counts.Sum(one => one.TalkedMs)));
    }

    /// <summary>What a call was to the person: one of a group that others talked in may be missed to it.</summary>
    private static short Outcome(CallCount one) => one.State switch
    {
        SeatStates.Missed or SeatStates.Busy => CallStatuses.Missed,
        SeatStates.Declined => CallStatuses.Declined,
        _ => one.Status,
    };
}
