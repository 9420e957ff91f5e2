using Chat.Domain.Chats;
using Chat.Domain.Limits;
using Chat.Domain.Messages;
using Chat.Domain.People;
using Chat.Domain.Receipts;
using Chat.Protocol.Codes;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Receipts;

namespace Chat.Domain.Tests.Receipts;

/// <summary>Who has got and read a message, and when (R-110, protocol-spec.md §8.5, §8.7).</summary>
public sealed class ListReceiptsTests : WorldFixture
{
    private UpdatePrivacy Privacy => new(World.Profiles, World.Limits, World.Privacy);

    [Test, CancelAfter(20_000)]
    public async Task The_sender_learns_who_got_and_who_read_it_and_when()
    {
        (Caller anna, Caller bert, Caller cora, long chatId) = await GroupAsync();
        long earlier = await SendAsync(anna, chatId);
        long message = await SendAsync(anna, chatId);
        DateTimeOffset gotAt = await LaterAsync(3);
        await World.MarkDelivered.ExecuteAsync(bert, chatId, message);
        await World.MarkRead.ExecuteAsync(bert, chatId, earlier);
        DateTimeOffset readAt = await LaterAsync(5);
        await World.MarkRead.ExecuteAsync(bert, chatId, message);
        await World.WriteTimesAsync();

        ReceiptPage page = await ReadAsync(anna, chatId, message);

        Assert.That(page.Receipts.Members, Is.EqualTo(new[]
        {
            new MemberReceiptRow(bert.PrincipalId, true, true, gotAt.AddMinutes(7), readAt), new MemberReceiptRow(cora.PrincipalId, false, false, null, null),
        }));
        Assert.That(Counts(page), Is.EqualTo((1, 1, 2)));
        MemberReceiptRow ofEarlier = (await ReadAsync(anna, chatId, earlier)).Receipts.Members[0];
        Assert.That((ofEarlier.DeliveredAt, ofEarlier.ReadAt), Is.EqualTo(((DateTimeOffset?)gotAt, (DateTimeOffset?)gotAt)), "who has read it has got it by then");
    }

    [Test, CancelAfter(20_000)]
    public async Task What_a_clock_says_that_is_ahead_is_not_after_now_and_rows_may_be_out_of_order(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, long chatId) = await GroupAsync();
        long message = await World.SendAsync(anna, chatId); // now
        long next = await World.SendAsync(anna, chatId);
        DateTimeOffset sentAt = DateTimeOffset.FromUnixTimeMilliseconds((await EventAsync(chatId, message, ct)).CreatedAtMs);
        foreach (Caller reader in (Caller[])[bert, cora]) await World.MarkRead.ExecuteAsync(reader, chatId, next);
        await World.WriteTimesAsync();
        int minute = ReceiptTimeStore.MinuteOf(sentAt);
        string rows = $"""
            insert into receipt_minutes (chat_id, principal_id, minute, delivered_before, delivered, read_before, read) values
                ({chatId}, {bert.PrincipalId}, {minute + 120}, 0, {next}, 0, {next}),
                ({chatId}, {cora.PrincipalId}, {minute - 4}, 0, 0, {message}, {next}), ({chatId}, {cora.PrincipalId}, {minute - 3}, 0, 0, 0, {message})
            """;
        await ExecuteAsync(rows, ct);

        IReadOnlyList<MemberReceiptRow> found = (await ReadAsync(anna, chatId, message)).Receipts.Members;

