using Chat.Domain.Chats;
using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Receipts;

namespace Chat.Domain.Tests.Wire;

/// <summary>Every field of a row has a value of its own here, so that two that were swapped are seen.</summary>
[Parallelizable]
public sealed class WireMappingTests
{
    private static readonly Guid Id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly EventRow Event = new(1, 2, EventKinds.Message, 4, 5, Id, 6, "text", 7, MemberRoles.Admin);
    private static readonly WireEvent MappedEvent = new(1, 2, EventKind.Message, 4, 5, Id, 6, "text", 7, MemberRole.Admin);

    [Test]
    public void An_event_keeps_every_field() => Assert.That(Event.ToWire(), Is.EqualTo(MappedEvent));

    [Test]
    public void Absent_fields_of_an_event_stay_absent()
    {
        EventRow bare = new(1, 2, EventKinds.MemberLeft, 4, 5, null, null, null, null, null);
        Assert.That(bare.ToWire(), Is.EqualTo(new WireEvent(1, 2, EventKind.MemberLeft, 4, 5)));
    }

    [Test]
    public void A_chat_keeps_every_field_and_gets_its_unread_count()
    {
        ChatRow row = new(1, ChatKinds.Direct, 33, "name", MemberRoles.Admin, 3, 100, 50, 40, 30, 20, 2, 9, "peer", Event, 1000, 2000, 55);
        Assert.That(row.ToWire(), Is.EqualTo(new WireChat(
            1, ChatKind.Direct, 33, "name", MemberRole.Admin, 3, 100, 50, 40, 55, 30, 20, 2, 9, "peer", MappedEvent, 1000, 2000)));
    }

    [Test]
    public void Members_principals_and_receipts_keep_every_field()
    {
        Assert.Multiple(() =>
        {
            Assert.That(new MemberRow(1, "Anna", MemberRoles.Admin, 4, 3, 2).ToWire(), Is.EqualTo(new WireMember(1, "Anna", MemberRole.Admin, 4, 3, 2)));
            Assert.That(new PrincipalRow(1, PrincipalKinds.Bot, "Bot", 5, true, true, "Beep", "media/7").ToWire(),
                Is.EqualTo(new WirePrincipal(1, PrincipalKind.Bot, "Bot", "Beep", "media/7")));
            Assert.That(new ReceiptRow(7, 1, 4, 3, 2).ToWire(), Is.EqualTo(new WireReceipt(1, 4, 3)));
        });
    }

    [Test]
    public void Pages_keep_their_bounds()
    {
        HistoryReply history = WireMapping.ToReply(7, new HistoryPage(33, 9, [Event], 2, 8, true));
        MembersReply members = WireMapping.ToReply(7, new MemberPage(7, [new(1, "Anna", MemberRoles.Member, 4, 3, 2)], true));
        ChatsReply chats = WireMapping.ToReply(new ChatList([], "next"));
        Assert.Multiple(() =>
        {
            Assert.That((history.ChatId, history.Epoch, history.HeadSequence), Is.EqualTo((7L, 33L, 9L)));
            Assert.That((history.CoversFrom, history.CoversTo, history.HasMore), Is.EqualTo((2L, 8L, true)));
            Assert.That(history.Events, Is.EqualTo(new[] { MappedEvent }));
            Assert.That((members.ChatId, members.Members.Count, members.HasMore), Is.EqualTo((7L, 1, true)));
            Assert.That(chats.NextCursor, Is.EqualTo("next"));
        });
    }

    [Test]
    public void A_failure_says_whether_and_when_to_try_again()
    {
        ErrorReply busy = WireMapping.ToReply(new Failure(ErrorCode.Busy, "later", TimeSpan.FromMilliseconds(1500.2)));
        ErrorReply final = WireMapping.ToReply(new Failure(ErrorCode.NotAllowed, "no"));
        Assert.Multiple(() =>
        {
            Assert.That(busy, Is.EqualTo(new ErrorReply(ErrorCode.Busy, "later", true, 1501)), "rounded up, or the client is early");
            Assert.That(final, Is.EqualTo(new ErrorReply(ErrorCode.NotAllowed, "no", false)));
        });
    }
}
