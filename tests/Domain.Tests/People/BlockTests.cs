using Chat.Domain.Chats;
using Chat.Domain.Messages;
using Chat.Domain.People;
using Chat.Domain.Presence;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.People;

namespace Chat.Domain.Tests.People;

public sealed class BlockTests : WorldFixture
{
    private static long _lastSession = 1_000;

    private BlockPerson Block => new(World.Blocks, World.Limits, World.Privacy);

    private UnblockPerson Unblock => new(World.Blocks, World.Limits, World.Privacy);

    private WatchPresence Watch => new(World.Principals, World.Registry, World.Privacy);

    [Test, CancelAfter(20_000)]
    public async Task Nobody_writes_in_a_blocked_direct_chat_until_the_last_block_is_taken_back(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        SendMessageInput before = new(chatId, Guid.NewGuid(), "before", null);
        long sequence = (await World.Send.ExecuteAsync(bert, before)).Value.Sequence;

        await Do(Block.ExecuteAsync(anna, bert.PrincipalId, ct));
        await Do(Block.ExecuteAsync(anna, bert.PrincipalId, ct));
        await Do(Block.ExecuteAsync(bert, anna.PrincipalId, ct));

        FailureAssert.Failed(await World.Send.ExecuteAsync(bert, New(chatId)), ErrorCode.Blocked, "chat_id");
        FailureAssert.Failed(await World.Send.ExecuteAsync(anna, New(chatId)), ErrorCode.Blocked, "chat_id");
        Assert.That((await World.Send.ExecuteAsync(bert, before)).Value.Sequence, Is.EqualTo(sequence), "a retry of what is stored is answered");
        Assert.That((await World.OpenDirect.ExecuteAsync(bert, anna.PrincipalId, ct)).Value.ChatId, Is.EqualTo(chatId), "it is still there to read");

        await Do(Unblock.ExecuteAsync(anna, bert.PrincipalId, ct));
        FailureAssert.Failed(await World.Send.ExecuteAsync(anna, New(chatId)), ErrorCode.Blocked, "chat_id");
        await Do(Unblock.ExecuteAsync(bert, anna.PrincipalId, ct));
        await Do(Unblock.ExecuteAsync(bert, anna.PrincipalId, ct));
        Assert.That((await World.Send.ExecuteAsync(anna, New(chatId))).Value.Sequence, Is.EqualTo(sequence + 1), "the log has no hole");
    }

