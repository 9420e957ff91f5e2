using System.Text.Json.Nodes;
using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Domain.Cluster;
using Chat.Domain.Messages;
using Chat.Domain.People;
using Chat.Domain.Push;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.TestKit;

namespace Chat.Domain.Tests.Push;

/// <summary>R-372 to R-374: who is told of a message, and what is said.</summary>
[NonParallelizable] // one world, whose events each test takes for its own
public sealed class TellAwayTests : PushFixture
{
    [Test, CancelAfter(60_000)]
    public async Task A_message_is_told_to_each_device_that_is_away_and_to_no_other()
    {
        Caller anna = await SubscriberAsync("Anna"), bert = await SubscriberAsync(), second = await DeviceAsync(bert), here = await DeviceAsync(bert);
        Caller silent = await World.PersonAsync("Carla"), stranger = await SubscriberAsync("Dora");
        long chatId = await World.GroupAsync(anna, bert, silent);
        World.Sessions.ConnectedDevices[here.DeviceId] = true;
        long sequence = await World.SendAsync(anna, chatId, "Moin 👋");

        JsonObject[] told = await TellAsync(bert, second, here, anna, stranger);

        Assert.That(told, Has.Length.EqualTo(2), "two devices that are away");
        Assert.That(Service.Sent.Select(one => one.Target.DeviceId), Is.EquivalentTo(new[] { bert.DeviceId, second.DeviceId }));
        JsonObject one = told[0];
        Assert.That(
            ((int)one["v"]!, (string)one["kind"]!, (long)one["chat"]!, (long)one["sequence"]!, (string)one["chatName"]!, (string)one["text"]!, (int)one["count"]!),
            Is.EqualTo((1, "message", chatId, sequence, "Team", "Moin 👋", 1)));
        Assert.That(((long)one["sender"]!["id"]!, (string)one["sender"]!["name"]!, (int)one["badge"]!), Is.EqualTo((anna.PrincipalId, "Anna", 1)));
        Assert.That(Service.Sent.Select(sent => sent.Notice.Topic).Distinct().Count(), Is.EqualTo(2), "nobody sees that two devices are told of one chat");
        Assert.That(Service.Sent.Select(sent => sent.Notice.Topic), Has.All.Matches("^[A-Za-z0-9_-]{32}$"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Before_it_has_settled_nothing_is_told_and_what_is_read_meanwhile_is_not()
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla");
        long chatId = await World.GroupAsync(anna, bert, carla);
        long sequence = await World.SendAsync(anna, chatId);
        News.OnCommitted([.. World.Events.Committed]);
        Time.Advance(Options.Settling - TimeSpan.FromMilliseconds(1));
        await Tell.ExecuteAsync(default);
        Assert.That(Service.Sent, Is.Empty);

        Assert.That((await World.MarkRead.ExecuteAsync(bert, chatId, sequence)).IsOk);

        Assert.That(await TellAsync(bert), Is.Empty);
        Assert.That(Told(carla), Has.Length.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task Of_several_messages_the_newest_is_told_with_their_number_and_without_ones_own()
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla");
        long chatId = await World.GroupAsync(anna, bert, carla);
        await World.SendAsync(anna, chatId, "one");
        await World.SendAsync(anna, chatId, "two");
        await World.SendAsync(bert, chatId, "three");

        JsonObject toCarla = (await TellAsync(carla)).Single();

        Assert.That(((string)toCarla["text"]!, (string)toCarla["sender"]!["name"]!, (int)toCarla["count"]!), Is.EqualTo(("three", "Bert", 3)));
        Assert.That(Told(bert), Is.Empty, "whoever writes has read what came before");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_muted_chat_is_silent_until_its_time_is_over(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla");
        long chatId = await World.GroupAsync(anna, bert, carla);
        ChangeOwnSettings settings = new(new OwnSettingsStore(World.Source, World.Events), World.MarkRead, World.Limits);
        Assert.That((await settings.MuteAsync(bert, chatId, TimeProvider.System.GetUtcNow().AddDays(1), ct)).IsOk);
        Assert.That((await settings.MuteAsync(carla, chatId, TimeProvider.System.GetUtcNow().AddDays(1), ct)).IsOk);
        await ExecuteAsync("update members set muted_until = now() - interval '1 second' where chat_id = $1 and principal_id = $2", chatId, carla.PrincipalId);
        await World.SendAsync(anna, chatId);

        Assert.That(await TellAsync(bert), Is.Empty);
        Assert.That(Told(carla), Has.Length.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_has_left_who_came_later_and_whom_a_block_divides_is_told_nothing(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla");
        long group = await World.GroupAsync(anna, bert), direct = await World.DirectChatAsync(anna, bert);
        await World.SendAsync(anna, group);
        await World.SendAsync(anna, direct);
        Assert.That((await World.RemoveMember.ExecuteAsync(anna, group, bert.PrincipalId, ct)).IsOk);
        Assert.That((await World.AddMembers.ExecuteAsync(anna, group, [carla.PrincipalId], ct)).IsOk);
        Assert.That((await new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(bert, anna.PrincipalId, ct)).IsOk);

        Assert.That(await TellAsync(bert, carla), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_deleted_message_is_told_to_nobody_and_an_edited_one_as_it_is(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync();
        long one = await World.DirectChatAsync(anna, bert), other = await World.GroupAsync(anna, bert);
        long deleted = await World.SendAsync(anna, one, "a mistake"), edited = await World.SendAsync(anna, other, "teh text");
        Assert.That((await World.Delete.ExecuteAsync(anna, one, Guid.NewGuid(), deleted, ct)).IsOk);
        Assert.That((await World.Edit.ExecuteAsync(anna, other, Guid.NewGuid(), edited, "the text", ct)).IsOk);

        Assert.That((await TellAsync(bert)).Select(told => (string)told["text"]!), Is.EqualTo(new[] { "the text" }));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_a_device_does_not_want_to_be_said_is_not_sent()
    {
        Caller anna = await World.PersonAsync(), full = await SubscriberAsync(), sender = await DeviceAsync(full, PushContent.Sender), none = await DeviceAsync(full, PushContent.None);
        long chatId = await World.GroupAsync(anna, full);
        WireContent place = new(ContentKind.Location, null, [], null, new WireLocation(53_500_000_00, 9_750_000_00, "The harbour"), null);
        await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), "secret words", null, place));

        await TellAsync();

        Assert.That(Told(full).Single().Select(member => member.Key), Is.EquivalentTo(new[]
        {
            "v", "kind", "chat", "sequence", "sender", "chatName", "text", "content", "count", "badge", "at",
        }));
        Assert.That((string)Told(full).Single()["content"]!, Is.EqualTo("location"));
        Assert.That(Told(sender).Single().Select(member => member.Key), Is.EquivalentTo(new[] { "v", "kind", "chat", "sequence", "sender", "chatName", "count", "badge", "at" }));
        Assert.That(Told(none).Single().Select(member => member.Key), Is.EquivalentTo(new[] { "v", "kind", "chat", "sequence", "count", "badge", "at" }));
        Assert.That(Told(none).Single().ToJsonString(), Does.Not.Contain("Anna").And.Not.Contain("Team").And.Not.Contain("secret"));
    }

    [Test, CancelAfter(60_000)]
    public async Task The_badge_counts_unread_chats_that_are_not_muted(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync();
        long read = await World.GroupAsync(anna, bert), muted = await World.GroupAsync(anna, bert), unread = await World.GroupAsync(anna, bert), chatId = await World.DirectChatAsync(anna, bert);
        foreach (long chat in (long[])[read, muted, unread, chatId]) await World.SendAsync(anna, chat);
        ChatRow row = (await World.GetChat.ExecuteAsync(bert, read, ct)).Value;
        Assert.That((await World.MarkRead.ExecuteAsync(bert, read, row.HeadSequence)).IsOk);
        Assert.That((await new ChangeOwnSettings(new OwnSettingsStore(World.Source, World.Events), World.MarkRead, World.Limits).MuteAsync(bert, muted, TimeProvider.System.GetUtcNow().AddDays(1), ct)).IsOk);

        Assert.That((await TellAsync(bert)).Select(told => (int)told["badge"]!), Is.EqualTo(new[] { 2, 2 }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_wrote_has_the_name_that_the_receiver_gave_them()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla");
        await ExecuteAsync("insert into contacts (principal_id, contact_id, name) values ($1, $2, 'Anna from work')", bert.PrincipalId, anna.PrincipalId);
        long chatId = await World.GroupAsync(anna, bert, carla);
        await World.SendAsync(anna, chatId);

        await TellAsync();

        Assert.That((string)Told(bert).Single()["sender"]!["name"]!, Is.EqualTo("Anna from work"));
        Assert.That((string)Told(carla).Single()["sender"]!["name"]!, Is.EqualTo("Anna"));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_long_text_is_cut_between_characters_and_fits()
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync();
        long chatId = await World.DirectChatAsync(anna, bert);
        await World.SendAsync(anna, chatId, string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 300)));

        string text = (string)(await TellAsync(bert)).Single()["text"]!;

        Assert.That(text, Does.Match("^(👨‍👩‍👧‍👦)+…$"));
        Assert.That(Service.Sent.Single().Notice.Payload.Length, Is.LessThan(3_900));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_device_that_is_connected_to_another_node_is_not_told_and_a_node_that_is_silent_is_not_waited_for(CancellationToken ct)
    {
        RecordingSessions there = new();
        InMemoryBroker broker = Bus.Join();
        ControlReceiver control = new(new DeviceRevocation(World.Tokens, there, broker));
        NodeIdentity node = NodeIdentity.Create("b");
        ConnectedDevices other = new(there, broker, node, new PeerNodes(node, Time), Time);
        control.DevicesAsked += other.OnHeard;
        broker.Attach(BrokerTopic.Control, control);
        await broker.StartAsync(ct);
        Peers.Heard(node.Incarnation);
        Peers.Heard(4711); // of an older version: it does not answer
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync(), away = await DeviceAsync(bert);
        there.ConnectedDevices[bert.DeviceId] = true;
        long chatId = await World.DirectChatAsync(anna, bert);

        HashSet<long> found = await Connected.FindAsync([new(bert.PrincipalId, bert.DeviceId), new(away.PrincipalId, away.DeviceId)], ct);
        Assert.That(found, Is.EquivalentTo(new[] { bert.DeviceId }));
        long begun = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < 100; i++) await Connected.FindAsync([new(bert.PrincipalId, bert.DeviceId)], ct);
        Assert.That(TimeProvider.System.GetElapsedTime(begun), Is.LessThan(TimeSpan.FromSeconds(20)), "who never answered is waited for once: 30 s else");

        broker.SetHealth(BrokerHealth.Degraded); // hears nothing, says nothing
        await World.SendAsync(anna, chatId);
        Assert.That(await TellAsync(bert, away), Has.Length.EqualTo(2), "twice rather than not at all");
    }

    [Test, CancelAfter(60_000)]
    public async Task All_members_of_a_large_chat_are_told_each_once()
    {
        const int Members = 1_203; // more than two pages
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync();
        long chatId = await World.GroupAsync(anna, bert);
        await ExecuteAsync(
            """
            with made as (
                insert into chats (kind) select 5 from generate_series(1, $2::int) returning id
            ),
            people as (insert into principals (kind, name, inbox_chat_id) select 1, 'reader', id from made returning id),
            phones as (insert into devices (principal_id, name) select id, 'phone' from people returning id, principal_id),
            signed_in as (
                insert into refresh_tokens (token_hash, device_id, expires_at)
                select sha256(int8send(id) || 'token'), id, now() + interval '1 day' from phones
            ),
            joined as (
                insert into members (chat_id, principal_id, role, joined_at_sequence) select $1, id, 1, 1 from people
            ),
            counted as (update chats set member_count = member_count + $2::int where id = $1)
            insert into push_subscriptions (device_id, principal_id, transport, endpoint, endpoint_hash, p256dh, auth, content)
            select id, principal_id, 1, 'https://push.example.net/' || id, int8send(id), '', '', 3 from phones
            """,
            chatId, Members);
        await World.SendAsync(anna, chatId);

        await TellAsync();

        Assert.That(Service.Sent.Select(one => one.Target.DeviceId).Distinct().Count(), Is.EqualTo(Members + 1));
        Assert.That(Service.Sent, Has.Count.EqualTo(Members + 1));
        Assert.That(RecordingPush.Read(Service.Sent.First().Notice).ContainsKey("badge"), Is.False, "too many to be counted for");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_one_hid_or_has_answered_is_not_told_nor_to_a_sign_in_that_ran_out()
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla"), dora = await SubscriberAsync("Dora");
        long chatId = await World.GroupAsync(anna, bert, carla, dora);
        long sequence = await World.SendAsync(anna, chatId, "a question");
        await ExecuteAsync("insert into hidden_messages (principal_id, chat_id, sequence, event_sequence) values ($1, $2, $3, 1)", bert.PrincipalId, chatId, sequence);
        await ExecuteAsync("update refresh_tokens set expires_at = now() - interval '1 second' where device_id = $1", dora.DeviceId);
        Note();
        await World.SendAsync(carla, chatId, "the answer, by another node");
        World.Events.Committed.Clear();

        Assert.That(await TellAsync(bert, carla, dora), Is.Empty);
    }

    [Test]
    public void Nothing_is_noted_while_nobody_wants_it()
    {
        News.IsWanted = false;
        News.OnCommitted([new EventRow(7, 1, EventKinds.Message, 1, 0, Guid.NewGuid(), null, "x", null, null)]);
        News.IsWanted = true;
        Time.Advance(Options.Settling);

        Assert.That(News.TakeChats(10), Is.Empty);
    }
}
