using Chat.Domain.Calls;
using Chat.Domain.People;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Calls;
using Npgsql;

namespace Chat.Domain.Tests.Calls;

/// <summary>Calls of two: what becomes of them, and that each outcome comes once, whatever comes at the same time.</summary>
public sealed class DirectCallTests : CallFixture
{
    [Test, CancelAfter(60_000)]
    public async Task One_calls_the_other_answers_they_talk_and_one_hangs_up(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        Caller phone = bert with { DeviceId = 2 };

        CallRow ringing = await CallAsync(anna, chatId, ct, kind: CallKinds.Video);
        Assert.That((ringing.Status, ringing.Kind, ringing.CallerId, ringing.ReceiverId), Is.EqualTo((CallStatuses.Ringing, CallKinds.Video, anna.PrincipalId, (long?)bert.PrincipalId)));
        Assert.That(ringing.RingsUntilMs - ringing.StartedAtMs, Is.InRange(44_000, 46_000));
        CallRow answered = await AnswerAsync(phone, ringing.Id, ct);
        Assert.That((answered.Status, PartOf(answered, bert), answered.RingsUntilMs), Is.EqualTo((CallStatuses.Answered, SeatStates.In, (long?)null)));
        Assert.That((await Lists.ActiveAsync(anna, ct)).Value.Calls.Single().Id, Is.EqualTo(ringing.Id));
        CallRow ended = (await Change.EndAsync(bert, ringing.Id, ct)).Value;

        Assert.That((ended.Status, ended.Reason, PartOf(ended, anna)), Is.EqualTo((CallStatuses.Ended, (short?)CallReasons.HungUp, SeatStates.Left)));
        Assert.That(await ToldAsync(bert, ringing.Id, ct), Is.EqualTo(new[] { "41 video", "42 answered", "42 left", "43 ended" }));
        Assert.That(await ToldAsync(anna, ringing.Id, ct), Is.EqualTo(new[] { "42 answered", "42 left", "43 ended" }));
        Assert.That(LinesOf(chatId), Is.EqualTo(new[] { "video ended 0" }));
        Assert.That((await Lists.ActiveAsync(anna, ct)).Value.Calls, Is.Empty);
        Assert.That((await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value.Unread, Is.Zero, "a call is no message");
    }

    [Test, CancelAfter(60_000)]
    public async Task Each_request_may_be_made_again(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        Guid here = Guid.NewGuid(), there = Guid.NewGuid();

        CallRow first = await CallAsync(anna, chatId, ct, here), again = await CallAsync(anna, chatId, ct, here);
        Assert.That(again.Id, Is.EqualTo(first.Id));
        for (int twice = 0; twice < 2; twice++) await AnswerAsync(bert, first.Id, ct, there);
        for (int twice = 0; twice < 2; twice++) Assert.That((await Change.EndAsync(bert, first.Id, ct)).Value.Status, Is.EqualTo(CallStatuses.Ended));

        Assert.That((await CallAsync(anna, chatId, ct, here)).Id, Is.EqualTo(first.Id), "also when it is over");
        Assert.That((await AnswerAsync(bert, first.Id, ct, there)).Status, Is.EqualTo(CallStatuses.Ended));
        FailureAssert.Failed(await Change.AnswerAsync(bert, first.Id, Guid.NewGuid(), ct), ErrorCode.CallEnded, "call_id");
        FailureAssert.Failed(await Change.DeclineAsync(bert, first.Id, ct), ErrorCode.CallEnded, "call_id");
        Assert.That(await ToldAsync(bert, first.Id, ct), Is.EqualTo(new[] { "41 voice", "42 answered", "42 left", "43 ended" }), "nothing is told twice");
        CallRow other = await CallAsync(anna, chatId, ct);
        FailureAssert.Failed(await Change.AnswerAsync(bert, other.Id, there, ct), ErrorCode.ClientMessageIdReused, "endpoint_id");
    }

    [Test, CancelAfter(60_000), Repeat(5)]
    public async Task Two_who_call_each_other_at_once_are_in_one_call(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();

        CallRow[] calls = await Task.WhenAll(CallAsync(anna, chatId, ct), CallAsync(bert, chatId, ct));

        Assert.That(calls[0].Id, Is.EqualTo(calls[1].Id));
        CallRow call = (await Reader.FindAsync(calls[0].Id, anna.PrincipalId, ct))!;
        Assert.That((call.Status, PartOf(call, anna), PartOf(call, bert)), Is.EqualTo((CallStatuses.Answered, SeatStates.In, SeatStates.In)));
    }

    [Test, CancelAfter(60_000), Repeat(5)]
    public async Task Of_two_devices_that_answer_at_once_exactly_one_does(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        CallRow call = await CallAsync(anna, chatId, ct);

        Result<CallRow>[] answers = await Task.WhenAll(
            Change.AnswerAsync(bert, call.Id, Guid.NewGuid(), ct), Change.AnswerAsync(bert with { DeviceId = 2 }, call.Id, Guid.NewGuid(), ct));

        Assert.That(answers.Count(answer => answer.IsOk), Is.EqualTo(1));
        FailureAssert.Failed(answers.Single(answer => !answer.IsOk), ErrorCode.AnsweredElsewhere, "call_id");
        Assert.That(await ToldAsync(bert, call.Id, ct), Is.EqualTo(new[] { "41 voice", "42 answered" }), "the other device stops by this");
    }

    [Test, CancelAfter(60_000), Repeat(5)]
    public async Task Of_an_answer_and_a_refusal_at_once_one_counts(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        CallRow call = await CallAsync(anna, chatId, ct);

        Result<CallRow>[] both = await Task.WhenAll(Change.AnswerAsync(bert, call.Id, Guid.NewGuid(), ct), Change.DeclineAsync(bert with { DeviceId = 2 }, call.Id, ct));

        CallRow after = (await Reader.FindAsync(call.Id, anna.PrincipalId, ct))!;
        Assert.That((both[0].IsOk, both[1].IsOk), Is.AnyOf((true, false), (false, true)));
        if (both[0].IsOk)
        {
            Assert.That(after.Status, Is.EqualTo(CallStatuses.Answered));
            FailureAssert.Failed(both[1], ErrorCode.AnsweredElsewhere, "call_id");
        }
        else
        {
            Assert.That((after.Status, after.Reason), Is.EqualTo((CallStatuses.Declined, (short?)CallReasons.Declined)));
            FailureAssert.Failed(both[0], ErrorCode.CallEnded, "call_id");
            Assert.That(LinesOf(chatId), Is.EqualTo(new[] { "voice declined 0" }));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_call_that_nobody_answers_is_missed_once_however_many_nodes_look(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        CallRow call = await CallAsync(anna, chatId, ct);
        await Expire.ExecuteAsync(ct);
        Assert.That((await Reader.FindAsync(call.Id, anna.PrincipalId, ct))!.Status, Is.EqualTo(CallStatuses.Ringing), "its time is not over");

        await PassAsync(call.Id, ct, SeatStates.Ringing);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Expire.ExecuteAsync(ct)));

        CallRow after = (await Reader.FindAsync(call.Id, bert.PrincipalId, ct))!;
        Assert.That((after.Status, after.Reason, PartOf(after, bert)), Is.EqualTo((CallStatuses.Missed, (short?)CallReasons.Unanswered, SeatStates.Missed)));
        Assert.That(await ToldAsync(bert, call.Id, ct), Is.EqualTo(new[] { "41 voice", "43 missed" }));
        Assert.That(await ToldAsync(anna, call.Id, ct), Is.EqualTo(new[] { "43 missed" }));
        Assert.That(LinesOf(chatId), Is.EqualTo(new[] { "voice missed 0" }));
        Assert.That((await Lists.ExecuteAsync(bert, CallDirection.Missed, null, null, ct)).Value.Calls.Single().Id, Is.EqualTo(call.Id));
        Assert.That((await Lists.ExecuteAsync(anna, CallDirection.Missed, null, null, ct)).Value.Calls, Is.Empty, "who called missed nothing");
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_calls_back_after_the_ringing_time_calls_anew_though_no_node_has_looked(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        CallRow first = await CallAsync(anna, chatId, ct);
        await PassAsync(first.Id, ct, SeatStates.Ringing);

        FailureAssert.Failed(await Change.AnswerAsync(bert, first.Id, Guid.NewGuid(), ct), ErrorCode.CallEnded, "call_id");
        CallRow second = await CallAsync(bert, chatId, ct);

        Assert.That((second.CallerId, second.Status, second.Id), Is.EqualTo((bert.PrincipalId, CallStatuses.Ringing, second.Id)).And.Not.EqualTo((anna.PrincipalId, CallStatuses.Ringing, first.Id)));
        Assert.That((await Reader.FindAsync(first.Id, bert.PrincipalId, ct))!.Status, Is.EqualTo(CallStatuses.Missed));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_caller_who_hangs_up_cancels_and_the_other_has_missed_it(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        CallRow call = await CallAsync(anna, chatId, ct);

        CallRow ended = (await Change.EndAsync(anna, call.Id, ct)).Value;

        Assert.That((ended.Status, ended.Reason), Is.EqualTo((CallStatuses.Missed, (short?)CallReasons.Cancelled)));
        Assert.That(await ToldAsync(bert, call.Id, ct), Is.EqualTo(new[] { "41 voice", "43 missed" }));
    }

    [TestCase(SeatStates.In, CallStatuses.Ended), TestCase(SeatStates.Ringing, CallStatuses.Missed), CancelAfter(60_000)]
    public async Task Who_gives_no_sign_of_life_has_left_though_their_node_is_dead(short other, short status, CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        Guid here = Guid.NewGuid();
        CallRow call = await CallAsync(anna, chatId, ct, here);
        if (other == SeatStates.In) await AnswerAsync(bert, call.Id, ct);
        Assert.That((await Keep.ExecuteAsync(anna, call.Id, here, ct)).IsOk);
        FailureAssert.Failed(await Keep.ExecuteAsync(anna with { DeviceId = 9 }, call.Id, here, ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await Keep.ExecuteAsync(anna, call.Id, Guid.NewGuid(), ct), ErrorCode.CallNotFound, "call_id");

        await using (NpgsqlCommand pass = World.Source.CreateCommand("update call_participants set due_at = clock_timestamp() where call_id = $1 and principal_id = $2"))
        {
            pass.Parameters.AddWithValue(call.Id);
            pass.Parameters.AddWithValue(anna.PrincipalId);
            await pass.ExecuteNonQueryAsync(ct);
        }

        FailureAssert.Failed(await Keep.ExecuteAsync(anna, call.Id, here, ct), ErrorCode.CallNotFound, "call_id");
        await Expire.ExecuteAsync(ct);
        CallRow after = (await Reader.FindAsync(call.Id, bert.PrincipalId, ct))!;
        Assert.That((after.Status, after.Reason), Is.EqualTo((status, (short?)CallReasons.Lost)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_is_in_a_call_is_busy_and_calls_nobody_else(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        Caller cora = await World.PersonAsync("Cora");
        long corasChat = await World.DirectChatAsync(cora, bert);
        CallRow call = await CallAsync(anna, chatId, ct);
        await AnswerAsync(bert, call.Id, ct);

        CallRow busy = await CallAsync(cora, corasChat, ct);

        Assert.That((busy.Status, busy.Reason, PartOf(busy, bert)), Is.EqualTo((CallStatuses.Missed, (short?)CallReasons.Busy, SeatStates.Busy)));
        Assert.That(await ToldAsync(bert, busy.Id, ct), Is.EqualTo(new[] { "43 missed" }), "it did not ring, and is missed");
        FailureAssert.Failed(await Start.ExecuteAsync(bert, corasChat, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.InAnotherCall);
        FailureAssert.Failed(await Start.ExecuteAsync(bert, chatId, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.AnsweredElsewhere, "call_id");
        await Change.EndAsync(anna, call.Id, ct);
        Assert.That((await CallAsync(cora, corasChat, ct)).Status, Is.EqualTo(CallStatuses.Ringing));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_block_refuses_and_ends_what_is_live(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        BlockPerson block = new(World.Blocks, World.Limits, World.Privacy);
        Guid here = Guid.NewGuid();
        CallRow call = await CallAsync(anna, chatId, ct, here);
        await AnswerAsync(bert, call.Id, ct);

        await block.ExecuteAsync(bert, anna.PrincipalId, ct);
        FailureAssert.Failed(await Keep.ExecuteAsync(anna, call.Id, here, ct), ErrorCode.CallNotFound, "call_id");
        await Expire.ExecuteAsync(ct);

        Assert.That((await Reader.FindAsync(call.Id, anna.PrincipalId, ct))!.Status, Is.EqualTo(CallStatuses.Ended));
        foreach (Caller one in (Caller[])[anna, bert])
            FailureAssert.Failed(await Start.ExecuteAsync(one, chatId, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.Blocked, "chat_id");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_block_while_it_rings_lets_nobody_answer(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        CallRow call = await CallAsync(anna, chatId, ct);

        await new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(anna, bert.PrincipalId, ct);

        FailureAssert.Failed(await Change.AnswerAsync(bert, call.Id, Guid.NewGuid(), ct), ErrorCode.Blocked, "call_id");
        await Expire.ExecuteAsync(ct);
        Assert.That((await Reader.FindAsync(call.Id, bert.PrincipalId, ct))!.Status, Is.EqualTo(CallStatuses.Missed));
    }

    [Test, CancelAfter(60_000)]
    public async Task Whose_calls_ring_is_for_the_called_to_say(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        UpdatePrivacy update = new(World.Profiles, World.Limits, World.Privacy);

        await update.ExecuteAsync(bert, null, null, null, null, Audience.Contacts, ct);
        FailureAssert.Failed(await Start.ExecuteAsync(anna, chatId, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.NotAllowed, "chat_id");
        await World.Contacts.PutAsync(bert.PrincipalId, anna.PrincipalId, (null, false), 10, ct);
        CallRow call = await CallAsync(anna, chatId, ct);
        await Change.DeclineAsync(bert, call.Id, ct);
        await update.ExecuteAsync(bert, null, null, null, null, Audience.Nobody, ct);
        FailureAssert.Failed(await Start.ExecuteAsync(anna, chatId, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.NotAllowed, "chat_id");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_wrong_is_said(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        Caller stranger = await World.PersonAsync("Stranger");
        CallRow call = await CallAsync(anna, chatId, ct);

        FailureAssert.Failed(await Start.ExecuteAsync(anna, chatId, 3, Guid.NewGuid(), ct), ErrorCode.InvalidArgument, "kind");
        FailureAssert.Failed(await Start.ExecuteAsync(anna, chatId, CallKinds.Voice, Guid.Empty, ct), ErrorCode.InvalidArgument, "endpoint_id");
        FailureAssert.Failed(await Start.ExecuteAsync(stranger, chatId, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Start.ExecuteAsync(stranger, long.MaxValue >> 11, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Change.AnswerAsync(stranger, call.Id, Guid.NewGuid(), ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await Change.DeclineAsync(stranger, call.Id, ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await Change.EndAsync(stranger, call.Id + 1_000, ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await Lists.FindAsync(stranger, call.Id, ct), ErrorCode.CallNotFound, "call_id");
        Assert.That((await Lists.ExecuteAsync(stranger, null, null, null, ct)).Value.Calls, Is.Empty);
        Assert.That((await Lists.FindAsync(bert, call.Id, ct)).Value.Id, Is.EqualTo(call.Id));
    }
}