        Assert.That(found[0].ReadAt, Is.InRange(sentAt, TimeProvider.System.GetUtcNow()));
        Assert.That(found[0].DeliveredAt, Is.EqualTo(found[0].ReadAt));
        Assert.That(found[1].ReadAt!.Value.ToUnixTimeMilliseconds(), Is.EqualTo(sentAt.ToUnixTimeMilliseconds()), "by the second of its rows, and not before the message");
    }

    [Test, CancelAfter(20_000)]
    public async Task When_it_was_delivered_is_not_after_now_though_its_ten_minutes_are_not_over(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await GroupAsync();
        long message = await World.SendAsync(anna, chatId);
        await World.MarkDelivered.ExecuteAsync(bert, chatId, message);
        await World.WriteTimesAsync();
        int step = ReceiptTimeStore.StepOf(ReceiptTimeStore.MinuteOf(TimeProvider.System.GetUtcNow()));
        string row = $"""
            insert into receipt_minutes (chat_id, principal_id, minute, delivered_before, delivered, read_before, read)
            values ({chatId}, {bert.PrincipalId}, {step}, 0, {message}, 0, 0)
            """;
        await ExecuteAsync(row, ct);

        Assert.That((await ReadAsync(anna, chatId, message)).Receipts.Members[0].DeliveredAt, Is.Not.Null.And.LessThanOrEqualTo(TimeProvider.System.GetUtcNow()));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_time_is_never_before_the_message_and_one_that_was_lost_is_not_guessed(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, long chatId) = await GroupAsync();
        long lost = await SendAsync(anna, chatId);
        await World.MarkRead.ExecuteAsync(bert, chatId, lost);
        await World.WriteTimesAsync();
        await ExecuteAsync("delete from receipt_minutes", ct); // a node that was killed before it wrote
        long message = await SendAsync(anna, chatId);
        await World.MarkRead.ExecuteAsync(cora, chatId, message); // the clock of the world stands at the second in which it was made
        await LaterAsync(5);
        await World.MarkRead.ExecuteAsync(bert, chatId, message);
        await World.WriteTimesAsync();

        IReadOnlyList<MemberReceiptRow> ofLost = (await ReadAsync(anna, chatId, lost)).Receipts.Members;
        Assert.That((ofLost[0].IsRead, ofLost[0].ReadAt, ofLost[0].DeliveredAt), Is.EqualTo((true, (DateTimeOffset?)null, (DateTimeOffset?)null)));
        DateTimeOffset sentAt = DateTimeOffset.FromUnixTimeMilliseconds((await EventAsync(chatId, message, ct)).CreatedAtMs);
        Assert.That((await ReadAsync(anna, chatId, message)).Receipts.Members[1].ReadAt, Is.GreaterThanOrEqualTo(sentAt));
    }

    [Test, CancelAfter(20_000)]
    public async Task Read_receipts_that_are_off_hide_it_both_ways_in_a_direct_chat_and_what_was_hidden_has_no_time_later(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, _) = await GroupAsync();
        long chatId = await World.DirectChatAsync(anna, bert);
        long shown = await SendAsync(anna, chatId);
        DateTimeOffset first = await LaterAsync(3);
        await World.MarkRead.ExecuteAsync(bert, chatId, shown);
        foreach (Caller who in (Caller[])[anna, bert])
        {
            await Privacy.ExecuteAsync(who, null, null, null, false, null, ct);
            long hidden = await SendAsync(anna, chatId);
            DateTimeOffset then = await LaterAsync(3);
            await World.MarkRead.ExecuteAsync(bert, chatId, hidden);
            await World.WriteTimesAsync();

            Assert.That((await ReadAsync(anna, chatId, hidden)).Receipts.Members.Single(), Is.EqualTo(new MemberReceiptRow(bert.PrincipalId, true, false, then.AddMinutes(7), null)));
            Assert.That((await ReadAsync(anna, chatId, shown)).Receipts.Members.Single().ReadAt, Is.Null, "that time is hidden now, too");

            await Privacy.ExecuteAsync(who, null, null, null, true, null, ct);
            Assert.That((await ReadAsync(anna, chatId, hidden)).Receipts.Members.Single(), Is.EqualTo(new MemberReceiptRow(bert.PrincipalId, true, true, then.AddMinutes(7), null)));
        }

        Assert.That((await ReadAsync(anna, chatId, shown)).Receipts.Members.Single().ReadAt, Is.EqualTo(first));
    }

    [Test, CancelAfter(20_000)]
    public async Task In_a_group_ones_own_receipts_that_are_off_hide_ones_own_reading_only(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, long chatId) = await GroupAsync();
        await Privacy.ExecuteAsync(bert, null, null, null, false, null, ct);
        await Privacy.ExecuteAsync(anna, null, null, null, false, null, ct);
        long message = await SendAsync(anna, chatId);
        foreach (Caller reader in (Caller[])[bert, cora]) await World.MarkRead.ExecuteAsync(reader, chatId, message);

        ReceiptPage page = await ReadAsync(anna, chatId, message);

        Assert.That(page.Receipts.Members.Select(row => (row.IsDelivered, row.IsRead)), Is.EqualTo(new[] { (true, false), (true, true) }));
        Assert.That(Counts(page), Is.EqualTo((2, 1, 2)));
        MemberPage members = (await World.ListMembers.ExecuteAsync(anna, chatId, null, null, ct)).Value;
        Assert.That(members.Members.Where(row => row.PrincipalId != anna.PrincipalId).Select(row => row.ReadUpTo >= message), Is.EqualTo(new[] { false, true }), "as the list of members says");
    }

    [Test, CancelAfter(20_000)]
    public async Task Of_who_has_blocked_or_is_blocked_nothing_is_told(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, _) = await GroupAsync();
        long chatId = await World.DirectChatAsync(anna, bert);
        long message = await SendAsync(anna, chatId);
        await World.MarkRead.ExecuteAsync(bert, chatId, message);
        await World.WriteTimesAsync();
        await World.Blocks.BlockAsync(bert.PrincipalId, anna.PrincipalId, 100, ct);

        Assert.That((await ReadAsync(anna, chatId, message)).Receipts.Members.Single(), Is.EqualTo(new MemberReceiptRow(bert.PrincipalId, false, false, null, null)));
    }

    [Test, CancelAfter(20_000)]
    public async Task Only_members_of_then_and_now_are_listed_and_an_answer_says_that_one_has_read(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, long chatId) = await GroupAsync();
        Caller late = await World.PersonAsync("Late");
        long message = await SendAsync(anna, chatId);
        await World.AddMembers.ExecuteAsync(anna, chatId, [late.PrincipalId], ct);
        await World.MarkRead.ExecuteAsync(late, chatId, message + 1);
        await World.RemoveMember.ExecuteAsync(anna, chatId, cora.PrincipalId, ct);
        Assert.That((await ReadAsync(anna, chatId, message)).Receipts.Members.Select(row => row.PrincipalId), Is.EqualTo(new[] { bert.PrincipalId }));

        await World.AddMembers.ExecuteAsync(anna, chatId, [cora.PrincipalId], ct);
        Assert.That(Counts(await ReadAsync(anna, chatId, message)), Is.EqualTo((0, 0, 1)), "who comes back did not get it in between");
        long next = await SendAsync(anna, chatId);
        Assert.That(Counts(await ReadAsync(anna, chatId, next)), Is.EqualTo((0, 0, 3)));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_chat_that_is_too_large_for_times_still_says_who()
    {
        (Caller anna, Caller bert, Caller cora, _) = await GroupAsync();
        long chatId = await World.GroupAsync(anna, bert, cora, await World.PersonAsync("Dora"), await World.PersonAsync("Edda"));
        long message = await SendAsync(anna, chatId);
        await World.MarkRead.ExecuteAsync(bert, chatId, message);
        await World.WriteTimesAsync();

        ReceiptPage page = await ReadAsync(anna, chatId, message);

        Assert.That((page.Receipts.Members[0].IsRead, page.Receipts.Members[0].ReadAt), Is.EqualTo((true, (DateTimeOffset?)null)));
        Assert.That(Counts(page), Is.EqualTo((1, 1, 4)));
    }

    [Test, CancelAfter(20_000)]
    public async Task Pages_go_through_everybody_once_with_the_same_counts(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, long chatId) = await GroupAsync();
        long message = await SendAsync(anna, chatId);
        await World.MarkDelivered.ExecuteAsync(cora, chatId, message);

        ReceiptPage first = await ReadAsync(anna, chatId, message, limit: 1);
        ReceiptPage second = await ReadAsync(anna, chatId, message, first.NextCursor, limit: 1);

        Assert.That(first.Receipts.Members.Concat(second.Receipts.Members).Select(row => row.PrincipalId), Is.EqualTo(new[] { bert.PrincipalId, cora.PrincipalId }));
        Assert.That((second.NextCursor, Counts(first), Counts(second)), Is.EqualTo(((string?)null, (1, 0, 2), (1, 0, 2))));
        foreach (string wrong in (string[])["x", "-1", "1.5", "99999999999999999999"])
            FailureAssert.Failed(await World.ListReceipts.ExecuteAsync(anna, chatId, message, wrong, null, ct), ErrorCode.InvalidArgument, "cursor");
        foreach (int wrong in (int[])[0, 101])
            FailureAssert.Failed(await World.ListReceipts.ExecuteAsync(anna, chatId, message, null, wrong, ct), ErrorCode.InvalidArgument, "limit");
    }

    [Test, CancelAfter(20_000)]
    public async Task Others_strangers_and_who_was_removed_are_refused_and_so_is_what_is_not_there(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, long chatId) = await GroupAsync();
        long message = await SendAsync(anna, chatId);
        long ofBert = await SendAsync(bert, chatId);
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);

        await FailsAsync(cora, chatId, message, ErrorCode.NotSender);
        await FailsAsync(bert, chatId, ofBert, ErrorCode.ChatNotFound);
        await FailsAsync(await World.PersonAsync("Stranger"), chatId, message, ErrorCode.ChatNotFound);
        await FailsAsync(anna, 987_654_321, message, ErrorCode.ChatNotFound);
        await FailsAsync(anna, chatId, 1, ErrorCode.MessageNotFound); // the group was made; that is no message
        foreach (long nothing in (long[])[0, -1, long.MaxValue]) await FailsAsync(anna, chatId, nothing, ErrorCode.MessageNotFound);
        Caller late = await World.PersonAsync("Late");
        await World.AddMembers.ExecuteAsync(anna, chatId, [late.PrincipalId], ct);
        await FailsAsync(late, chatId, message, ErrorCode.MessageNotFound);
    }

    [Test, CancelAfter(20_000)]
    public async Task Nothing_is_told_of_a_message_that_was_deleted_hidden_or_cleared(CancellationToken ct)
    {
        (Caller anna, _, _, long chatId) = await GroupAsync();
        long deleted = await SendAsync(anna, chatId), hidden = await SendAsync(anna, chatId), cleared = await SendAsync(anna, chatId);
        await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), deleted, ct);
        await new HideMessage(new HiddenStore(World.Source, World.Events), World.Limits).ExecuteAsync(anna, chatId, hidden, ct);

        await FailsAsync(anna, chatId, deleted, ErrorCode.MessageDeleted);
        await FailsAsync(anna, chatId, hidden, ErrorCode.MessageNotFound);
        Assert.That(Counts(await ReadAsync(anna, chatId, cleared)), Is.EqualTo((0, 0, 2)));
        await ExecuteAsync($"update members set cleared_up_to = {cleared} where chat_id = {chatId} and principal_id = {anna.PrincipalId}", ct);
        await FailsAsync(anna, chatId, cleared, ErrorCode.MessageNotFound);
    }

    [Test, CancelAfter(20_000)]
    public async Task In_a_channel_nobody_is_told(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        CreateChannel create = new(new ChannelStore(World.Source, World.Events), World.GetChat, World.Limits);
        long channel = (await create.ExecuteAsync(anna, new NewChannel("News", null, null, null), ct)).Value.ChatId;
        long post = await SendAsync(anna, channel);

        await FailsAsync(anna, channel, post, ErrorCode.NoReceipts);
    }

    [Test, CancelAfter(20_000)]
    public async Task To_ask_is_limited(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(new LimitSettings { MessageInfosPerSecond = 1, MessageInfosBurst = 2, HistoryPerSecond = 1, HistoryBurst = 1 });
        Caller anna = await world.PersonAsync();
        for (int i = 0; i < 2; i++)
            FailureAssert.Failed(await world.ListReceipts.ExecuteAsync(anna, 987_654, 1, null, null, ct), ErrorCode.ChatNotFound, "chat_id");

        FailureAssert.Failed(await world.ListReceipts.ExecuteAsync(anna, 987_654, 1, null, null, ct), ErrorCode.RateLimited);
        Assert.That(world.Limits.JudgeHistory(anna, isCatchingUp: false), Is.Null, "history has a rate of its own");
    }

    private async Task<(Caller Anna, Caller Bert, Caller Cora, long ChatId)> GroupAsync()
    {
        (Caller anna, Caller bert, Caller cora) = (await World.PersonAsync("Anna"), await World.PersonAsync("Bert"), await World.PersonAsync("Cora"));
        return (anna, bert, cora, await World.GroupAsync(anna, bert, cora));
    }

    /// <summary>Sends a message at the time of the clock by which watermarks move.</summary>
    private async Task<long> SendAsync(Caller sender, long chatId)
    {
        long sequence = await World.SendAsync(sender, chatId);
        await using Npgsql.NpgsqlCommand command = World.Source.CreateCommand("update events set created_at = $3 where chat_id = $1 and sequence = $2");
        foreach (object value in (object[])[chatId, sequence, World.ReceiptClock.GetUtcNow()])
            command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
        return sequence;
    }

    /// <summary>Moves the clock on, so many minutes into ten others.</summary>
    /// <returns>The minute that it is then.</returns>
    private async Task<DateTimeOffset> LaterAsync(int minutes)
    {
        await World.WriteTimesAsync();
        DateTimeOffset now = World.ReceiptClock.GetUtcNow();
        DateTimeOffset then = DateTimeOffset.FromUnixTimeSeconds(((now.ToUnixTimeSeconds() / 600) + 1) * 600).AddMinutes(minutes);
        World.ReceiptClock.Advance(then - now);
        return then;
    }

    private async Task<ReceiptPage> ReadAsync(Caller caller, long chatId, long sequence, string? cursor = null, int? limit = null) =>
        (await World.ListReceipts.ExecuteAsync(caller, chatId, sequence, cursor, limit, CancellationToken.None)).Value;

    private async Task FailsAsync(Caller caller, long chatId, long sequence, ErrorCode code)
    {
        Result<ReceiptPage> result = await World.ListReceipts.ExecuteAsync(caller, chatId, sequence, null, null, CancellationToken.None);
        Assert.That(result.Failure?.Code, Is.EqualTo(code));
    }

    private static (int Delivered, int Read, int Members) Counts(ReceiptPage page) =>
        (page.Receipts.DeliveredCount, page.Receipts.ReadCount, page.Receipts.MemberCount);

    private async Task<Chat.Storage.EventRow> EventAsync(long chatId, long sequence, CancellationToken ct) =>
        (await new EventStore(World.Source).ReadRangeAsync(chatId, sequence, sequence, ct)).Single();

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using Npgsql.NpgsqlCommand command = World.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }
}
