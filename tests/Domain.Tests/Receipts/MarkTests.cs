using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Storage.Chats;

namespace Chat.Domain.Tests.Receipts;

public sealed class MarkTests : WorldFixture // D12, promise P8
{
    [Test, CancelAfter(20_000)]
    public async Task Marks_are_stored_before_the_answer_and_never_go_back(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId, long head) = await ChatWithMessagesAsync();

        Assert.That((await World.MarkDelivered.ExecuteAsync(bert, chatId, head).AsTask().WaitAsync(ct)).IsOk);
        ChatRow delivered = (await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value;
        Assert.That((await World.MarkRead.ExecuteAsync(bert, chatId, head - 1).AsTask().WaitAsync(ct)).IsOk);
        Assert.That((await World.MarkRead.ExecuteAsync(bert, chatId, 1).AsTask().WaitAsync(ct)).IsOk, "below the present one: no effect");
        ChatRow read = (await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value;

        Assert.Multiple(() =>
        {
            Assert.That((delivered.DeliveredUpTo, delivered.HeadSequence), Is.EqualTo((head, head)));
            Assert.That(delivered.ReadUpTo, Is.LessThan(head));
            Assert.That((read.DeliveredUpTo, read.ReadUpTo), Is.EqualTo((head, head - 1)));
        });
        ChatRow ofAnna = (await World.GetChat.ExecuteAsync(anna, chatId, ct)).Value;
        Assert.That((ofAnna.OthersDeliveredUpTo, ofAnna.OthersReadUpTo), Is.EqualTo((head, head - 1)), "what her ticks show");
    }

    [Test, CancelAfter(20_000)]
    public async Task Reading_delivers_too_and_a_mark_above_the_head_is_the_head(CancellationToken ct)
    {
        (_, Caller bert, long chatId, long head) = await ChatWithMessagesAsync();

        Assert.That((await World.MarkRead.ExecuteAsync(bert, chatId, head + 1000).AsTask().WaitAsync(ct)).IsOk);

        ChatRow row = (await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value;
        Assert.That((row.DeliveredUpTo, row.ReadUpTo), Is.EqualTo((head, head)));
    }

    [Test, CancelAfter(20_000)]
    public async Task The_members_are_told_of_a_mark(CancellationToken ct)
    {
        (_, Caller bert, long chatId, long head) = await ChatWithMessagesAsync();

        Assert.That((await World.MarkRead.ExecuteAsync(bert, chatId, head).AsTask().WaitAsync(ct)).IsOk);

        WireReceipt[] told = [.. World.Fanout.Published
            .Where(published => published.ChatId == chatId)
            .SelectMany(published => PushFrames.Read<ReceiptsPush>(published.Frame).Receipts)];
        Assert.That(told, Does.Contain(new WireReceipt(bert.PrincipalId, head, head)));
    }

    [Test, CancelAfter(20_000)]
    public async Task Ones_own_message_counts_as_read_by_oneself(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId, long head) = await ChatWithMessagesAsync();

        ChatRow row = (await World.GetChat.ExecuteAsync(anna, chatId, ct)).Value;
        ChatRow listed = (await World.ListChats.ExecuteAsync(anna, null, null, ct)).Value.Chats.Single(chat => chat.ChatId == chatId);
        ChatRow ofBert = (await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value;
        MemberRow member = (await World.ListMembers.ExecuteAsync(bert, chatId, null, null, ct)).Value.Members.Single(m => m.PrincipalId == anna.PrincipalId);
        Assert.Multiple(() =>
        {
            Assert.That((row.DeliveredUpTo, row.ReadUpTo), Is.EqualTo((head, head)));
            Assert.That((listed.DeliveredUpTo, listed.ReadUpTo), Is.EqualTo((head, head)));
            Assert.That((ofBert.OthersDeliveredUpTo, ofBert.OthersReadUpTo), Is.EqualTo((head, head)));
            Assert.That(ofBert.ReadUpTo, Is.LessThan(head), "not by the other one");
            Assert.That((member.DeliveredUpTo, member.ReadUpTo), Is.EqualTo((head, head)));
            Assert.That(World.Fanout.Published.Where(published => published.ChatId == chatId), Is.Empty, "the message says it");
        });
    }

    [Test, CancelAfter(20_000)]
    public async Task Bad_marks_are_refused(CancellationToken ct)
    {
        (_, Caller bert, long chatId, _) = await ChatWithMessagesAsync();
        Caller dora = await World.PersonAsync("Dora");

        FailureAssert.Failed(await World.MarkRead.ExecuteAsync(bert, chatId, -1).AsTask().WaitAsync(ct), ErrorCode.InvalidArgument, "up_to");
        FailureAssert.Failed(await World.MarkDelivered.ExecuteAsync(bert, chatId, long.MinValue).AsTask().WaitAsync(ct), ErrorCode.InvalidArgument, "up_to");
        FailureAssert.Failed(await World.MarkRead.ExecuteAsync(dora, chatId, 1).AsTask().WaitAsync(ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await World.MarkDelivered.ExecuteAsync(dora, 1L << 50, 1).AsTask().WaitAsync(ct), ErrorCode.ChatNotFound, "chat_id");
    }

    private async Task<(Caller Anna, Caller Bert, long ChatId, long Head)> ChatWithMessagesAsync()
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        long chatId = await World.DirectChatAsync(anna, bert);
        long head = 0;
        for (int i = 0; i < 3; i++) head = await World.SendAsync(anna, chatId);
        return (anna, bert, chatId, head);
    }
}
