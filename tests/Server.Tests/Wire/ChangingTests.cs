using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Domain.People;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Storage.Chats;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Wire;

/// <summary>Edit, delete and react over the real wire: acks, pushes, history, and each refusal with the connection kept.</summary>
[TestFixture]
[Category("postgres")]
internal sealed class ChangingTests : ServerFixture
{
    [Test, CancelAfter(30_000)]
    public async Task Changes_are_pushed_as_events_and_one_who_was_away_reads_what_they_add_up_to(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);
        SentReply message = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "helo"), ct);
        Guid id = Guid.NewGuid();

        SentReply edited = await a.AskAsync<EditMessageRequest, SentReply>(new(chat.ChatId, id, message.Sequence, "hello"), ct);
        SentReply again = await a.AskAsync<EditMessageRequest, SentReply>(new(chat.ChatId, id, message.Sequence, "hello"), ct);
        SentReply reacted = await b.AskAsync<ReactRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), message.Sequence, "👍"), ct);
        await b.AskAsync<ReactRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), message.Sequence, "❤️"), ct);
        List<WireEvent> pushed = [];
        while (pushed.Count < 4) pushed.Add(await b.NextEventAsync(ct));
        HistoryReply history = await b.AskAsync<GetHistoryRequest, HistoryReply>(new(chat.ChatId, After: message.Sequence - 1), ct);
        ChatReply listed = await b.AskAsync<GetChatRequest, ChatReply>(new(chat.ChatId), ct);

        Assert.That(again, Is.EqualTo(edited));
        Assert.That(pushed[1], Is.EqualTo(new WireEvent(
            chat.ChatId, edited.Sequence, EventKind.Edited, anna.PrincipalId, edited.CreatedAtMs, id, message.Sequence, "hello")));
        Assert.That(pushed.Select(e => (e.Kind, e.Text, e.Previous)), Is.EqualTo(new[]
        {
            (EventKind.Message, "helo", (string?)null), (EventKind.Edited, "hello", null), (EventKind.Reaction, "👍", null), (EventKind.Reaction, "❤️", "👍"),
        }));
        WireEvent shown = history.Events[0];
        Assert.That((shown.Text, shown.Changes!.AsOf, shown.Changes.OwnReaction), Is.EqualTo(("hello", reacted.Sequence + 1, "❤️")));
        Assert.That(shown.Changes.Reactions, Is.EqualTo(new[] { new WireReaction("❤️", 1) }));
        Assert.That(history.Events.Select(e => e.Sequence), Is.EqualTo(Enumerable.Range((int)message.Sequence, 4).Select(n => (long)n)));
        Assert.That((listed.Chat.HeadSequence, listed.Chat.LastEvent!.Value.Sequence, listed.Chat.LastEvent.Value.Text),
            Is.EqualTo((reacted.Sequence + 1, message.Sequence, "hello")));

        Guid deletion = Guid.NewGuid();
        SentReply deleted = await a.AskAsync<DeleteMessageRequest, SentReply>(new(chat.ChatId, deletion, message.Sequence), ct);
        Assert.That(await b.NextEventAsync(ct), Is.EqualTo(new WireEvent(
            chat.ChatId, deleted.Sequence, EventKind.Deleted, anna.PrincipalId, deleted.CreatedAtMs, deletion, message.Sequence)));
        history = await b.AskAsync<GetHistoryRequest, HistoryReply>(new(chat.ChatId, After: message.Sequence - 1), ct);
        Assert.That(history.Events.Select(e => e.Text ?? ""), Has.None.Contains("hel"));
    }

    [Test, CancelAfter(30_000)]
    public async Task Only_messages_are_unread_and_a_change_leaves_a_chat_where_it_stands_in_the_list(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben), other = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);
        SentReply one = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "one"), ct);
        SentReply two = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "two"), ct);
        await a.AskAsync<SendMessageRequest, SentReply>(new(other.ChatId, Guid.NewGuid(), "other"), ct);
        await a.AskAsync<EditMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), one.Sequence, "one, corrected"), ct);
        await a.AskAsync<ReactRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), two.Sequence, "👍"), ct);

        ChatsReply listed = await b.AskAsync<GetChatsRequest, ChatsReply>(new(), ct);
        await b.AskAsync<MarkReadRequest, OkReply>(new(chat.ChatId, one.Sequence), ct);
        ChatReply partly = await b.AskAsync<GetChatRequest, ChatReply>(new(chat.ChatId), ct);
        await b.AskAsync<MarkReadRequest, OkReply>(new(chat.ChatId, two.Sequence), ct);
        ChatReply read = await b.AskAsync<GetChatRequest, ChatReply>(new(chat.ChatId), ct);

        Assert.That(listed.Chats.Select(c => (c.ChatId, c.Unread)), Is.EqualTo(new[] { (other.ChatId, 1L), (chat.ChatId, 2L) }));
        Assert.That(listed.Chats[1].LastActivityMs, Is.EqualTo(two.CreatedAtMs));
        Assert.That((partly.Chat.Unread, read.Chat.Unread, read.Chat.HeadSequence - read.Chat.ReadUpTo), Is.EqualTo((1L, 0L, 2L)));
    }

    [Test, CancelAfter(30_000)]
    public async Task Of_changes_that_one_connection_asks_for_without_waiting_the_last_wins(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);
        SentReply message = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "0"), ct);

        for (int i = 1; i <= 15; i++)
            await a.SendAsync(new EditMessageRequest(chat.ChatId, Guid.NewGuid(), message.Sequence, $"{i}"), ct);
        List<string?> texts = [];
        while (texts.Count < 15) texts.Add((await NextOfAsync(b, EventKind.Edited, ct)).Text);

        Assert.That(texts, Is.EqualTo(Enumerable.Range(1, 15).Select(i => $"{i}")));
    }

    [Test, CancelAfter(30_000)]
    public async Task In_a_blocked_chat_nothing_is_changed_and_one_takes_back_what_is_ones_own(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = (await Services.GetRequiredService<OpenDirectChat>().ExecuteAsync(Caller(anna), ben.PrincipalId, ct)).Value;
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);
        SentReply message = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "mine"), ct);
        await Services.GetRequiredService<BlockPerson>().ExecuteAsync(Caller(ben), anna.PrincipalId, ct);

        Assert.That((await a.RefusedAsync(new EditMessageRequest(chat.ChatId, Guid.NewGuid(), message.Sequence, "x"), ct)).Code, Is.EqualTo(ErrorCode.Blocked));
        Assert.That((await a.RefusedAsync(new ReactRequest(chat.ChatId, Guid.NewGuid(), message.Sequence, "👍"), ct)).Code, Is.EqualTo(ErrorCode.Blocked));
        Assert.That((await b.RefusedAsync(new ReactRequest(chat.ChatId, Guid.NewGuid(), message.Sequence, "👍"), ct)).Code, Is.EqualTo(ErrorCode.Blocked));
        SentReply deleted = await a.AskAsync<DeleteMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), message.Sequence), ct);
        Assert.That((await NextOfAsync(b, EventKind.Deleted, ct)).Sequence, Is.EqualTo(deleted.Sequence));
    }

    [Test, CancelAfter(30_000)]
    [Property("Promise", "P9")]
    public async Task One_who_came_later_gets_the_edit_without_its_text(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct), late = await NewPersonAsync("Late", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct), l = await OnlineAsync(late, ct);
        SentReply message = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "private"), ct);
        await Services.GetRequiredService<AddMembers>().ExecuteAsync(Caller(anna), chat.ChatId, [late.PrincipalId], ct);

        SentReply edited = await a.AskAsync<EditMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), message.Sequence, "private too"), ct);
        WireEvent atLate = await NextOfAsync(l, EventKind.Edited, ct), atBen = await NextOfAsync(b, EventKind.Edited, ct);
        HistoryReply read = await b.AskAsync<GetHistoryRequest, HistoryReply>(new(chat.ChatId, After: message.Sequence - 1, Limit: 1), ct);
        HistoryReply all = await l.AskAsync<GetHistoryRequest, HistoryReply>(new(chat.ChatId, After: 0), ct);

        Assert.That((atLate.Sequence, atLate.Text, atBen.Text), Is.EqualTo((edited.Sequence, (string?)null, (string?)null)));
        Assert.That(read.Events.Single().Text, Is.EqualTo("private too"), "whoever may see the message reads it");
        Assert.That(all.Events.Select(e => e.Text ?? ""), Has.None.Contains("private"));
        ErrorReply refused = await l.RefusedAsync(new ReactRequest(chat.ChatId, Guid.NewGuid(), message.Sequence, "👍"), ct);
        Assert.That(refused.Code, Is.EqualTo(ErrorCode.MessageNotFound));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_content_is_pushed_and_read_as_it_was_sent_and_a_wrong_one_is_refused(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);
        WireContent place = new(ContentKind.Location, 1, [], null, new WireLocation(14_252_000_000, 19_340_500_000, "Berlin"), null);

        SentReply sent = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "", Content: place), ct);
        WireEvent pushed = await b.NextEventAsync(ct);
        HistoryReply read = await b.AskAsync<GetHistoryRequest, HistoryReply>(new(chat.ChatId, After: sent.Sequence - 1), ct);
        ErrorReply refused = await a.RefusedAsync(new SendMessageRequest(chat.ChatId, Guid.NewGuid(), "", Content: place with { Location = null }), ct);

        foreach (WireContent? content in (WireContent?[])[pushed.Content, read.Events.Single().Content])
            Assert.That((content!.Kind, content.Forwarded, content.Location), Is.EqualTo((place.Kind, place.Forwarded, place.Location)));
        Assert.That(refused.Code, Is.EqualTo(ErrorCode.InvalidArgument));
    }

    [Test, CancelAfter(30_000)]
    public async Task Each_wrong_change_gets_its_own_code_and_the_connection_is_kept(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct), eve = await NewPersonAsync("Eve", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct), e = await OnlineAsync(eve, ct);
        SentReply message = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "mine"), ct);
        static Guid New() => Guid.NewGuid();

        Assert.That((await b.RefusedAsync(new EditMessageRequest(chat.ChatId, New(), message.Sequence, "x"), ct)).Code, Is.EqualTo(ErrorCode.NotAllowed));
        Assert.That((await b.RefusedAsync(new DeleteMessageRequest(chat.ChatId, New(), message.Sequence), ct)).Code, Is.EqualTo(ErrorCode.NotAllowed));
        Assert.That((await a.RefusedAsync(new EditMessageRequest(chat.ChatId, New(), message.Sequence, ""), ct)).Code, Is.EqualTo(ErrorCode.TextEmpty));
        Assert.That((await a.RefusedAsync(new EditMessageRequest(chat.ChatId, Guid.Empty, message.Sequence, "x"), ct)).Code, Is.EqualTo(ErrorCode.InvalidArgument));
        Assert.That((await a.RefusedAsync(new EditMessageRequest(chat.ChatId, New(), 999, "x"), ct)).Code, Is.EqualTo(ErrorCode.MessageNotFound));
        Assert.That((await a.RefusedAsync(new DeleteMessageRequest(1L << 50, New(), 1), ct)).Code, Is.EqualTo(ErrorCode.ChatNotFound));
        Assert.That((await e.RefusedAsync(new ReactRequest(chat.ChatId, New(), message.Sequence, "👍"), ct)).Code, Is.EqualTo(ErrorCode.NotAMember));
        Assert.That((await b.RefusedAsync(new ReactRequest(chat.ChatId, New(), message.Sequence, "no"), ct)).Code, Is.EqualTo(ErrorCode.InvalidArgument));
        await a.AskAsync<DeleteMessageRequest, SentReply>(new(chat.ChatId, New(), message.Sequence), ct);
        Assert.That((await b.RefusedAsync(new ReactRequest(chat.ChatId, New(), message.Sequence, "👍"), ct)).Code, Is.EqualTo(ErrorCode.MessageDeleted));
        Assert.That((await b.RefusedAsync(new ReactRequest(chat.ChatId, New(), message.Sequence), ct)).Code, Is.EqualTo(ErrorCode.MessageDeleted));
        foreach (WireClient client in (WireClient[])[a, b, e]) await client.AskAsync<PingRequest, OkReply>(new(), ct);
    }

    private static async Task<WireEvent> NextOfAsync(WireClient client, EventKind kind, CancellationToken ct)
    {
        while (true)
        {
            WireEvent next = await client.NextEventAsync(ct);
            if (next.Kind == kind) return next;
        }
    }
}
