using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Storage.Chats;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Wire;

/// <summary>A channel and one's own settings as a client on the wire meets them.</summary>
[TestFixture]
[Category("postgres")]
internal sealed class ChannelTests : ServerFixture
{
    [Test, CancelAfter(60_000)]
    public async Task A_reader_subscribes_reads_and_leaves_while_connected(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow channel = (await Services.GetRequiredService<CreateChannel>().ExecuteAsync(
            Caller(anna), new NewChannel("News", null, null, "wire_news"), ct)).Value;
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);
        await a.AskAsync<SendMessageRequest, SentReply>(new(channel.ChatId, Guid.NewGuid(), "early"), ct);

        await Services.GetRequiredService<JoinChat>().SubscribeAsync(Caller(ben), "wire_news", ct);
        WireEvent added = await b.NextEventAsync(ct);
        Assert.That((added.Kind, added.SubjectId), Is.EqualTo((EventKind.ChatAdded, (long?)channel.ChatId)));
        WireChat seen = (await b.AskAsync<GetChatRequest, ChatReply>(new(channel.ChatId), ct)).Chat;
        Assert.That((seen.Kind, seen.HeadSequence, seen.LastEvent!.Value.Text, seen.Details!.Handle), Is.EqualTo((ChatKind.Channel, 2L, "early", "wire_news")));

        SentReply sent = await a.AskAsync<SendMessageRequest, SentReply>(new(channel.ChatId, Guid.NewGuid(), "post"), ct);
        Assert.That((await b.NextEventAsync(ct)).Sequence, Is.EqualTo(sent.Sequence));
        ErrorReply refused = await b.RefusedAsync(new SendMessageRequest(channel.ChatId, Guid.NewGuid(), "me too"), ct);
        Assert.That(refused.Code, Is.EqualTo(ErrorCode.NotAllowed));
        Assert.That((await b.RefusedAsync(new GetMembersRequest(channel.ChatId), ct)).Code, Is.EqualTo(ErrorCode.NotAllowed));
        await b.AskAsync<MarkReadRequest, OkReply>(new(channel.ChatId, sent.Sequence), ct);

        await Services.GetRequiredService<LeaveGroup>().ExecuteAsync(Caller(ben), channel.ChatId, ct);
        Assert.That((await b.NextEventAsync(ct)).Kind, Is.EqualTo(EventKind.ChatRemoved));
        await a.AskAsync<SendMessageRequest, SentReply>(new(channel.ChatId, Guid.NewGuid(), "late"), ct);
        HistoryReply page = await b.AskAsync<GetHistoryRequest, HistoryReply>(new(channel.ChatId, After: 0), ct);
        Assert.That(page.Events.Select(e => e.Sequence), Is.EqualTo(new[] { 1, 2, sent.Sequence }));
        Assert.That(b.HasReceived(FrameType.Event), Is.False, "nothing of the channel came after leaving");
        Assert.That(a.HasReceived(FrameType.Receipts), Is.False, "nobody hears who read");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_one_device_sets_the_other_hears_and_asks_for(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow group = await NewGroupAsync(ct, anna, ben);
        using WireClient other = await OnlineAsync(anna, ct), peer = await OnlineAsync(ben, ct);
        Caller caller = Caller(anna);

        await Services.GetRequiredService<ChangeOwnSettings>().PinAsync(caller, group.ChatId, pinned: true, ct);
        await Services.GetRequiredService<SetDraft>().ExecuteAsync(caller, group.ChatId, "Dear", null, ct);
        WireEvent pinned = await other.NextEventAsync(ct), drafted = await other.NextEventAsync(ct);
        WireChat seen = (await other.AskAsync<GetChatRequest, ChatReply>(new(group.ChatId), ct)).Chat;
        ChatsReply listed = await other.AskAsync<GetChatsRequest, ChatsReply>(new(), ct);

        Assert.That((pinned.Kind, drafted.Kind, drafted.SubjectId),
            Is.EqualTo((EventKind.ChatSettingsChanged, EventKind.DraftChanged, (long?)group.ChatId)));
        Assert.That(seen.Own, Is.EqualTo(new WireOwnSettings(false, true, false, Draft: new WireDraft(drafted.Sequence, "Dear"))));
        Assert.That(listed.Chats.Single().Own, Is.EqualTo(seen.Own));
        Assert.That((await peer.AskAsync<GetChatRequest, ChatReply>(new(group.ChatId), ct)).Chat.Own, Is.Null);
        Assert.That(peer.HasReceived(FrameType.Event), Is.False);
    }
}
