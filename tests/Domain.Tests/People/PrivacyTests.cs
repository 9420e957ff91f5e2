using Chat.Domain.Accounts;
using Chat.Domain.People;
using Chat.Domain.Presence;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.People;

namespace Chat.Domain.Tests.People;

public sealed class PrivacyTests : WorldFixture
{
    private static long _lastSession = 2_000;

    private UpdatePrivacy Update => new(World.Profiles, World.Limits, World.Privacy);

    private WatchPresence Watch => new(World.Principals, World.Registry, World.Privacy);

    private UpdateProfile Profile => new(World.Accounts, World.Profiles, World.Limits);

    private GetPrincipals Principals => new(World.Principals);

    [Test, CancelAfter(20_000)]
    public async Task A_profile_is_changed_field_by_field_and_told_to_ones_own_devices(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");

        await Profile.ExecuteAsync(anna, new ProfileChange(null, " Counting ", "media/7"), ct);
        Profile named = (await Profile.ExecuteAsync(anna, new ProfileChange("Ada", null, null), ct)).Value;
        Profile cleared = (await Profile.ExecuteAsync(anna, new ProfileChange(null, "", null), ct)).Value;

        Assert.That((named.Name, named.About, named.Avatar), Is.EqualTo(("Ada", "Counting", "media/7")));
        Assert.That((cleared.Name, cleared.About, cleared.Avatar), Is.EqualTo(("Ada", (string?)null, "media/7")));
        long inbox = (await World.Accounts.FindAsync(anna.PrincipalId, ct))!.InboxChatId;
        Assert.That(World.Events.Committed.Count(row => row.ChatId == inbox && row.Kind == EventKinds.ProfileChanged), Is.EqualTo(3));
        FailureAssert.Failed(await Profile.ExecuteAsync(anna, new ProfileChange(null, new string('a', 501), null), ct), ErrorCode.InvalidArgument, "about");
        FailureAssert.Failed(await Profile.ExecuteAsync(anna, new ProfileChange(null, null, "a\nb"), ct), ErrorCode.InvalidArgument, "avatar");
        FailureAssert.Failed(await Profile.ExecuteAsync(anna, new ProfileChange(null, "\ud800", null), ct), ErrorCode.InvalidArgument, "about");
    }

    [TestCase(Audience.Everyone, true, true)]
    [TestCase(Audience.Contacts, true, false)]
    [TestCase(Audience.Nobody, false, false)]
    [CancelAfter(20_000)]
    public async Task About_and_picture_and_presence_are_shown_to_their_audience(
        Audience audience, bool toContacts, bool toOthers, CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller friend = await World.PersonAsync("Friend");
        Caller other = await World.PersonAsync("Other");
        await World.GroupAsync(anna, friend, other);
        await World.Contacts.PutAsync(anna.PrincipalId, friend.PrincipalId, (null, false), 10, ct);
        await World.Contacts.PutAsync(other.PrincipalId, anna.PrincipalId, (null, false), 10, ct); // keeping somebody opens nothing
        await Profile.ExecuteAsync(anna, new ProfileChange(null, "Counting", "media/7"), ct);
        Privacy set = (await Update.ExecuteAsync(anna, audience, audience, audience, null, null, ct)).Value;
        Online(anna);

        Assert.That(set, Is.EqualTo(new Privacy(audience, audience, audience, true)));
        foreach ((Caller viewer, bool shown) in new[] { (anna, true), (friend, toContacts), (other, toOthers) })
        {
            WirePrincipal principal = (await Principals.ExecuteAsync(viewer, [anna.PrincipalId], ct)).Value.Single();
            WirePresence presence = (await Watch.ExecuteAsync(viewer, Online(viewer), [anna.PrincipalId], ct)).Value.Single();
            Assert.That((principal.About, principal.Avatar), Is.EqualTo(shown ? ("Counting", "media/7") : ((string?)null, (string?)null)));
            Assert.That(presence.Online, Is.EqualTo(shown));
        }
    }

    [Test, CancelAfter(20_000)]
    public async Task Who_watches_and_may_no_longer_is_told_offline_once(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        await World.DirectChatAsync(anna, bert);
        RecordingSubscriber own = Online(anna);
        RecordingSubscriber session = Online(bert);
        await Watch.ExecuteAsync(bert, session, [anna.PrincipalId], ct);
        await Watch.ExecuteAsync(anna, own, [anna.PrincipalId], ct);

        await Update.ExecuteAsync(anna, Audience.Contacts, null, null, null, null, ct);
        await Update.ExecuteAsync(anna, Audience.Nobody, null, null, null, null, ct);

        Assert.That(PushFrames.Read<PresencePush>(session.Pushed.Single().Frame), Is.EqualTo(new PresencePush(anna.PrincipalId, false, null)));
        Assert.That(own.Pushed, Is.Empty, "one sees oneself");
    }

