using Chat.Domain.Messages;
using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Statuses;

namespace Chat.Domain.Tests.Statuses;

/// <summary>R-133, protocol-spec.md §6.38: a message in the direct chat that answers a status.</summary>
public sealed class StatusReplyTests : StatusFixture
{
    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task A_reply_carries_what_it_answers_for_good_and_its_retry_is_answered_although_the_status_is_over(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        StatusRow posted = await PostAsync(anna);
        SendMessageInput reply = Reply(chatId, new WireStatusReference(posted.Id, ContentKind.Text, "At s"));
        SentMessage sent = (await World.Send.ExecuteAsync(bert, reply)).Value;
        await EndAsync(posted.Id);

        Assert.That((await World.Send.ExecuteAsync(bert, reply)).Value, Is.EqualTo(sent));
        FailureAssert.Failed(await World.Send.ExecuteAsync(bert, reply with { ClientMessageId = Guid.NewGuid() }), ErrorCode.StatusNotFound, "content");
        FailureAssert.Failed(
            await World.Send.ExecuteAsync(bert, reply with { Content = reply.Content! with { Status = null } }), ErrorCode.ClientMessageIdReused, "client_message_id");
        EventRow shown = (await World.ReadHistory.ExecuteAsync(anna, chatId, null, null, null, ct)).Value.Events.Single(e => e.Sequence == sent.Sequence);
        Assert.That(shown.ToWire().Content?.Status, Is.EqualTo(new WireStatusReference(posted.Id, ContentKind.Text, "At s")));
    }

    [Test, CancelAfter(30_000)]
    public async Task Only_what_the_sender_may_see_just_now_is_answered_and_only_to_its_author()
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        Caller cleo = await World.PersonAsync("Cleo");
        long elsewhere = await World.DirectChatAsync(bert, cleo), group = await World.GroupAsync(bert, anna), cleos = await World.DirectChatAsync(cleo, anna);
        StatusRow posted = await PostAsync(anna), own = await PostAsync(bert), deleted = await PostAsync(anna);
        await Deleter.ExecuteAsync(anna, deleted.Id, default);
        async Task RefusedAsync(Caller sender, long chat, long id, ErrorCode code, string why) => Assert.That(
            (await World.Send.ExecuteAsync(sender, Reply(chat, new WireStatusReference(id, ContentKind.Text)))).Failure?.Code, Is.EqualTo(code), why);

        await RefusedAsync(bert, elsewhere, posted.Id, ErrorCode.InvalidArgument, "another chat");
        await RefusedAsync(bert, group, posted.Id, ErrorCode.InvalidArgument, "a group");
        await RefusedAsync(bert, chatId, own.Id, ErrorCode.StatusNotFound, "one's own");
        await RefusedAsync(bert, chatId, deleted.Id, ErrorCode.StatusNotFound, "deleted");
        await RefusedAsync(bert, chatId, long.MaxValue >> 10, ErrorCode.StatusNotFound, "none");
        await RefusedAsync(cleo, cleos, posted.Id, ErrorCode.StatusNotFound, "not for her");
        await ForgetAsync(anna, bert);
        await RefusedAsync(bert, chatId, posted.Id, ErrorCode.StatusNotFound, "no contact any more");
        await KeepAsync(anna, bert);
        await BlockAsync(anna, bert);
        await RefusedAsync(bert, chatId, posted.Id, ErrorCode.StatusNotFound, "blocked");
        await UnblockAsync(anna, bert);
        Assert.That((await World.Send.ExecuteAsync(bert, Reply(chatId, new WireStatusReference(posted.Id, ContentKind.Text)))).IsOk);
    }

    [TestCase(ContentKind.Image, "At sea")]
    [TestCase(ContentKind.Text, "at sea")]
    [TestCase(ContentKind.Text, "At sea and more")]
    [TestCase(ContentKind.Audio, "At sea")]
    [TestCase(ContentKind.Text, "")]
    [CancelAfter(30_000)]
    public async Task What_a_reply_says_of_the_status_is_so(ContentKind kind, string text)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        StatusRow posted = await PostAsync(anna);

        FailureAssert.Failed(
            await World.Send.ExecuteAsync(bert, Reply(chatId, new WireStatusReference(posted.Id, kind, text))), ErrorCode.InvalidArgument, "content");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_reply_is_not_passed_on_as_one_and_its_words_are_few()
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        StatusRow posted = await PostAsync(anna, Text(new string('a', 200)));
        WireStatusReference status = new(posted.Id, ContentKind.Text, new string('a', 100));
        SendMessageInput reply = Reply(chatId, status);

        FailureAssert.Failed(await World.Send.ExecuteAsync(bert, reply with { Content = reply.Content! with { Forwarded = 1 } }), ErrorCode.InvalidArgument, "content");
        FailureAssert.Failed(await World.Send.ExecuteAsync(bert, Reply(chatId, status with { Text = new string('a', 101) })), ErrorCode.InvalidArgument, "content");
        FailureAssert.Failed(await World.Send.ExecuteAsync(bert, Reply(chatId, status with { StatusId = 0 })), ErrorCode.InvalidArgument, "content");
        Assert.That((await World.Send.ExecuteAsync(bert, reply)).IsOk);
    }

    private static SendMessageInput Reply(long chatId, WireStatusReference status) =>
        new(chatId, Guid.NewGuid(), "Where is that?", null, new WireContent(ContentKind.Text, null, [], null, null, null, status));

    private async Task<(Caller Anna, Caller Bert, long ChatId)> PairAsync()
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        return (anna, bert, await World.DirectChatAsync(anna, bert));
    }
}
