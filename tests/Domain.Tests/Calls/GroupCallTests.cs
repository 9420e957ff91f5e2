using Chat.Domain.Chats;
using Chat.Domain.People;
using Chat.Protocol.Codes;
using Chat.Storage.Calls;
using Chat.Storage.Chats;

namespace Chat.Domain.Tests.Calls;

/// <summary>Calls in groups: all ring, some talk, and the call goes on while two do.</summary>
public sealed class GroupCallTests : CallFixture
{
    [Test, CancelAfter(60_000)]
    public async Task The_first_who_answer_join_and_it_goes_on_while_two_are_left(CancellationToken ct)
    {
        (Caller[] people, long chatId) = await GroupAsync(4);
        (Caller anna, Caller bert, Caller cora, Caller dora) = (people[0], people[1], people[2], people[3]);
        CallRow call = await CallAsync(anna, chatId, ct);

        await AnswerAsync(bert, call.Id, ct);
        CallRow three = await CallAsync(cora, chatId, ct);
        FailureAssert.Failed(await Change.AnswerAsync(dora, call.Id, Guid.NewGuid(), ct), ErrorCode.TooManyMembers, "call_id");
        CallRow two = (await Change.EndAsync(anna, call.Id, ct)).Value;
        await AnswerAsync(dora, call.Id, ct);
        await Change.EndAsync(bert, call.Id, ct);
        CallRow over = (await Change.EndAsync(cora, call.Id, ct)).Value;

        Assert.That((three.Id, three.ReceiverId), Is.EqualTo((call.Id, (long?)null)), "who calls where a call is live joins it");
        Assert.That((two.Status, PartOf(two, anna), over.Status, PartOf(over, dora)), Is.EqualTo((CallStatuses.Answered, SeatStates.Left, CallStatuses.Ended, SeatStates.Left)));
        Assert.That(LinesOf(chatId), Is.EqualTo(new[] { "voice ended 0" }));
        Assert.That(await ToldAsync(dora, call.Id, ct), Is.EqualTo(new[] { "41 voice", "42 answered", "42 left", "42 left", "43 ended" }));
    }

