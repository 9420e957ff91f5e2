using System.Text.Json.Nodes;
using Chat.Domain.Chats;
using Chat.Domain.Messages;
using Chat.Domain.People;
using Chat.Domain.Push;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Chats;
using Chat.Storage.Push;

namespace Chat.Domain.Tests.Push;

/// <summary>R-373, R-374: what mentions or answers somebody is told though they muted the chat, and says that it does.</summary>
[NonParallelizable] // one world, whose events each test takes for its own
public sealed class MentionPushTests : PushFixture
{
    [Test, CancelAfter(60_000)]
    public async Task What_is_addressed_to_one_passes_the_mute_and_says_so_and_nothing_else_does(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla"), second = await DeviceAsync(bert);
        long chatId = await World.GroupAsync(anna, bert, carla);
        ChangeOwnSettings settings = new(new OwnSettingsStore(World.Source, World.Events), World.MarkRead, World.Limits);
        foreach (Caller person in (Caller[])[bert, carla])
            Assert.That((await settings.MuteAsync(person, chatId, TimeProvider.System.GetUtcNow().AddDays(1), ct)).IsOk);
        await World.SendAsync(anna, chatId, "before");
        await MentionAsync(anna, chatId, bert);
        long last = await World.SendAsync(anna, chatId, "after");

        JsonObject told = (await TellAsync(bert)).Single();

        Assert.That(
            ((string)told["text"]!, (bool)told["mention"]!, (int)told["count"]!, (string)told["sender"]!["name"]!), Is.EqualTo((Mentioning, true, 1, "Anna")),
            "of a muted chat nothing else is counted");
        Assert.That((long)told["sequence"]!, Is.LessThan(last));
        Assert.That(Told(second), Has.Length.EqualTo(1), "once a device");
        Assert.That(Told(carla), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_mention_passes_the_mute_however_many_messages_came_after_it()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla");
        long chatId = await World.GroupAsync(anna, bert, carla);
        await ExecuteAsync("update members set muted_until = now() + interval '1 day' where chat_id = $1 and principal_id = $2", chatId, bert.PrincipalId);
        long mention = await MentionAsync(anna, chatId, bert), last = mention;
        for (int i = 0; i < PushReceivers.MaxMessages + 5; i++) last = await World.SendAsync(anna, chatId);

        await TellAsync();

        JsonObject told = Told(bert).Single(), other = Told(carla).Single();
        Assert.That(((long)told["sequence"]!, (string)told["text"]!, (int)told["count"]!), Is.EqualTo((mention, Mentioning, 1)));
        Assert.That(((long)other["sequence"]!, other.ContainsKey("mention"), (int)other["count"]!), Is.EqualTo((last, false, PushReceivers.MaxMessages)));
    }

    [Test, CancelAfter(60_000)]
    public async Task An_answer_to_ones_own_message_is_addressed_to_one()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla");
        long chatId = await World.GroupAsync(anna, bert, carla);
        long asked = await World.SendAsync(bert, chatId, "a question");
        await ExecuteAsync("update members set muted_until = now() + interval '1 day' where chat_id = $1", chatId);
        await TellAsync();
        await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), "an answer", asked));

        JsonObject[] told = await TellAsync(bert);

        Assert.That(told.Select(one => ((string)one["text"]!, (bool)one["mention"]!)), Is.EqualTo(new[] { ("an answer", true) }));
        Assert.That(Told(carla), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Where_the_chat_is_not_muted_the_mention_is_what_is_told_of_several_messages()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla");
        long chatId = await World.GroupAsync(anna, bert, carla);
        await MentionAsync(anna, chatId, bert);
        long last = await World.SendAsync(carla, chatId, "something else");

        JsonObject told = (await TellAsync(bert)).Single();

        Assert.That(
            ((string)told["text"]!, (string)told["sender"]!["name"]!, (int)told["count"]!, (long)told["sequence"]!, (bool)told["mention"]!),
            Is.EqualTo((Mentioning, "Anna", 2, last, true)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_is_blocked_who_is_not_named_and_what_was_read_edited_or_is_in_a_channel_passes_no_mute(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await SubscriberAsync(), carla = await SubscriberAsync("Carla");
        long before = await World.GroupAsync(anna, bert, carla), since = await World.GroupAsync(anna, bert, carla), edited = await World.GroupAsync(anna, bert, carla);
        long read = await World.GroupAsync(anna, bert, carla), channel = await World.GroupAsync(anna, bert, carla), answer = await World.GroupAsync(anna, bert, carla);
        long asked = await World.SendAsync(bert, answer, "a question");
        await TellAsync();
        Service.Sent.Clear();
        await ExecuteAsync("update members set muted_until = now() + interval '1 day' where principal_id = $1 and chat_id <> $2", bert.PrincipalId, 0L);
        await ExecuteAsync("update chats set kind = 3 where id = $1", channel);
        long mistake = await MentionAsync(carla, edited, bert), seen = await MentionAsync(carla, read, bert);
        await MentionAsync(anna, since, bert);
        await MentionAsync(anna, channel, bert);
        Assert.That((await new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(bert, anna.PrincipalId, ct)).IsOk);
        await MentionAsync(anna, before, bert);
        await World.Send.ExecuteAsync(anna, new SendMessageInput(answer, Guid.NewGuid(), "an answer", asked));
        Assert.That((await World.Edit.ExecuteAsync(carla, edited, Guid.NewGuid(), mistake, "nobody", ct)).IsOk);
        Assert.That((await World.MarkRead.ExecuteAsync(bert, read, seen)).IsOk);

        Assert.That(await TellAsync(bert), Is.Empty);
        Assert.That(Told(carla), Is.Not.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task That_one_is_mentioned_is_said_to_devices_that_may_be_told_who_wrote()
    {
        Caller anna = await World.PersonAsync(), sender = await SubscriberAsync(content: PushContent.Sender), none = await DeviceAsync(sender, PushContent.None);
        long chatId = await World.GroupAsync(anna, sender);
        await MentionAsync(anna, chatId, sender);

        await TellAsync();

        Assert.That(Told(sender).Single().Select(member => member.Key), Is.EquivalentTo(new[] { "v", "kind", "chat", "sequence", "sender", "chatName", "mention", "count", "badge", "at" }));
        Assert.That(Told(none).Single().Select(member => member.Key), Is.EquivalentTo(new[] { "v", "kind", "chat", "sequence", "count", "badge", "at" }));
    }

    private const string Mentioning = "@you, look at this";

    private async Task<long> MentionAsync(Caller writer, long chatId, Caller named)
    {
        WireContent content = new(ContentKind.Text, null, [new WireMark(MarkKind.Mention, 0, 4, named.PrincipalId)], null, null, null);
        return (await World.Send.ExecuteAsync(writer, new SendMessageInput(chatId, Guid.NewGuid(), Mentioning, null, content))).Value.Sequence;
    }
}
