using static Chat.Chaos.Checker.Invariant;

namespace Chat.Chaos.PlantedBugs;

/// <summary>
/// The bugs that the checker must catch: the ways in which systems of this kind are known to lose, double, reorder or leak. The first case
/// has no bug and must be clean, or a catch would prove nothing.
/// </summary>
internal static class PlantedCases
{
    public const string NoBug = "none";

    public static IReadOnlyList<PlantedCase> All { get; } =
    [
        new(NoBug, "kill -9 of the node, lossy Redis", []) { Nodes = 2, LosesPublications = true, Kills = 1 },
        new("ack-before-commit", "kill -9 while the disk is slow", [I1AckedIsStored]) { Kills = 1, Runs = TimeSpan.Zero },
        new("publish-before-commit", "kill -9 while the disk is slow", [I8SeenIsStored, I4OneMeaning]) { Kills = 1, Runs = TimeSpan.Zero },
        // The unique key would save the log from the bug: without deduplication there would be none.
        new("dedupe-off", "one message through two ways at once", [I2EachOnce, I1AckedIsStored])
        {
            Sql = "drop index events_client_message_id",
        },
        new("sequence-not-counter", "kill -9, refused messages", [I3Dense]) { Kills = 1, Runs = TimeSpan.FromMilliseconds(500) },
        new("gap-detection-off", "Redis loses more than half", [I5NoSilentSkip, I12Complete]) { Nodes = 2, LosesPublications = true },
        new("head-digest-off", "Redis loses more than half", [I12Complete, I15Fresh])
        {
            // a probe would mend what the digest should
            Nodes = 2, LosesPublications = true, Load = static load => load with { Probes = 0 },
        },
        new("heads-before-subscribe", "reconnects while people write", [I5NoSilentSkip, I12Complete, I15Fresh])
        {
            Runs = TimeSpan.FromSeconds(4),
            Load = static load => load with { ObserverStay = TimeSpan.FromMilliseconds(30), WireObservers = 8, MessagesPerSecond = 200 },
        },
        new("ring-off-by-one", "more messages than the ring has places", [I5NoSilentSkip, I12Complete])
        {
            Load = static load => load with { MessagesPerSecond = 100 },
        },
        new("drop-on-full", "readers that do not read", [I5NoSilentSkip, I12Complete])
        {
            Runs = TimeSpan.FromSeconds(6),
            Load = static load => load with
            {
                PayloadCharacters = 14_000, MessagesPerSecond = 100, Chats = 1, SlowReaders = 4, SlowReaderPause = TimeSpan.FromSeconds(4),
                ObserverStay = TimeSpan.FromMinutes(1),
            },
        },
        new("no-membership-filter", "members come and go", [I11MembersOnly])
        {
            Load = static load => load with { MembershipChangesPerSecond = 4, ReadsPerSecond = 40 },
        },
        new("resume-of-anyone", "resume with another one's positions", [I11MembersOnly]),
        // Late replies, so that every kill finds messages whose acks are still on their way.
        new(RetryWithNewId, "kill -9 with acks on their way, and a client that retries under a new id", [I2EachOnce])
        {
            Kills = 2, SlowReplies = TimeSpan.FromMilliseconds(150), Runs = TimeSpan.FromMilliseconds(500),
            Load = static load => load with { RetriesWithNewId = true },
        },
    ];

    /// <summary>A bug of a client, not of the server.</summary>
    public const string RetryWithNewId = "retry-with-new-id";
}