    [Test, CancelAfter(60_000), Repeat(3)]
    public async Task Of_many_who_answer_at_once_as_many_get_in_as_may(CancellationToken ct)
    {
        (Caller[] people, long chatId) = await GroupAsync(4);
        CallRow call = await CallAsync(people[0], chatId, ct);

        Result<CallRow>[] answers = await Task.WhenAll(people[1..].Select(person => Change.AnswerAsync(person, call.Id, Guid.NewGuid(), ct)));

        Assert.That(answers.Count(answer => answer.IsOk), Is.EqualTo(2));
        FailureAssert.Failed(answers.Single(answer => !answer.IsOk), ErrorCode.TooManyMembers, "call_id");
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_does_not_answer_in_time_has_missed_it_while_the_others_talk_and_may_still_come(CancellationToken ct)
    {
        (Caller[] people, long chatId) = await GroupAsync(3);
        (Caller anna, Caller bert, Caller cora) = (people[0], people[1], people[2]);
        CallRow call = await CallAsync(anna, chatId, ct);
        await AnswerAsync(bert, call.Id, ct);
        await PassAsync(call.Id, ct, SeatStates.Ringing);

        await Task.WhenAll(Expire.ExecuteAsync(ct), Expire.ExecuteAsync(ct));
        Assert.That(await ToldAsync(cora, call.Id, ct), Is.EqualTo(new[] { "41 voice", "43 missed" }));
        Assert.That((await Lists.ActiveAsync(cora, ct)).Value.Calls.Single().Status, Is.EqualTo(CallStatuses.Answered));
        await AnswerAsync(cora, call.Id, ct);
        await Change.EndAsync(cora, call.Id, ct);
        await Change.EndAsync(bert, call.Id, ct);

        Assert.That((await ToldAsync(cora, call.Id, ct))[^1], Is.EqualTo("43 ended"), "it is missed once");
    }

    [Test, CancelAfter(60_000)]
    public async Task All_who_decline_end_it_and_one_who_does_not_leaves_it_missed(CancellationToken ct)
    {
        (Caller[] people, long chatId) = await GroupAsync(3);
        CallRow first = await CallAsync(people[0], chatId, ct);
        foreach (Caller one in people[1..]) await Change.DeclineAsync(one, first.Id, ct);
        CallRow second = await CallAsync(people[0], chatId, ct);
        await Change.DeclineAsync(people[1], second.Id, ct);
        await PassAsync(second.Id, ct, SeatStates.Ringing);
        await Expire.ExecuteAsync(ct);

        Assert.That((await Reader.FindAsync(first.Id, people[0].PrincipalId, ct))!.Status, Is.EqualTo(CallStatuses.Declined));
        Assert.That((await Reader.FindAsync(second.Id, people[0].PrincipalId, ct))!.Status, Is.EqualTo(CallStatuses.Missed));
        Assert.That((await ToldAsync(people[1], second.Id, ct))[^1], Is.EqualTo("43 declined"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_is_removed_or_leaves_is_out_of_the_call(CancellationToken ct)
    {
        (Caller[] people, long chatId) = await GroupAsync(4);
        (Caller anna, Caller bert, Caller cora, Caller dora) = (people[0], people[1], people[2], people[3]);
        CallRow call = await CallAsync(anna, chatId, ct);
        Guid here = Guid.NewGuid();
        await AnswerAsync(bert, call.Id, ct, here);
        await AnswerAsync(cora, call.Id, ct);

        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);
        await World.RemoveMember.ExecuteAsync(anna, chatId, dora.PrincipalId, ct);
        FailureAssert.Failed(await Keep.ExecuteAsync(bert, call.Id, here, ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await Change.AnswerAsync(dora, call.Id, Guid.NewGuid(), ct), ErrorCode.CallNotFound, "call_id");
        await Expire.ExecuteAsync(ct);
        CallRow after = (await Reader.FindAsync(call.Id, anna.PrincipalId, ct))!;
        Assert.That((after.Status, PartOf(after, bert), PartOf(after, dora), PartOf(after, cora)), Is.EqualTo((CallStatuses.Answered, SeatStates.Left, SeatStates.Missed, SeatStates.In)));
        FailureAssert.Failed(await Change.AnswerAsync(bert, call.Id, Guid.NewGuid(), ct), ErrorCode.CallNotFound, "call_id");

        await new LeaveGroup(World.Memberships).ExecuteAsync(cora, chatId, ct);
        await Expire.ExecuteAsync(ct);
        Assert.That((await Reader.FindAsync(call.Id, bert.PrincipalId, ct))!.Status, Is.EqualTo(CallStatuses.Ended), "history stays with who was called");
    }

    [Test, CancelAfter(60_000)]
    public async Task Blocks_and_privacy_keep_it_from_ringing_and_from_meeting_there(CancellationToken ct)
    {
        (Caller[] people, long chatId) = await GroupAsync(4);
        (Caller anna, Caller bert, Caller cora, Caller dora) = (people[0], people[1], people[2], people[3]);
        BlockPerson block = new(World.Blocks, World.Limits, World.Privacy);
        await block.ExecuteAsync(bert, anna.PrincipalId, ct);
        await block.ExecuteAsync(dora, cora.PrincipalId, ct);

        CallRow call = await CallAsync(anna, chatId, ct);
        await AnswerAsync(cora, call.Id, ct);

        Assert.That(call.Seats.Select(seat => seat.PrincipalId), Is.EquivalentTo(new[] { anna.PrincipalId, cora.PrincipalId, dora.PrincipalId }));
        FailureAssert.Failed(await Lists.FindAsync(bert, call.Id, ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await Start.ExecuteAsync(bert, chatId, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.Blocked, "chat_id");
        FailureAssert.Failed(await Change.AnswerAsync(dora, call.Id, Guid.NewGuid(), ct), ErrorCode.Blocked, "call_id");
    }

    [Test, CancelAfter(60_000)]
    public async Task Only_small_groups_ring_and_only_who_may_write_calls(CancellationToken ct)
    {
        (Caller[] people, long chatId) = await GroupAsync(5);
        FailureAssert.Failed(await Start.ExecuteAsync(people[0], chatId, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.TooManyMembers, "chat_id");

        (Caller[] few, long quiet) = await GroupAsync(2);
        await World.Update.ExecuteAsync(few[0], quiet, new ChatDetailsChange { SendRole = 2 }, ct);
        FailureAssert.Failed(await Start.ExecuteAsync(few[1], quiet, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.NotAllowed, "chat_id");
        Assert.That((await CallAsync(few[0], quiet, ct)).Status, Is.EqualTo(CallStatuses.Ringing));

        long alone = await World.GroupAsync(few[1]);
        FailureAssert.Failed(await Start.ExecuteAsync(few[1], alone, CallKinds.Voice, Guid.NewGuid(), ct), ErrorCode.NotAllowed, "chat_id");
    }

    private async Task<(Caller[] People, long ChatId)> GroupAsync(int count)
    {
        Caller[] people = new Caller[count];
        for (int i = 0; i < count; i++) people[i] = await World.PersonAsync($"P{i}");
        return (people, await World.GroupAsync(people[0], people[1..]));
    }
}
