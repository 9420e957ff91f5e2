using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Sdk.Sync;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>What a summary is when answers and pushes overtake each other.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ChatDirectoryTests
{
    private const long Group = 70;

    [Test]
    public void A_snapshot_that_is_older_than_the_events_takes_nothing_back_of_what_they_said()
    {
        ChatDirectory directory = Create();
        Apply(directory, EventKind.Renamed, FakeServer.Peer, text: "new");
        Apply(directory, EventKind.MemberAdded, FakeServer.Peer, subject: 99);
        ChatSummary before = directory.Find(Group)!;
        directory.ApplyOthers(Group, 3, 2);

        directory.Set(Snapshot());

        ChatSummary after = directory.Find(Group)!;
        Assert.That((after.Name, after.MemberCount, after.HeadSequence), Is.EqualTo(("new", 4, 6L)));
        Assert.That((after.LastActivity, after.LastEvent), Is.EqualTo((before.LastActivity, before.LastEvent)));
        Assert.That((after.OthersDeliveredUpTo, after.OthersReadUpTo), Is.EqualTo((3L, 2L)), "a receiver keeps the higher one");
    }

    [Test]
    public void A_snapshot_of_a_newer_membership_says_the_role()
    {
        ChatDirectory directory = Create();
        Apply(directory, EventKind.Message, FakeServer.Peer, text: "hello");

        directory.Set(Snapshot() with { JoinedAtSequence = 3, Role = MemberRole.Admin });

        Assert.That((directory.Find(Group)!.Role, directory.Find(Group)!.HeadSequence), Is.EqualTo((MemberRole.Admin, 5L)));
    }

    private static ChatDirectory Create()
    {
        ChatDirectory directory = new() { Me = FakeServer.Me };
        directory.Set(Snapshot());
        return directory;
    }

    private static WireChat Snapshot() => new(
        Group, ChatKind.Group, Epoch: 1, "old", MemberRole.Member, JoinedAtSequence: 1, HeadSequence: 4, DeliveredUpTo: 4, ReadUpTo: 1, Unread: 2,
        OthersDeliveredUpTo: 1, OthersReadUpTo: 1, MemberCount: 3, null, null, LastEvent: null, CreatedAtMs: 0, LastActivityMs: 1_000);

    private static void Apply(ChatDirectory directory, EventKind kind, long sender, string? text = null, long? subject = null)
    {
        long sequence = directory.Find(Group)!.HeadSequence + 1;
        WireEvent taken = new(
            Group, sequence, kind, sender, 5_000 + sequence, kind == EventKind.Message ? Guid.NewGuid() : null,
            kind == EventKind.Reaction ? 2 : null, text, subject);
        directory.Apply(in taken, epoch: 1);
    }
}