    [Test, CancelAfter(20_000)]
    public async Task What_is_there_is_not_changed_either_but_for_taking_it_back(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        long mine = await World.SendAsync(anna, chatId, "mine");
        long his = await World.SendAsync(bert, chatId, "his");
        await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), his, "👍", ct);
        Guid edit = Guid.NewGuid();
        SentMessage edited = (await World.Edit.ExecuteAsync(anna, chatId, edit, mine, "mine, corrected", ct)).Value;
        await World.Pin.ExecuteAsync(anna, chatId, Guid.NewGuid(), mine, pinned: true, ct);
        await Do(Block.ExecuteAsync(anna, bert.PrincipalId, ct));
        var stars = new StarStore(World.Source, World.Events);

        foreach ((Caller caller, long message) in new[] { (anna, mine), (bert, his) })
        {
            FailureAssert.Failed(await World.Edit.ExecuteAsync(caller, chatId, Guid.NewGuid(), message, "new", ct), ErrorCode.Blocked, "chat_id");
            FailureAssert.Failed(await World.React.ExecuteAsync(caller, chatId, Guid.NewGuid(), message, "❤️", ct), ErrorCode.Blocked, "chat_id");
            FailureAssert.Failed(await World.Pin.ExecuteAsync(caller, chatId, Guid.NewGuid(), his, pinned: true, ct), ErrorCode.Blocked, "chat_id");
            FailureAssert.Failed(await World.Pin.ExecuteAsync(caller, chatId, Guid.NewGuid(), mine, pinned: false, ct), ErrorCode.Blocked, "chat_id");
            Assert.That(await stars.SetAsync(caller.PrincipalId, chatId, message, starred: true, ct), "a star is one's own");
        }

        FailureAssert.Failed(await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), his, null, ct), ErrorCode.Blocked, "chat_id");
        FailureAssert.Failed(await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), his, "new", ct), ErrorCode.Blocked, "chat_id");
        Assert.That((await World.Edit.ExecuteAsync(anna, chatId, edit, mine, "mine, corrected", ct)).Value, Is.EqualTo(edited), "what is stored is answered");
        FailureAssert.Failed(await World.Delete.ExecuteAsync(bert, chatId, Guid.NewGuid(), mine, ct), ErrorCode.NotAllowed, "sequence");
        Assert.That((await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), mine, ct)).IsOk);
        Assert.That((await World.Delete.ExecuteAsync(bert, chatId, Guid.NewGuid(), his, ct)).IsOk);

        await Do(Unblock.ExecuteAsync(anna, bert.PrincipalId, ct));
        long after = await World.SendAsync(bert, chatId);
        Assert.That((await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), after, "👍", ct)).IsOk);
    }

    [Test, CancelAfter(20_000)]
    public async Task In_a_group_that_both_are_in_each_reacts_to_the_other(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long group = await World.GroupAsync(anna, bert);
        long message = await World.SendAsync(anna, group);
        await Do(Block.ExecuteAsync(anna, bert.PrincipalId, ct));

        Assert.That((await World.React.ExecuteAsync(bert, group, Guid.NewGuid(), message, "👍", ct)).IsOk);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_batch_takes_what_is_not_blocked(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        long group = await World.GroupAsync(anna, bert);
        await Do(Block.ExecuteAsync(bert, anna.PrincipalId, ct));

        ValueTask<Result<SentMessage>>[] sends = [.. Enumerable.Range(0, 20).Select(i => World.Send.ExecuteAsync(anna, New(i % 2 == 0 ? chatId : group)))];

        for (int i = 0; i < sends.Length; i++)
        {
            Result<SentMessage> sent = await sends[i];
            if (i % 2 == 0) FailureAssert.Failed(sent, ErrorCode.Blocked, "chat_id");
            else Assert.That(sent.IsOk, "a group that both are in goes on");
        }
    }

    [Test, CancelAfter(20_000)]
    public async Task Neither_brings_the_other_into_a_chat(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        long group = await World.GroupAsync(bert);
        await Do(Block.ExecuteAsync(anna, bert.PrincipalId, ct));

        FailureAssert.Failed(await World.OpenDirect.ExecuteAsync(bert, anna.PrincipalId, ct), ErrorCode.Blocked, "principal_id");
        FailureAssert.Failed(await World.OpenDirect.ExecuteAsync(anna, bert.PrincipalId, ct), ErrorCode.Blocked, "principal_id");
        FailureAssert.Failed(await World.CreateGroup.ExecuteAsync(bert, "Team", [anna.PrincipalId], ct), ErrorCode.Blocked, "member_ids");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(bert, group, [anna.PrincipalId], ct), ErrorCode.Blocked, "member_ids");
        Assert.That((await World.ListChats.ExecuteAsync(anna, null, null, ct)).Value.Chats, Is.Empty);
    }

    [Test, CancelAfter(20_000)]
    public async Task Presence_ends_both_ways_at_once_and_is_offline_when_asked_for(CancellationToken ct)
    {
        (Caller anna, Caller bert, _) = await PairAsync();
        RecordingSubscriber ofAnna = Online(anna);
        RecordingSubscriber ofBert = Online(bert);
        await Watch.ExecuteAsync(anna, ofAnna, [bert.PrincipalId], ct);
        await Watch.ExecuteAsync(bert, ofBert, [anna.PrincipalId], ct);

        await Do(Block.ExecuteAsync(anna, bert.PrincipalId, ct));

        Assert.That(Told(ofAnna), Is.EqualTo(new PresencePush[] { new(bert.PrincipalId, false, null) }));
        Assert.That(Told(ofBert), Is.EqualTo(new PresencePush[] { new(anna.PrincipalId, false, null) }));
        Assert.That((await Watch.ExecuteAsync(bert, ofBert, [anna.PrincipalId], ct)).Value, Is.EqualTo(new WirePresence[] { new(anna.PrincipalId, false) }));
        World.Registry.Offline(ofAnna);
        World.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(ofBert.Pushed, Has.Count.EqualTo(1), "nothing more is pushed");

        await Do(Unblock.ExecuteAsync(anna, bert.PrincipalId, ct));
        Assert.That((await Watch.ExecuteAsync(bert, ofBert, [anna.PrincipalId], ct)).Value.Single().LastSeenMs, Is.Not.Null);
    }

    [Test, CancelAfter(20_000)]
    public async Task Typing_and_receipts_stay_with_oneself(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        long head = await World.SendAsync(anna, chatId);
        await Do(World.MarkDelivered.ExecuteAsync(bert, chatId, head).AsTask());
        await Do(Block.ExecuteAsync(anna, bert.PrincipalId, ct));
        World.Fanout.Published.Clear();

        SetTyping typing = new(World.Fanout, World.Chats, World.Limits, World.DirectBlocks);
        await Do(typing.ExecuteAsync(bert, chatId, true, 0, ct).AsTask());
        await Do(typing.ExecuteAsync(anna, chatId, true, 0, ct).AsTask());
        await Do(World.MarkRead.ExecuteAsync(bert, chatId, head).AsTask());

        Assert.That(World.Fanout.Published.Where(published => published.ChatId == chatId), Is.Empty);
        long inbox = (await World.Accounts.FindAsync(bert.PrincipalId, ct))!.InboxChatId;
        ReceiptsPush own = PushFrames.Read<ReceiptsPush>(World.Fanout.Published.Single(published => published.ChatId == inbox).Frame);
        Assert.That((own.ChatId, own.Receipts.Single()), Is.EqualTo((chatId, new WireReceipt(bert.PrincipalId, head, head))));
        ChatRow ofAnna = (await World.GetChat.ExecuteAsync(anna, chatId, ct)).Value;
        Assert.That((ofAnna.OthersDeliveredUpTo, ofAnna.OthersReadUpTo), Is.EqualTo((0L, 0L)));
        MemberRow member = (await World.ListMembers.ExecuteAsync(anna, chatId, null, null, ct)).Value.Members.Single(m => m.PrincipalId == bert.PrincipalId);
        Assert.That((member.DeliveredUpTo, member.ReadUpTo), Is.EqualTo((0L, 0L)));
        Assert.That((await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value.ReadUpTo, Is.EqualTo(head), "one's own are true");
    }

    [Test, CancelAfter(20_000)]
    public async Task Only_the_one_who_blocks_is_told_and_lists_it(CancellationToken ct)
    {
        (Caller anna, Caller bert, _) = await PairAsync();
        Caller cora = await World.PersonAsync("Cora");
        await Do(Block.ExecuteAsync(anna, bert.PrincipalId, ct));
        await Do(Block.ExecuteAsync(anna, cora.PrincipalId, ct));

        long ofAnna = (await World.Accounts.FindAsync(anna.PrincipalId, ct))!.InboxChatId;
        long ofBert = (await World.Accounts.FindAsync(bert.PrincipalId, ct))!.InboxChatId;
        Assert.That(
            World.Events.Committed.Where(row => row.ChatId == ofAnna && row.Kind == EventKinds.BlockChanged).Select(row => row.SubjectId),
            Is.EqualTo(new long?[] { bert.PrincipalId, cora.PrincipalId }));
        Assert.That(World.Events.Committed.Any(row => row.ChatId == ofBert && row.Kind == EventKinds.BlockChanged), Is.False);

        ListBlocks list = new(World.Blocks);
        BlockPage first = (await list.ExecuteAsync(anna, null, 1, ct)).Value;
        BlockPage second = (await list.ExecuteAsync(anna, first.Blocks[0].PrincipalId, 1, ct)).Value;
        Assert.That((first.HasMore, second.HasMore), Is.EqualTo((true, false)));
        Assert.That(first.Blocks.Concat(second.Blocks).Select(row => row.Name), Is.EqualTo(new[] { "Bert", "Cora" }));
        Assert.That((await list.ExecuteAsync(bert, null, null, ct)).Value.Blocks, Is.Empty);
        FailureAssert.Failed(await list.ExecuteAsync(anna, null, 0, ct), ErrorCode.InvalidArgument, "limit");
        FailureAssert.Failed(await list.ExecuteAsync(anna, -1, null, ct), ErrorCode.InvalidArgument, "after");
    }

    [Test, CancelAfter(20_000)]
    public async Task Nobody_and_oneself_cannot_be_blocked(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");

        FailureAssert.Failed(await Block.ExecuteAsync(anna, anna.PrincipalId, ct), ErrorCode.InvalidArgument, "principal_id");
        FailureAssert.Failed(await Block.ExecuteAsync(anna, 0, ct), ErrorCode.PrincipalNotFound, "principal_id");
        FailureAssert.Failed(await Block.ExecuteAsync(anna, 1L << 50, ct), ErrorCode.PrincipalNotFound, "principal_id");
        FailureAssert.Failed(await Unblock.ExecuteAsync(anna, 1L << 50, ct), ErrorCode.PrincipalNotFound, "principal_id");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_block_and_a_first_message_at_once_never_leave_an_open_chat(CancellationToken ct)
    {
        for (int round = 0; round < 20; round++)
        {
            Caller anna = await World.PersonAsync("Anna");
            Caller bert = await World.PersonAsync("Bert");

            Task<Result<ChatRow>> opening = World.OpenDirect.ExecuteAsync(bert, anna.PrincipalId, ct);
            await Do(Block.ExecuteAsync(anna, bert.PrincipalId, ct));
            Result<ChatRow> opened = await opening;

            if (!opened.IsOk) FailureAssert.Failed(opened, ErrorCode.Blocked, "principal_id");
            else FailureAssert.Failed(await World.Send.ExecuteAsync(bert, New(opened.Value.ChatId)), ErrorCode.Blocked, "chat_id");
        }
    }

    private static SendMessageInput New(long chatId) => new(chatId, Guid.NewGuid(), "hello", null);

    private static IEnumerable<PresencePush> Told(RecordingSubscriber session) =>
        session.Pushed.Select(push => PushFrames.Read<PresencePush>(push.Frame));

    private static async Task Do(Task<Result<Done>> act)
    {
        Result<Done> result = await act;
        Assert.That(result.IsOk, () => result.Failure!.Message);
    }

    private async Task<(Caller Anna, Caller Bert, long ChatId)> PairAsync()
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        return (anna, bert, await World.DirectChatAsync(anna, bert));
    }

    private RecordingSubscriber Online(Caller caller)
    {
        RecordingSubscriber session = new(Interlocked.Increment(ref _lastSession), caller.PrincipalId);
        World.Registry.Online(session);
        return session;
    }
}
