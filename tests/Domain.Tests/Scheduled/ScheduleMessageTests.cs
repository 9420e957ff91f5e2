using Chat.Domain.Limits;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Domain.People;
using Chat.Domain.Scheduled;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Media;
using Chat.Storage.Scheduled;

namespace Chat.Domain.Tests.Scheduled;

/// <summary>R-091: what may be scheduled, changed and taken back, and what a repeated request finds.</summary>
[TestFixture]
internal sealed class ScheduleMessageTests : ScheduledFixture
{
    [Test, CancelAfter(60_000)]
    public async Task A_message_waits_and_the_senders_devices_are_told()
    {
        (_, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();

        ScheduledPage page = (await Lists.ExecuteAsync(bert, null, null, null, default)).Value;
        Assert.That(page.Messages.Single(), Is.EqualTo(message));
        Assert.That((message.State, message.Words!.Text, message.Version), Is.EqualTo((ScheduledState.Waiting, "later", 1)));
        EventRow told = World.Events.Committed.Single(row => row.Kind == EventKinds.ScheduledChanged && row.SenderId == bert.PrincipalId);
        Assert.That((told.SubjectId, told.ReplyTo), Is.EqualTo(((long?)chatId, (long?)message.Id)));
        Assert.That(await TextsAsync(chatId), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_repeated_request_finds_the_first_one_whatever_became_of_it()
    {
        Caller anna = await World.PersonAsync(), bert = await World.PersonAsync();
        long chatId = await World.DirectChatAsync(anna, bert);
        SendMessageInput sent = Text(chatId), cancelled = Text(chatId);
        DateTimeOffset due = Later;
        ScheduledMessage first = await ScheduleAsync(anna, sent, due), second = await ScheduleAsync(anna, cancelled, due);
        Assert.That(await ScheduleAsync(anna, sent, due), Is.EqualTo(first));

        ScheduledMessage changed = (await Change.ExecuteAsync(anna, first.Id, null, new ScheduledWords("other", null, null), null, default)).Value;
        Assert.That(await ScheduleAsync(anna, sent, due), Is.EqualTo(changed), "also changed");
        FailureAssert.Failed(await Schedule.ExecuteAsync(anna, sent with { Text = "other" }, due, default), ErrorCode.ClientMessageIdReused, "client_message_id");

        Assert.That((await Cancel.ExecuteAsync(anna, second.Id, default)).IsOk);
        await MakeDueAsync(first);
        await SendAllAsync(Sender);
        ScheduledMessage after = await ScheduleAsync(anna, sent, due);
        Assert.That((after.Id, after.State, after.Sequence is > 0, after.Words), Is.EqualTo((first.Id, ScheduledState.Sent, true, (ScheduledWords?)null)));
        ScheduledMessage gone = await ScheduleAsync(anna, cancelled, due);
        Assert.That((gone.Id, gone.State, gone.Words), Is.EqualTo((second.Id, ScheduledState.Cancelled, (ScheduledWords?)null)));
        Assert.That(await TextsAsync(chatId), Is.EqualTo(new[] { "other" }));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_could_not_be_sent_now_is_not_scheduled()
    {
        Caller anna = await World.PersonAsync(), bert = await World.PersonAsync(), cora = await World.PersonAsync();
        long chatId = await World.GroupAsync(anna, bert), direct = await World.DirectChatAsync(anna, cora);
        string file = await World.FileAsync(bert, chatId, "image/png", 9);
        await new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(cora, anna.PrincipalId, default);
        long sent = await World.SendAsync(anna, chatId);

        FailureAssert.Failed(await TryAsync(cora, Text(chatId)), ErrorCode.NotAMember, "chat_id");
        FailureAssert.Failed(await TryAsync(anna, Text(1_000_000)), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await TryAsync(anna, Text(direct)), ErrorCode.Blocked, "chat_id");
        FailureAssert.Failed(await TryAsync(anna, Text(chatId, "")), ErrorCode.TextEmpty, "text");
        FailureAssert.Failed(await TryAsync(anna, Text(chatId, replyTo: sent + 1)), ErrorCode.ReplyTargetNotFound, "reply_to");
        FailureAssert.Failed(await TryAsync(anna, Image(chatId, file)), ErrorCode.BlobNotFound, "blob_id");
        FailureAssert.Failed(await TryAsync(anna, Text(chatId) with { ClientMessageId = Guid.Empty }), ErrorCode.InvalidArgument, "client_message_id");
        SendMessageInput used = Text(chatId);
        await World.Send.ExecuteAsync(anna, used);
        FailureAssert.Failed(await TryAsync(anna, used), ErrorCode.ClientMessageIdReused, "client_message_id");
        Assert.That((await Lists.ExecuteAsync(anna, null, null, null, default)).Value.Messages, Is.Empty);
    }

    [TestCase(-60), TestCase(5), TestCase(367 * 24 * 3600)]
    public async Task A_time_that_is_past_too_soon_or_too_far_away_is_refused(int seconds)
    {
        Caller anna = await World.PersonAsync();
        long chatId = await World.GroupAsync(anna, await World.PersonAsync());

        FailureAssert.Failed(
            await Schedule.ExecuteAsync(anna, Text(chatId), In(TimeSpan.FromSeconds(seconds)), default), ErrorCode.ScheduleTimeInvalid, "due_at");
        ScheduledMessage message = await ScheduleAsync(anna, Text(chatId));
        FailureAssert.Failed(
            await Change.ExecuteAsync(anna, message.Id, In(TimeSpan.FromSeconds(seconds)), null, null, default), ErrorCode.ScheduleTimeInvalid, "due_at");
    }

    [Test, CancelAfter(120_000)]
    public async Task Nobody_has_more_than_may_be_also_from_many_places_at_once()
    {
        Caller anna = await World.PersonAsync();
        long chatId = await World.GroupAsync(anna, await World.PersonAsync());
        RequestLimits limits = new(new LiveSettings(new LimitSettings { OpenScheduled = 3, ScheduledPerMinute = 0, SendsPerSecond = 0 }), World.Load, World.Fanout, World.Time);
        ScheduleMessage schedule = new(Store, World.Send, limits, new MediaOptions());

        Result<ScheduledMessage>[] results = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => Task.Run(() => schedule.ExecuteAsync(anna, Text(chatId), Later, default))));

        Assert.That(results.Count(result => result.IsOk), Is.EqualTo(3));
        FailureAssert.Failed(results.First(result => !result.IsOk), ErrorCode.TooManyScheduled);
        Assert.That((await Cancel.ExecuteAsync(anna, results.First(result => result.IsOk).Value.Id, default)).IsOk);
        Assert.That((await schedule.ExecuteAsync(anna, Text(chatId), Later, default)).IsOk, "one was taken back");
    }

    [Test, CancelAfter(60_000)]
    public async Task The_101st_is_refused_by_default()
    {
        (_, Caller bert, long chatId, ScheduledMessage first) = await WaitingAsync();
        await ExecuteAsync(
            """
            insert into scheduled_messages (sender_id, chat_id, client_message_id, digest, body, due_at, next_at, created_at, changed_at)
            select sender_id, chat_id, gen_random_uuid(), '', 'x', due_at, due_at, now(), now() from scheduled_messages, generate_series(1, 99) where id = $1
            """,
            first.Id);

        FailureAssert.Failed(await TryAsync(bert, Text(chatId)), ErrorCode.TooManyScheduled);
        ScheduledPage page = (await Lists.ExecuteAsync(bert, chatId, null, 60, default)).Value;
        ScheduledPage rest = (await Lists.ExecuteAsync(bert, chatId, page.NextCursor, 60, default)).Value;
        Assert.That((page.Messages.Count, rest.Messages.Count, rest.NextCursor), Is.EqualTo((60, 40, (string?)null)));
        Assert.That(page.Messages.Concat(rest.Messages).Select(message => message.Id).Distinct().Count(), Is.EqualTo(100));
    }

    [Test, CancelAfter(60_000)]
    public async Task Time_and_words_change_once_and_not_over_another_change()
    {
        (_, Caller bert, _, ScheduledMessage message) = await WaitingAsync();
        DateTimeOffset due = In(TimeSpan.FromHours(2));
        ScheduledWords words = new("better", null, null);

        ScheduledMessage changed = (await Change.ExecuteAsync(bert, message.Id, due, words, 1, default)).Value;
        Assert.That((changed.Words, changed.DueAtMs, changed.Version), Is.EqualTo((words, due.ToUnixTimeMilliseconds(), 2)));
        Assert.That((await Change.ExecuteAsync(bert, message.Id, due, words, 1, default)).Value, Is.EqualTo(changed), "the reply was lost");
        FailureAssert.Failed(
            await Change.ExecuteAsync(bert, message.Id, null, new ScheduledWords("worse", null, null), 1, default), ErrorCode.NotChangeable, "id");
        FailureAssert.Failed(await Change.ExecuteAsync(bert, message.Id, null, null, null, default), ErrorCode.InvalidArgument, "due_at");

        for (int twice = 0; twice < 2; twice++) Assert.That((await Cancel.ExecuteAsync(bert, message.Id, default)).IsOk);
        FailureAssert.Failed(await Change.ExecuteAsync(bert, message.Id, Later, null, null, default), ErrorCode.NotChangeable, "id");
        FailureAssert.Failed(await Change.SendNowAsync(bert, message.Id, default), ErrorCode.NotChangeable, "id");
    }

    [Test, CancelAfter(60_000)]
    public async Task Anothers_does_not_exist()
    {
        (Caller anna, Caller bert, _, ScheduledMessage message) = await WaitingAsync();

        FailureAssert.Failed(await Change.ExecuteAsync(anna, message.Id, Later, null, null, default), ErrorCode.MessageNotFound, "id");
        FailureAssert.Failed(await Change.SendNowAsync(anna, message.Id, default), ErrorCode.MessageNotFound, "id");
        FailureAssert.Failed(await Cancel.ExecuteAsync(anna, message.Id, default), ErrorCode.MessageNotFound, "id");
        Assert.That((await Lists.ExecuteAsync(anna, null, null, null, default)).Value.Messages, Is.Empty);
        Assert.That(await FindAsync(bert, message.Id), Is.EqualTo(message));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_file_is_kept_as_long_as_its_message_waits_and_goes_when_it_is_taken_back()
    {
        Caller anna = await World.PersonAsync();
        long chatId = await World.GroupAsync(anna, await World.PersonAsync());
        string one = await World.FileAsync(anna, chatId, "image/png", 9), other = await World.FileAsync(anna, chatId, "image/png", 9);

        ScheduledMessage message = await ScheduleAsync(anna, Image(chatId, one));
        Assert.That((await IsKeptAsync(one), await IsKeptAsync(other)), Is.EqualTo((true, false)));
        SendMessageInput changed = Image(chatId, other);
        Assert.That((await Change.ExecuteAsync(anna, message.Id, null, new ScheduledWords("", null, changed.Content), null, default)).IsOk);
        Assert.That((await IsKeptAsync(one), await IsKeptAsync(other)), Is.EqualTo((false, true)));
        Assert.That((await Cancel.ExecuteAsync(anna, message.Id, default)).IsOk);
        Assert.That(await IsKeptAsync(other), Is.False);

        await ExecuteAsync("update blobs set expires_at = now() - interval '1 second' where id = $1", Guid.Parse(one));
        await new BlobGarbage(World.Source).ExpireAsync(10, default);
        FailureAssert.Failed(await TryAsync(anna, Image(chatId, one)), ErrorCode.BlobNotFound, "blob_id");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_file_outlives_the_message_that_showed_it_as_long_as_another_one_waits()
    {
        Caller anna = await World.PersonAsync();
        long chatId = await World.GroupAsync(anna, await World.PersonAsync());
        string file = await World.FileAsync(anna, chatId, "image/png", 9);
        long shown = (await World.Send.ExecuteAsync(anna, Image(chatId, file))).Value.Sequence;
        ScheduledMessage message = await ScheduleAsync(anna, Image(chatId, file));

        Assert.That((await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), shown, default)).IsOk);
        Assert.That(await IsKeptAsync(file));
        await MakeDueAsync(message);
        await SendAllAsync(Sender);
        Assert.That((await FindAsync(anna, message.Id)).State, Is.EqualTo(ScheduledState.Sent));

        ScheduledMessage again = await ScheduleAsync(anna, Image(chatId, file));
        long second = (await FindAsync(anna, message.Id)).Sequence!.Value;
        Assert.That((await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), second, default)).IsOk);
        Assert.That((await Cancel.ExecuteAsync(anna, again.Id, default)).IsOk);
        Assert.That(await IsKeptAsync(file), Is.False, "no message shows it any more, and none will");
    }

