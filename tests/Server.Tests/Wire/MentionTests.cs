using Chat.Domain.Accounts;
using Chat.Sdk;
using Chat.Storage.Chats;
using Microsoft.AspNetCore.Builder;

namespace Chat.Server.Tests.Wire;

/// <summary>Which messages mention one, through the C# SDK and the composed server, over two nodes .</summary>
[Category("postgres")]
internal sealed class MentionTests : ServerFixture
{
    [Test, CancelAfter(60_000)]
    public async Task A_mention_on_one_node_counts_on_another_until_one_reads_it_on_any_device(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct), cleo = await NewPersonAsync("Cleo", ct);
        ChatRow group = await NewGroupAsync(ct, anna, ben, cleo);
        await using WebApplication other = await StartNodeAsync();
        Uri there = new(other.Urls.First());
        await using ChatClient annas = Client(Url, anna), bens = Client(there, ben), second = Client(Url, ben), cleos = Client(there, cleo);
        foreach (ChatClient client in (ChatClient[])[annas, bens, second, cleos]) await client.ConnectAsync(ct);

        MentionText text = new MentionText().Add("Look, ").Mention(ben.PrincipalId, "@Ben").Add("!");
        long first = (await annas.Chat(group.ChatId).Send(text.Text, content: text.Content).Sent.WaitAsync(ct)).Sequence;
        long last = (await annas.Chat(group.ChatId).Send(text.Text, content: text.Content).Sent.WaitAsync(ct)).Sequence;
        await annas.Chat(group.ChatId).Send("nobody").Sent.WaitAsync(ct);

        await UntilAsync(() => bens.Chat(group.ChatId).Summary?.Mentions == new UnreadMentions(2, first), ct);
        await UntilAsync(() => second.Chat(group.ChatId).Summary?.Mentions == new UnreadMentions(2, first), ct);
        Assert.That((await bens.MentionsAsync(cancellationToken: ct)).Items.Select(item => item.Sequence), Is.EqualTo(new[] { last, first }));
        await UntilAsync(() => cleos.Chat(group.ChatId).Summary?.Unread == 3, ct);
        Assert.That(cleos.Chat(group.ChatId).Summary!.Mentions, Is.Null);

        await second.Chat(group.ChatId).MarkReadAsync(first, ct);
        await UntilAsync(() => bens.Chat(group.ChatId).Summary?.Mentions == new UnreadMentions(1, last), ct);
        await UntilAsync(() => second.Chat(group.ChatId).Summary?.Mentions == new UnreadMentions(1, last), ct);

        await annas.Chat(group.ChatId).EditAsync(last, "somebody else", ct);
        await UntilAsync(() => bens.Chat(group.ChatId).Summary?.Mentions is null, ct);
        Assert.That(bens.Chat(group.ChatId).Summary!.Unread, Is.EqualTo(2));
    }

    private static async Task UntilAsync(Func<bool> isSo, CancellationToken ct)
    {
        while (!isSo()) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ct);
    }

    private static ChatClient Client(Uri url, SignedIn person) => new(new ChatClientOptions
    {
        Url = url,
        Token = (_, _) => ValueTask.FromResult(person.AccessToken),
    });
}
