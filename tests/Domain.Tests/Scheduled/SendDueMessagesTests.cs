using Chat.Domain.Limits;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Domain.Receipts;
using Chat.Domain.Scheduled;
using Chat.Domain.Statuses;
using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.ChatLog;
using Chat.Storage.Media;
using Chat.Storage.Receipts;
using Chat.Storage.Scheduled;
using Chat.Storage.Statuses;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Scheduled;

/// <summary>R-091: what is due is sent once, in its turn, or fails with a reason; whatever nodes do at the same time, or in the middle of it.</summary>
[TestFixture]
internal sealed class SendDueMessagesTests : ScheduledFixture
{
    [Test, CancelAfter(60_000)]
    public async Task A_message_is_sent_as_its_senders_when_it_is_due_and_not_before()
    {
        (_, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();
        await SendAllAsync(Sender);
        Assert.That(await TextsAsync(chatId), Is.Empty);

        await MakeDueAsync(message);
        await SendAllAsync(Sender);

        EventRow sent = World.Events.Committed.Single(row => row.ChatId == chatId && row.Kind == EventKinds.Message);
        Assert.That((sent.SenderId, sent.ClientMessageId, sent.Text), Is.EqualTo((bert.PrincipalId, (Guid?)message.ClientMessageId, "later")));
        ScheduledMessage after = await FindAsync(bert, message.Id);
        Assert.That((after.State, after.Sequence, after.Words), Is.EqualTo((ScheduledState.Sent, (long?)sent.Sequence, (ScheduledWords?)null)));
        Assert.That((await World.GetChat.ExecuteAsync(bert, chatId, default)).Value.Unread, Is.Zero, "one's own");
        Assert.That(World.Events.Committed.Count(row => row.Kind == EventKinds.ScheduledChanged && row.SenderId == bert.PrincipalId), Is.EqualTo(2));
        FailureAssert.Failed(await Cancel.ExecuteAsync(bert, message.Id, default), ErrorCode.NotChangeable, "id");
        FailureAssert.Failed(await Change.ExecuteAsync(bert, message.Id, Later, null, null, default), ErrorCode.NotChangeable, "id");
        Assert.That((await Change.SendNowAsync(bert, message.Id, default)).Value, Is.EqualTo(after), "it is so already");
    }

    [TestCase(true)]
    [TestCase(false)]
    [CancelAfter(60_000)]
    public async Task A_card_that_cannot_go_any_more_is_left_out_and_the_text_is_sent(bool isKeyRenewed)
    {
        (Caller anna, _, long chatId, _) = await WaitingAsync();
        const string url = "https://example.org/";
        string blobId = await World.FileAsync(anna, chatId, "image/png", 9);
        WireMedia image = new(blobId, "image/png", 9, null, null, null, null, null, []);
        WireLink link = World.Links.Sign(new WireLink(url, "A harbour", null, null, image, ""));
        WireContent content = new(ContentKind.Text, 2, [], null, null, null, Link: link);
        ScheduledMessage message = await ScheduleAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), url, null, content));
        if (isKeyRenewed)
        {
            await ExecuteAsync(
                """update scheduled_messages set content = jsonb_set(content, '{link,token}', '"AAECAwQFBgcICQoLDA0ODw"') where id = $1""", message.Id);
        }
        else
        {
            await ExecuteAsync("update blobs set state = 3, deleted_at = now() where id = $1", Guid.ParseExact(blobId, "N"));
        }

        await MakeDueAsync(message);

        await SendAllAsync(Sender);

        WireEvent sent = World.Events.Committed.Single(row => row.ChatId == chatId && row.Kind == EventKinds.Message).ToWire();
        Assert.That((sent.Text, sent.Content?.Forwarded, sent.Content?.Link), Is.EqualTo((url, (int?)2, (WireLink?)null)));
        Assert.That((await FindAsync(anna, message.Id)).State, Is.EqualTo(ScheduledState.Sent));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_a_blocked_account_has_waiting_is_held_with_the_reason_and_sent_when_its_person_says_so_after_the_block()
    {
        (_, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();
        await ExecuteAsync("update accounts set blocked_at = now() where principal_id = $1", bert.PrincipalId);
        await MakeDueAsync(message);
        await SendAllAsync(Sender);

        ScheduledMessage held = await FindAsync(bert, message.Id);
        Assert.That((held.State, held.Reason), Is.EqualTo((ScheduledState.Failed, ErrorCode.AccountBlocked)));
        Assert.That(await TextsAsync(chatId), Is.Empty);

        await ExecuteAsync("update accounts set blocked_at = null where principal_id = $1", bert.PrincipalId);
        await SendAllAsync(Sender);
        Assert.That(await TextsAsync(chatId), Is.Empty, "not by itself");
        Assert.That((await Change.SendNowAsync(bert, message.Id, default)).IsOk);
        await SendAllAsync(Sender);
        Assert.That(await TextsAsync(chatId), Is.EqualTo(new[] { "later" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    [CancelAfter(60_000)]
    public async Task Of_what_a_blocked_account_has_in_doubt_it_is_found_out_first_whether_it_was_sent(bool arrives)
    {
        (_, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();
        await MakeDueAsync(message);
        await Queue.PostponeAsync(await ClaimAsync(message), TimeSpan.Zero, inDoubt: true, default);
        await ExecuteAsync("update accounts set blocked_at = now() where principal_id = $1", bert.PrincipalId);
        await SendAllAsync(Sender);
        Assert.That((await FindAsync(bert, message.Id)).State, Is.EqualTo(ScheduledState.Sending), "the attempt may still arrive");

        await ExecuteAsync("update scheduled_messages set next_at = next_at - interval '30 seconds' where id = $1", message.Id);
        await using NpgsqlConnection attempt = await World.Source.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await attempt.BeginTransactionAsync();
        await using NpgsqlCommand append = new(
            """
            with chat as (update chats set head_sequence = head_sequence + 1 where id = $1 returning id, head_sequence)
            insert into events (chat_id, sequence, kind, sender_id, created_at, client_message_id, body)
            select id, head_sequence, 1, $2, now(), $3, 'later' from chat
            """,
            attempt);
        foreach (object value in (object[])[chatId, bert.PrincipalId, message.ClientMessageId]) append.Parameters.Add(new NpgsqlParameter { Value = value });
        await append.ExecuteNonQueryAsync();
        Task sending = SendAllAsync(Sender);
        while (!sending.IsCompleted && !await ScalarAsync<bool>(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"))
            await Task.Yield();
        Assert.That(sending.IsCompleted, Is.False, "waits for the attempt that is under way");
        await (arrives ? transaction.CommitAsync() : transaction.RollbackAsync());
        await sending;

        ScheduledMessage after = await FindAsync(bert, message.Id);
        Assert.That((after.State, after.Reason), Is.EqualTo(arrives ? (ScheduledState.Sent, (ErrorCode?)null) : (ScheduledState.Failed, ErrorCode.AccountBlocked)));
        Assert.That(await TextsAsync(chatId), Has.Length.EqualTo(arrives ? 1 : 0));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_to_be_sent_now_is()
    {
        (_, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();

        ScheduledMessage due = (await Change.SendNowAsync(bert, message.Id, default)).Value;
        Assert.That((await Change.SendNowAsync(bert, message.Id, default)).Value, Is.EqualTo(due), "twice is no failure");
        await SendAllAsync(Sender);

        Assert.That(await TextsAsync(chatId), Is.EqualTo(new[] { "later" }));
    }

    [Test, CancelAfter(120_000)]
    public async Task Of_two_nodes_at_once_each_message_is_sent_by_one_and_in_the_order_in_which_they_are_due()
    {
        Caller anna = await World.PersonAsync();
        long[] chats = [await World.GroupAsync(anna, await World.PersonAsync()), await World.GroupAsync(anna, await World.PersonAsync())];
        List<ScheduledMessage> messages = [];
        for (int i = 20; i > 0; i--)
        {
            foreach (long chatId in chats) messages.Add(await ScheduleAsync(anna, Text(chatId, $"{i:00}"), In(TimeSpan.FromHours(i))));
        }

        await using Node other = new(World);
        await MakeDueAsync([.. messages]);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => SendAllAsync(i % 2 == 0 ? Sender : SenderOf(other.Send)))));
        await SendAllAsync(Sender); // a round that found another node at it says that nothing is left

        foreach (long chatId in chats)
            Assert.That(await TextsAsync(chatId), Is.EqualTo(Enumerable.Range(1, 20).Select(i => $"{i:00}")), "once each, by due time");
        Assert.That((await Lists.ExecuteAsync(anna, null, null, null, default)).Value.Messages, Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_node_that_dies_behind_the_sending_leaves_one_message()
    {
        (_, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();
        ScheduledMessage next = await ScheduleAsync(bert, Text(chatId, "next"), In(TimeSpan.FromHours(2)));
        await MakeDueAsync(message, next);
        ClaimedMessage claimed = await ClaimAsync(message);
        long sequence = (await World.Send.ExecuteAsync(bert, new SendMessageInput(chatId, claimed.ClientMessageId, claimed.Text, null))).Value.Sequence;

        await SendAllAsync(Sender);
        Assert.That(await TextsAsync(chatId), Is.EqualTo(new[] { "later" }), "nobody takes it, or the next one, while its lease lasts");
        FailureAssert.Failed(await Cancel.ExecuteAsync(bert, message.Id, default), ErrorCode.NotChangeable, "id");
        await ExecuteAsync("update scheduled_messages set next_at = now() - interval '1 second' where id = $1", message.Id);
        await SendAllAsync(Sender);

        Assert.That(await TextsAsync(chatId), Is.EqualTo(new[] { "later", "next" }));
        Assert.That((await FindAsync(bert, message.Id)).Sequence, Is.EqualTo(sequence));
        Assert.That(await Queue.MarkFailedAsync(claimed, (short)ErrorCode.Internal, default), Is.False, "the late node has no say any more");
        Assert.That(await Queue.MarkSentAsync(claimed, 999, default), Is.False);
        Assert.That((await FindAsync(bert, message.Id)).State, Is.EqualTo(ScheduledState.Sent));
    }

    [Test, CancelAfter(120_000)]
    public async Task Taken_back_while_it_is_claimed_it_is_either_sent_or_cancelled()
    {
        (_, Caller bert, long chatId, _) = await WaitingAsync();
        List<ScheduledMessage> messages = [];
        for (int i = 0; i < 20; i++) messages.Add(await ScheduleAsync(bert, Text(chatId, $"{i}")));
        await MakeDueAsync([.. messages]);

        Task sending = Task.Run(() => SendAllAsync(Sender));
        List<string> taken = [];
        foreach (ScheduledMessage message in messages.AsEnumerable().Reverse())
        {
            if ((await Cancel.ExecuteAsync(bert, message.Id, default)).IsOk) taken.Add(message.Words!.Text);
        }

        await sending;
        await SendAllAsync(Sender);
        Assert.That((await TextsAsync(chatId)).Concat(taken), Is.EquivalentTo(messages.Select(message => message.Words!.Text)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_was_removed_meanwhile_sees_why_it_failed_and_may_send_it_once_back()
    {
        (Caller anna, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();
        ScheduledMessage next = await ScheduleAsync(bert, Text(chatId, "next"), In(TimeSpan.FromHours(2)));
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, default);
        await MakeDueAsync(message);

        await SendAllAsync(Sender);

        ScheduledMessage failed = (await Lists.ExecuteAsync(bert, chatId, null, 1, default)).Value.Messages.Single();
        Assert.That((failed.Id, failed.State, failed.Reason, failed.Words!.Text), Is.EqualTo((message.Id, ScheduledState.Failed, (ErrorCode?)ErrorCode.NotAMember, "later")));
        FailureAssert.Failed(await Change.SendNowAsync(bert, message.Id, default), ErrorCode.NotAMember, "chat_id");
        Assert.That((await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], default)).IsOk);
        FailureAssert.Failed(
            await Change.ExecuteAsync(bert, message.Id, null, new ScheduledWords("again", null, null), null, default), ErrorCode.ScheduleTimeInvalid, "due_at");
        ScheduledMessage waiting = (await Change.ExecuteAsync(bert, message.Id, Later, new ScheduledWords("again", null, null), null, default)).Value;
        Assert.That((waiting.State, waiting.Reason), Is.EqualTo((ScheduledState.Waiting, (ErrorCode?)null)));
        await MakeDueAsync(message, next);
        await SendAllAsync(Sender);
        Assert.That(await TextsAsync(chatId), Is.EquivalentTo(new[] { "again", "next" }));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_a_rate_holds_back_is_tried_again_and_holds_up_nobody_else()
    {
        (_, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();
        (_, Caller dora, long otherChat, ScheduledMessage others) = await WaitingAsync("other");
        await using Node slow = new(World, new LimitSettings { SendsPerMinute = 0.06, SendsBurst = 1, ChatMessagesPerSecond = 0 });
        Assert.That((await slow.Send.ExecuteAsync(bert, Text(chatId, "the last one of its rate"))).IsOk);
        await MakeDueAsync(message, others);

        await SendAllAsync(SenderOf(slow.Send));

        Assert.That(await TextsAsync(otherChat), Is.EqualTo(new[] { "other" }));
        Assert.That((await FindAsync(dora, others.Id)).State, Is.EqualTo(ScheduledState.Sent));
        Assert.That((await FindAsync(bert, message.Id)).State, Is.EqualTo(ScheduledState.Waiting), "it was not stored: its sender may change it");
        Assert.That(await ScalarAsync<int>("select faults::integer from scheduled_messages where id = $1", message.Id), Is.Zero, "a rate is none");
        Assert.That(await SecondsUntilNextAsync(message), Is.InRange(30, 60));
        await ExecuteAsync("update scheduled_messages set next_at = now() - interval '1 second' where id = $1", message.Id);
        await SendAllAsync(Sender);
        Assert.That(await TextsAsync(chatId), Is.EqualTo(new[] { "the last one of its rate", "later" }));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_message_that_cannot_be_read_back_fails_in_the_end_and_holds_up_nobody()
    {
        (_, Caller bert, long chatId, ScheduledMessage poison) = await WaitingAsync();
        (_, _, long otherChat, ScheduledMessage others) = await WaitingAsync("other");
        await MakeDueAsync(poison, others);
        await ExecuteAsync("""update scheduled_messages set content = '"no object"', faults = 9 where id = $1""", poison.Id);

        await SendAllAsync(Sender);

        Assert.That(await TextsAsync(otherChat), Is.EqualTo(new[] { "other" }));
        (short state, short reason) = await StateAsync(poison);
        Assert.That((state, reason, (await TextsAsync(chatId)).Length), Is.EqualTo((ScheduledStates.Failed, (short)ErrorCode.Internal, 0)));
        Assert.That((await Cancel.ExecuteAsync(bert, poison.Id, default)).IsOk);
    }

    [Test, CancelAfter(60_000)]
    public async Task What_the_log_has_is_sent_even_if_the_last_attempt_was_refused()
    {
        (_, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();
        await MakeDueAsync(message);
        ClaimedMessage claimed = await ClaimAsync(message);
        long sequence = (await World.Send.ExecuteAsync(bert, new SendMessageInput(chatId, claimed.ClientMessageId, claimed.Text, null))).Value.Sequence;

        Assert.That(await Queue.MarkFailedAsync(claimed, (short)ErrorCode.BlobNotFound, default), Is.True);

        ScheduledMessage after = await FindAsync(bert, message.Id);
        Assert.That((after.State, after.Sequence, after.Reason), Is.EqualTo((ScheduledState.Sent, (long?)sequence, (ErrorCode?)null)));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_stands_behind_a_message_that_is_held_back_waits_with_it()
    {
        (_, Caller bert, long chatId, ScheduledMessage first) = await WaitingAsync();
        ScheduledMessage behind = await ScheduleAsync(bert, Text(chatId), In(TimeSpan.FromHours(2)));
        ScheduledMessage muchLater = await ScheduleAsync(bert, Text(chatId), In(TimeSpan.FromHours(3)));
        await MakeDueAsync(first, behind);

        await Queue.PostponeAsync(await ClaimAsync(first), TimeSpan.FromMinutes(1), inDoubt: false, default);

        foreach (ScheduledMessage message in (ScheduledMessage[])[first, behind])
            Assert.That(await SecondsUntilNextAsync(message), Is.InRange(30, 60), "a claim looks at neither before");
        Assert.That(await SecondsUntilNextAsync(muchLater), Is.GreaterThan(3_600), "and at no other one earlier");
        Assert.That((await FindAsync(bert, behind.Id)).State, Is.EqualTo(ScheduledState.Waiting));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_was_given_back_is_taken_at_once_and_no_fault()
    {
        (_, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();
        await MakeDueAsync(message);

        await Queue.GiveBackAsync(await ClaimAsync(message), default);

        Assert.That((await FindAsync(bert, message.Id)).State, Is.EqualTo(ScheduledState.Waiting));
        Assert.That((await ClaimAsync(message)).Faults, Is.Zero);
        Assert.That(await TextsAsync(chatId), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_node_that_has_no_room_claims_nothing()
    {
        (_, Caller bert, long chatId, ScheduledMessage message) = await WaitingAsync();
        await MakeDueAsync(message);
        World.Load.Refresh(memoryShare: 0.9);
        Assert.That(await Sender.ExecuteAsync(default), Is.Zero);
        Assert.That((await FindAsync(bert, message.Id)).State, Is.EqualTo(ScheduledState.Waiting));

        World.Load.Refresh(memoryShare: 0);
        await SendAllAsync(Sender);
        Assert.That(await TextsAsync(chatId), Is.EqualTo(new[] { "later" }));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_was_sent_cancelled_or_failed_long_ago_is_forgotten()
    {
        (_, Caller bert, long chatId, ScheduledMessage sent) = await WaitingAsync();
        ScheduledMessage cancelled = await ScheduleAsync(bert, Text(chatId)), waiting = await ScheduleAsync(bert, Text(chatId));
        await Cancel.ExecuteAsync(bert, cancelled.Id, default);
        await MakeDueAsync(sent);
        await SendAllAsync(Sender);
        Assert.That(await DaysAsync(sent), Is.EqualTo(7));
        await Queue.DeleteGoneAsync(100, TimeSpan.FromDays(1), default);
        Assert.That((await FindAsync(bert, sent.Id)).State, Is.EqualTo(ScheduledState.Sent));

        await ExecuteAsync("update scheduled_messages set gone_at = now() - interval '1 second' where sender_id = $1 and gone_at is not null", bert.PrincipalId);
        Assert.That(await Queue.DeleteGoneAsync(1, TimeSpan.FromDays(1), default), Is.EqualTo(1), "so many at a time");
        Assert.That(await Queue.DeleteGoneAsync(100, TimeSpan.FromDays(1), default), Is.EqualTo(1));
        Assert.That(await Store.FindAsync(bert.PrincipalId, sent.Id, default), Is.Null);
        Assert.That((await FindAsync(bert, waiting.Id)).State, Is.EqualTo(ScheduledState.Waiting));
    }

    private async Task<ClaimedMessage> ClaimAsync(ScheduledMessage message) =>
        (await Queue.ClaimAsync(50, Lease, default)).Single(claimed => claimed.Id == message.Id);

    private Task<int> SecondsUntilNextAsync(ScheduledMessage message) => ScalarAsync<int>(
        "select round(extract(epoch from next_at - clock_timestamp()))::integer from scheduled_messages where id = $1", message.Id);

    private Task<int> DaysAsync(ScheduledMessage message) => ScalarAsync<int>(
        "select round(extract(epoch from gone_at - changed_at) / 86400)::integer from scheduled_messages where id = $1", message.Id);

    private async Task<(short State, short Reason)> StateAsync(ScheduledMessage message) => (
        await ScalarAsync<short>("select state from scheduled_messages where id = $1", message.Id),
        await ScalarAsync<short>("select reason from scheduled_messages where id = $1", message.Id));

    /// <summary>Another node's way of sending: a chat log and receipts of its own, on the same database.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly ChatLogWriter _log;
        private readonly ReceiptWriter _receipts;

        public Node(World world, LimitSettings? limits = null)
        {
            _log = new ChatLogWriter(world.Source, new ChatLogOptions(), world.Events, TimeProvider.System, NullLogger<ChatLogWriter>.Instance);
            _receipts = new ReceiptWriter(
                world.Source, new ReceiptFanout(world.Fanout), new ReceiptOptions(), TimeProvider.System, NullLogger<ReceiptWriter>.Instance);
            RequestLimits own = limits is null
                ? world.Limits
                : new RequestLimits(new LiveSettings(limits), world.Load, world.Fanout, world.Time);
            Send = new SendMessage(_log, _receipts, own, world.References);
            _log.Start();
            _receipts.Start();
        }

        public SendMessage Send { get; }

        public async ValueTask DisposeAsync()
        {
            await _log.StopAsync();
            await _receipts.StopAsync();
        }
    }
}
