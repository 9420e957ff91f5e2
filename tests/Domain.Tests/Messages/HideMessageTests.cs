using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.Messages;

namespace Chat.Domain.Tests.Messages;

/// <summary>What one deletes for oneself alone, protocol-spec.md §6.25.</summary>
public sealed class HideMessageTests : WorldFixture
{
    private HideMessage Hide => new(new HiddenStore(World.Source, World.Events), World.Limits);

    [Test, CancelAfter(30_000)]
    public async Task A_page_has_it_as_a_place_that_is_covered_and_the_inbox_tells_once(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.DirectChatAsync(anna, bert);
        long one = await World.SendAsync(anna, chatId, "one"), two = await World.SendAsync(anna, chatId, "two"), three = await World.SendAsync(anna, chatId, "three");

        Assert.That((await Hide.ExecuteAsync(bert, chatId, two, ct)).IsOk);
        Assert.That((await Hide.ExecuteAsync(bert, chatId, two, ct)).IsOk);
        Assert.That((await Hide.ExecuteAsync(bert, chatId, three, ct)).IsOk);

        HistoryPage forwards = (await World.ReadHistory.ExecuteAsync(bert, chatId, 0, null, 2, ct)).Value;
        HistoryPage rest = (await World.ReadHistory.ExecuteAsync(bert, chatId, forwards.CoversTo, null, 2, ct)).Value;
        HistoryPage backwards = (await World.ReadHistory.ExecuteAsync(bert, chatId, null, null, 1, ct)).Value;
        Assert.That((forwards.Events[^1].Sequence, forwards.CoversTo, forwards.HasMore), Is.EqualTo((one, three, false)));
        Assert.That((rest.Events.Count, rest.CoversTo, rest.HasMore), Is.EqualTo((0, three, false)));
        Assert.That((backwards.Events.Single().Sequence, backwards.CoversTo, backwards.HasMore), Is.EqualTo((one, three, true)));
        Assert.That((await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value.LastEvent!.Sequence, Is.EqualTo(one));
        Assert.That((await World.GetChat.ExecuteAsync(anna, chatId, ct)).Value.LastEvent!.Sequence, Is.EqualTo(three));
        EventRow[] told = [.. World.Events.Committed.Where(row => row.Kind == EventKinds.Hidden && row.SubjectId == chatId)];
        Assert.That(told.Select(row => (row.SenderId, row.ReplyTo)), Is.EqualTo(new[] { (bert.PrincipalId, (long?)two), (bert.PrincipalId, (long?)three) }));
        Assert.That(told.Select(row => row.ChatId).Distinct().Single(), Is.Not.EqualTo(chatId));
    }

    [Test, CancelAfter(30_000)]
    public async Task Only_a_message_that_one_may_see_is_hidden(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), late = await World.PersonAsync("Late");
        long chatId = await World.GroupAsync(anna, bert);
        long message = await World.SendAsync(anna, chatId);
        await World.AddMembers.ExecuteAsync(anna, chatId, [late.PrincipalId], ct);

        FailureAssert.Failed(await Hide.ExecuteAsync(late, chatId, message, ct), ErrorCode.MessageNotFound, "sequence");
        FailureAssert.Failed(await Hide.ExecuteAsync(anna, chatId, 1, ct), ErrorCode.MessageNotFound, "sequence");
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);
        Assert.That((await Hide.ExecuteAsync(bert, chatId, message, ct)).IsOk, "who left still sees it, and may stop to");
        HistoryPage page = (await World.ReadHistory.ExecuteAsync(bert, chatId, 0, null, null, ct)).Value;
        Assert.That(page.Events.Select(row => row.Sequence), Has.None.EqualTo(message));
    }
}
