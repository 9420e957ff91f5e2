using Chat.Scenario.Phases;

namespace Chat.Scenario;

/// <summary>The script: what happens in which order.</summary>
internal static class Day
{
    private static readonly DeletionPhase Deletion = new();

    /// <summary>Before the network becomes bad.</summary>
    public static IReadOnlyList<IPhase> Morning { get; } = [new ArrivalPhase(latecomers: false), new ChannelPhase(), new GroupsPhase(), Deletion.Making];

    /// <summary>While connections are cut at random.</summary>
    public static IReadOnlyList<IPhase> Rest { get; } =
    [
        new LongCallsPhase(),
        new TalkPhase(share: 0.25, isKilled: false),
        new MembershipPhase(round: 1),
        new FilesPhase(),
        new DeparturePhase(),
        new OwnSettingsPhase(share: 0.2),
        new ScheduledPhase(),
        new TalkPhase(share: 0.25, isKilled: true),
        new CallsPhase(),
        new PeoplePhase(),
        new MonthPhase(),
        Deletion.Deleting,
        new MembershipPhase(round: 2),
        new ArrivalPhase(latecomers: true),
        new StatusesPhase(),
        new SearchPhase(),
        new TalkPhase(share: 0.2, isKilled: false),
        new OwnSettingsPhase(share: 0.1),
    ];
}