    [Test, CancelAfter(20_000)]
    public async Task Read_receipts_that_are_off_hide_reading_both_ways_in_a_direct_chat(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        long chatId = await World.DirectChatAsync(anna, bert);
        long first = await World.SendAsync(anna, chatId);
        await World.MarkRead.ExecuteAsync(bert, chatId, first);

        await Update.ExecuteAsync(anna, null, null, null, false, null, ct);
        World.Fanout.Published.Clear();
        long second = await World.SendAsync(anna, chatId);
        await World.MarkRead.ExecuteAsync(bert, chatId, second);

        WireReceipt told = PushFrames.Read<ReceiptsPush>(World.Fanout.Published.Single(push => push.ChatId == chatId).Frame).Receipts.Single();
        Assert.That(told, Is.EqualTo(new WireReceipt(bert.PrincipalId, second, 0)));
        ChatRow ofAnna = (await World.GetChat.ExecuteAsync(anna, chatId, ct)).Value;
        Assert.That((ofAnna.OthersDeliveredUpTo, ofAnna.OthersReadUpTo), Is.EqualTo((second, 0L)));
        long inbox = (await World.Accounts.FindAsync(bert.PrincipalId, ct))!.InboxChatId;
        Assert.That(
            PushFrames.Read<ReceiptsPush>(World.Fanout.Published.Single(push => push.ChatId == inbox).Frame).Receipts.Single(),
            Is.EqualTo(new WireReceipt(bert.PrincipalId, second, second)), "the other devices of the reader know");

        await Update.ExecuteAsync(anna, null, null, null, true, null, ct);
        Assert.That((await World.GetChat.ExecuteAsync(anna, chatId, ct)).Value.OthersReadUpTo, Is.EqualTo(second));
    }

    [Test, CancelAfter(20_000)]
    public async Task In_a_group_who_turned_receipts_off_is_not_seen_to_read_and_a_new_membership_knows(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        Caller cora = await World.PersonAsync("Cora");
        await Update.ExecuteAsync(bert, null, null, null, false, null, ct);
        long chatId = await World.GroupAsync(anna, bert, cora);
        long head = await World.SendAsync(anna, chatId);
        await World.MarkRead.ExecuteAsync(bert, chatId, head);
        await World.MarkRead.ExecuteAsync(cora, chatId, head);

        IReadOnlyList<MemberRow> seen = (await World.ListMembers.ExecuteAsync(anna, chatId, null, null, ct)).Value.Members;
        Assert.That(seen.Single(member => member.PrincipalId == bert.PrincipalId).ReadUpTo, Is.Zero);
        Assert.That(seen.Single(member => member.PrincipalId == cora.PrincipalId).ReadUpTo, Is.EqualTo(head));
        Assert.That((await World.GetChat.ExecuteAsync(anna, chatId, ct)).Value.OthersReadUpTo, Is.Zero);
        MemberRow own = (await World.ListMembers.ExecuteAsync(bert, chatId, null, null, ct)).Value.Members.Single(m => m.PrincipalId == bert.PrincipalId);
        Assert.That(own.ReadUpTo, Is.EqualTo(head));
    }

    [Test, CancelAfter(30_000)]
    public async Task Two_devices_that_hide_two_things_at_once_hide_both(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        for (int round = 0; round < 5; round++)
        {
            await Update.ExecuteAsync(anna, Audience.Everyone, Audience.Everyone, Audience.Everyone, true, null, ct);
            await Task.WhenAll(
                Update.ExecuteAsync(anna, Audience.Nobody, null, null, null, null, ct),
                Update.ExecuteAsync(anna, null, Audience.Contacts, null, null, null, ct),
                Update.ExecuteAsync(anna, null, null, Audience.Nobody, null, null, ct),
                Update.ExecuteAsync(anna, null, null, null, false, null, ct));

            Privacy stored = (await new GetPrivacy(World.Profiles).ExecuteAsync(anna, ct)).Value;
            Assert.That(stored, Is.EqualTo(new Privacy(Audience.Nobody, Audience.Contacts, Audience.Nobody, ReadReceipts: false)), $"round {round}");
        }
    }

    [Test, CancelAfter(20_000)]
    public async Task An_audience_that_does_not_exist_is_refused(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");

        FailureAssert.Failed(await Update.ExecuteAsync(anna, (Audience)4, null, null, null, null, ct), ErrorCode.InvalidArgument, "last_seen");
        FailureAssert.Failed(await Update.ExecuteAsync(anna, null, 0, null, null, null, ct), ErrorCode.InvalidArgument, "profile_photo");
        FailureAssert.Failed(await Update.ExecuteAsync(new Caller(1L << 50, 1), null, null, null, null, null, ct), ErrorCode.SignInRequired);
    }

    private RecordingSubscriber Online(Caller caller)
    {
        RecordingSubscriber session = new(Interlocked.Increment(ref _lastSession), caller.PrincipalId);
        World.Registry.Online(session);
        return session;
    }
}
