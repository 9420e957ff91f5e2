using Chat.Domain.Messages;
using Chat.Domain.Scheduled;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Chats;

namespace Chat.Domain.Tests.Scheduled;

/// <summary>R-091, R-080: whom a scheduled message mentions is judged when it is sent.</summary>
[TestFixture]
internal sealed class ScheduledMentionTests : ScheduledFixture
{
    [Test, CancelAfter(60_000)]
    public async Task It_mentions_who_is_in_the_chat_when_it_is_sent(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), left = await World.PersonAsync("Left"), came = await World.PersonAsync("Came");
        long chatId = await World.GroupAsync(anna, left);
        WireMark[] marks = [.. new[] { left, came }.Select(person => new WireMark(MarkKind.Mention, 0, 4, person.PrincipalId))];
        WireContent content = new(ContentKind.Text, null, marks, null, null, null);
        ScheduledMessage message = await ScheduleAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), "@all of you", null, content));
        Assert.That((await World.RemoveMember.ExecuteAsync(anna, chatId, left.PrincipalId, ct)).IsOk);
        Assert.That((await World.AddMembers.ExecuteAsync(anna, chatId, [came.PrincipalId], ct)).IsOk);

        await MakeDueAsync(message);
        await SendAllAsync(Sender);
        Assert.That((await World.AddMembers.ExecuteAsync(anna, chatId, [left.PrincipalId], ct)).IsOk);

        ChatRow row = (await World.GetChat.ExecuteAsync(came, chatId, ct)).Value;
        Assert.That(row.Mentions?.Count, Is.EqualTo(1));
        Assert.That((await World.GetChat.ExecuteAsync(left, chatId, ct)).Value.Mentions, Is.Null);
    }
}
