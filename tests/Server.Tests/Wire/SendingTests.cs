using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Storage.Chats;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Wire;

/// <summary>Messages over the real wire: acks, pushes, and each thing that may be wrong with one, with the connection kept.</summary>
[TestFixture]
[Category("postgres")]
internal sealed class SendingTests : ServerFixture
{
    [Test, CancelAfter(20_000)]
    [Property("Promise", "P2")]
    public async Task A_message_reaches_every_member_with_the_sequence_of_its_ack(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);
        Guid id = Guid.NewGuid();

        SentReply sent = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, id, "hello"), ct);
        WireEvent atA = await a.NextEventAsync(ct), atB = await b.NextEventAsync(ct);

        Assert.That(atB, Is.EqualTo(new WireEvent(chat.ChatId, sent.Sequence, EventKind.Message, anna.PrincipalId, sent.CreatedAtMs, id, null, "hello")));
        Assert.That(atA, Is.EqualTo(atB));
        Assert.That(sent.Sequence, Is.EqualTo(chat.HeadSequence + 1));
    }

    [Test, CancelAfter(20_000)]
    [Property("Promise", "P3")]
    public async Task A_burst_on_one_connection_keeps_its_order_for_all(CancellationToken ct)
    {
        const int Count = 500;
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);

        for (int n = 0; n < Count; n++) await a.SendAsync(new SendMessageRequest(chat.ChatId, Guid.NewGuid(), $"{n}"), ct);
        List<WireEvent> events = [];
        while (events.Count < Count) events.Add(await b.NextEventAsync(ct));

        Assert.That(events.Select(row => row.Text), Is.EqualTo(Enumerable.Range(0, Count).Select(n => $"{n}")));
        Assert.That(events.Select(row => row.Sequence), Is.EqualTo(Enumerable.Range(1, Count).Select(n => chat.HeadSequence + n)));
    }

    [Test, CancelAfter(20_000)]
    [Property("Promise", "P4")]
    public async Task The_same_id_again_returns_the_first_sequence_and_makes_no_second_event(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), again = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);
        SendMessageRequest message = new(chat.ChatId, Guid.NewGuid(), "once");

        SentReply first = await a.AskAsync<SendMessageRequest, SentReply>(message, ct);
        SentReply second = await again.AskAsync<SendMessageRequest, SentReply>(message, ct);
        SentReply next = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "after"), ct);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(next.Sequence, Is.EqualTo(first.Sequence + 1));
        Assert.That(await b.NextEventAsync(ct), Has.Property("Text").EqualTo("once"));
        Assert.That(await b.NextEventAsync(ct), Has.Property("Text").EqualTo("after"));
    }

    [Test, CancelAfter(30_000)]
    public async Task Each_wrong_message_gets_its_own_code_and_the_connection_is_kept(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna), strange = await NewGroupAsync(ct, ben);
        using WireClient a = await OnlineAsync(anna, ct);
        Guid used = Guid.NewGuid();
        await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, used, "first"), ct);

        (SendMessageRequest Request, ErrorCode Expected)[] cases =
        [
            (new(chat.ChatId, Guid.NewGuid(), ""), ErrorCode.TextEmpty),
            (new(chat.ChatId, Guid.NewGuid(), new string('x', ProtocolLimits.MaxTextBytes + 1)), ErrorCode.TextTooLong),
            (new(chat.ChatId, Guid.NewGuid(), new string('é', (ProtocolLimits.MaxTextBytes / 2) + 1)), ErrorCode.TextTooLong),
            (new(chat.ChatId, Guid.NewGuid(), "a\0b"), ErrorCode.TextHasNul),
            (new(strange.ChatId, Guid.NewGuid(), "hello"), ErrorCode.NotAMember),
            (new(9_007_199_254_740_991, Guid.NewGuid(), "hello"), ErrorCode.ChatNotFound),
            (new(0, Guid.NewGuid(), "hello"), ErrorCode.ChatNotFound),
            (new(chat.ChatId, used, "another text"), ErrorCode.ClientMessageIdReused),
            (new(chat.ChatId, used, "first", chat.HeadSequence), ErrorCode.ClientMessageIdReused),
            (new(chat.ChatId, Guid.NewGuid(), "hello", 1_000_000), ErrorCode.ReplyTargetNotFound),
        ];
        foreach ((SendMessageRequest request, ErrorCode expected) in cases)
        {
            ErrorReply error = await a.RefusedAsync(request, ct);
            Assert.That(error.Code, Is.EqualTo(expected), error.Message);
            Assert.That(error.Retryable, Is.False);
            Assert.That(error.Message, Is.Not.Empty);
        }

        string largest = new('x', ProtocolLimits.MaxTextBytes);
        await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), largest), ct);
        HistoryReply history = await a.AskAsync<GetHistoryRequest, HistoryReply>(new(chat.ChatId), ct);
        Assert.That(history.Events.Count(row => row.Kind == EventKind.Message), Is.EqualTo(2), "nothing of the wrong ones was stored");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_reply_carries_the_sequence_that_it_answers(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);

        SentReply question = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "when?"), ct);
        await b.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "now", question.Sequence), ct);
        await a.NextEventAsync(ct);

        Assert.That(await a.NextEventAsync(ct), Has.Property("ReplyTo").EqualTo(question.Sequence));
    }

    [Test, CancelAfter(20_000)]
    public async Task Typing_goes_to_the_others_and_not_to_the_one_who_types(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);

        await a.AskAsync<SetTypingRequest, OkReply>(new(chat.ChatId, true), ct);

        Assert.That(await b.NextAsync<TypingPush>(ct), Is.EqualTo(new TypingPush(chat.ChatId, anna.PrincipalId, true)));
    }

    [Test, CancelAfter(20_000)]
    public async Task Reading_is_told_to_the_others_and_lowers_what_is_unread(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);
        SentReply sent = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "read me"), ct);
        ChatReply before = await b.AskAsync<GetChatRequest, ChatReply>(new(chat.ChatId), ct);

        await b.AskAsync<MarkReadRequest, OkReply>(new(chat.ChatId, sent.Sequence + 100), ct);
        ChatReply after = await b.AskAsync<GetChatRequest, ChatReply>(new(chat.ChatId), ct);
        WireReceipt told;
        do told = (await a.NextAsync<ReceiptsPush>(ct)).Receipts.LastOrDefault(receipt => receipt.PrincipalId == ben.PrincipalId);
        while (told.ReadUpTo == 0);

        Assert.That(before.Chat.Unread, Is.EqualTo(1));
        Assert.That((after.Chat.Unread, after.Chat.ReadUpTo), Is.EqualTo((0L, sent.Sequence)), "bounded by the head");
        Assert.That(told, Is.EqualTo(new WireReceipt(ben.PrincipalId, sent.Sequence, sent.Sequence)));
    }

    [Test, CancelAfter(20_000)]
    [Property("Promise", "P9")]
    public async Task A_removed_member_gets_its_removal_and_nothing_after_it(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);

        await Services.GetRequiredService<RemoveMember>().ExecuteAsync(Caller(anna), chat.ChatId, ben.PrincipalId, ct);
        await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "not for Ben"), ct);
        List<WireEvent> got = [await b.NextEventAsync(ct), await b.NextEventAsync(ct)];
        ErrorReply refused = await b.RefusedAsync(new SendMessageRequest(chat.ChatId, Guid.NewGuid(), "still here?"), ct);
        HistoryReply history = await b.AskAsync<GetHistoryRequest, HistoryReply>(new(chat.ChatId), ct);

        Assert.That(got.Select(row => row.Kind), Is.EquivalentTo(new[] { EventKind.MemberRemoved, EventKind.ChatRemoved }));
        Assert.That(refused.Code, Is.EqualTo(ErrorCode.NotAMember));
        Assert.That(history.Events[^1].Kind, Is.EqualTo(EventKind.MemberRemoved), "history ends where the membership ended");
    }

    [Test, CancelAfter(20_000)]
    public async Task Someone_added_while_online_gets_the_chat_in_the_inbox_and_its_events_from_then_on(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);

        ChatReply direct = await a.AskAsync<OpenDirectRequest, ChatReply>(new(ben.PrincipalId), ct);
        ChatReply same = await b.AskAsync<OpenDirectRequest, ChatReply>(new(anna.PrincipalId), ct);
        WireEvent inInbox = await b.NextEventAsync(ct);
        await a.AskAsync<SendMessageRequest, SentReply>(new(direct.Chat.ChatId, Guid.NewGuid(), "hi"), ct);
        WireEvent message;
        do message = await b.NextEventAsync(ct);
        while (message.Kind != EventKind.Message);

        Assert.That(same.Chat.ChatId, Is.EqualTo(direct.Chat.ChatId), "one direct chat a pair");
        Assert.That(inInbox.Kind, Is.EqualTo(EventKind.ChatAdded).Or.EqualTo(EventKind.ChatCreated));
        Assert.That(message, Has.Property("Text").EqualTo("hi"));
    }
}
