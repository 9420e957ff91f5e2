using Chat.Domain.Chats;
using Chat.Storage.Chats;

namespace Chat.Domain.Tests.Messages;

/// <summary>Only messages count as unread, protocol-spec.md §8.5; what is done to them does not move a chat up either.</summary>
public sealed class UnreadTests : WorldFixture
{
    [Test, CancelAfter(30_000)]
    public async Task Only_messages_are_unread(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cleo = await World.PersonAsync("Cleo");
        long chatId = await World.GroupAsync(anna, bert);
        Assert.That(await UnreadAsync(bert, chatId, ct), Is.Zero, "a new group has no message");
        long first = await World.SendAsync(anna, chatId), second = await World.SendAsync(anna, chatId);
        await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), first, "corrected", ct);
        await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), second, "👍", ct);
        await World.Pin.ExecuteAsync(anna, chatId, Guid.NewGuid(), second, pinned: true, ct);
        await World.AddMembers.ExecuteAsync(anna, chatId, [cleo.PrincipalId], ct);
        await World.Rename.ExecuteAsync(anna, chatId, "another name", ct);
        long third = await World.SendAsync(cleo, chatId);
        await World.Delete.ExecuteAsync(cleo, chatId, Guid.NewGuid(), third, ct);

        Assert.That(await UnreadAsync(bert, chatId, ct), Is.EqualTo(3), "a deleted one is still shown, as deleted");
        Assert.That(await UnreadAsync(cleo, chatId, ct), Is.Zero);
        await World.MarkRead.ExecuteAsync(bert, chatId, first);
        Assert.That(await UnreadAsync(bert, chatId, ct), Is.EqualTo(2));
        await World.MarkRead.ExecuteAsync(bert, chatId, third - 1);
        Assert.That(await UnreadAsync(bert, chatId, ct), Is.EqualTo(1));
        await World.MarkRead.ExecuteAsync(bert, chatId, third);
        await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), second, "❤️", ct);
        ChatRow row = (await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value;
        Assert.That((row.Unread, row.ReadUpTo < row.HeadSequence), Is.EqualTo((0L, true)));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_was_read_by_writing_is_counted_at_once(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        long first = await World.SendAsync(anna, chatId);
        await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), first, "👍", ct);
        await World.SendAsync(bert, chatId, "an answer");
        Assert.That(await UnreadAsync(bert, chatId, ct), Is.Zero);

        await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), first, "❤️", ct);
        await World.SendAsync(anna, chatId);

        Assert.That(await UnreadAsync(bert, chatId, ct), Is.EqualTo(1));
        ChatRow listed = (await World.ListChats.ExecuteAsync(bert, null, null, ct)).Value.Chats.Single(row => row.ChatId == chatId);
        Assert.That(listed.Unread, Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_is_done_to_a_message_does_not_move_its_chat_up(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long quiet = await World.GroupAsync(anna, bert), busy = await World.GroupAsync(anna, bert);
        long message = await World.SendAsync(anna, quiet);
        await World.SendAsync(anna, busy);
        long before = (await World.GetChat.ExecuteAsync(bert, quiet, ct)).Value.LastActivityMs;

        await World.Edit.ExecuteAsync(anna, quiet, Guid.NewGuid(), message, "corrected", ct);
        await World.React.ExecuteAsync(bert, quiet, Guid.NewGuid(), message, "👍", ct);
        await World.Delete.ExecuteAsync(anna, quiet, Guid.NewGuid(), message, ct);

        IReadOnlyList<ChatRow> listed = (await World.ListChats.ExecuteAsync(bert, null, null, ct)).Value.Chats;
        Assert.That(listed.Select(row => row.ChatId).Where(id => id == quiet || id == busy), Is.EqualTo(new[] { busy, quiet }));
        Assert.That(listed.Single(row => row.ChatId == quiet).LastActivityMs, Is.EqualTo(before));
        await World.Rename.ExecuteAsync(anna, quiet, "another name", ct);
        Assert.That((await World.ListChats.ExecuteAsync(bert, null, null, ct)).Value.Chats[0].ChatId, Is.EqualTo(quiet), "a new name does");
    }

    private async Task<(Caller Anna, Caller Bert, long ChatId)> PairAsync()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        return (anna, bert, await World.DirectChatAsync(anna, bert));
    }

    private async Task<long> UnreadAsync(Caller caller, long chatId, CancellationToken ct) =>
        (await World.GetChat.ExecuteAsync(caller, chatId, ct)).Value.Unread;
}