    [Test, CancelAfter(60_000)]
    public async Task Scheduling_has_a_rate_of_its_own()
    {
        Caller anna = await World.PersonAsync();
        long chatId = await World.GroupAsync(anna, await World.PersonAsync());
        RequestLimits limits = new(new LiveSettings(new LimitSettings { ScheduledPerMinute = 1, ScheduledBurst = 2 }), World.Load, World.Fanout, World.Time);
        ScheduleMessage schedule = new(Store, World.Send, limits, new MediaOptions());

        for (int i = 0; i < 2; i++) Assert.That((await schedule.ExecuteAsync(anna, Text(chatId), Later, default)).IsOk);
        FailureAssert.Failed(await schedule.ExecuteAsync(anna, Text(chatId), Later, default), ErrorCode.RateLimited);
    }

    private static SendMessageInput Image(long chatId, string blobId) => new(
        chatId, Guid.NewGuid(), "", null,
        new WireContent(ContentKind.Image, null, [], new WireMedia(blobId, "image/png", 9, null, null, null, null, null, []), null, null, null));

    private Task<Result<ScheduledMessage>> TryAsync(Caller caller, SendMessageInput input) => Schedule.ExecuteAsync(caller, input, Later, default);

    private Task<bool> IsKeptAsync(string blobId) => ScalarAsync<bool>("select expires_at is null from blobs where id = $1", Guid.Parse(blobId));
}
