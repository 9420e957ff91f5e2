using Chat.Domain.Accounts;
using Chat.Sdk;
using Chat.Storage.Chats;
using Microsoft.AspNetCore.Builder;
using UnreadMentions = Chat.Sdk.UnreadMentions;

namespace Chat.Server.Tests.Wire;

/// <summary>Which messages mention one, through the C# SDK and the composed server, over two nodes .</summary>
[Category("postgres")]
internal sealed class MentionTests : ServerFixture
{
    [Test, CancelAfter(60_000)]
    public async Task A_mention_counts_on_all_ones_devices_until_one_reads_it_on_any(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct), cleo = await NewPersonAsync("Cleo", ct);
        ChatRow group = await NewGroupAsync(ct, anna, ben, cleo);
        await using ChatClient annas = Client(Url, anna), bens = Client(Url, ben), second = Client(Url, ben), cleos = Client(Url, cleo);
        foreach (ChatClient client in (ChatClient[])[annas, bens, second, cleos]) await client.ConnectAsync(ct);

        (long first, long last) = (await MentionAsync(annas, group.ChatId, ben, ct), await MentionAsync(annas, group.ChatId, ben, ct));
        await annas.Chat(group.ChatId).Send("nobody").Sent.WaitAsync(ct);

        await UntilAsync(bens, group.ChatId, new UnreadMentions(2, first), ct);
        await UntilAsync(second, group.ChatId, new UnreadMentions(2, first), ct);
        Assert.That((await bens.MentionsAsync(cancellationToken: ct)).Items.Select(item => item.Sequence), Is.EqualTo(new[] { last, first }));
        while (cleos.Chat(group.ChatId).Summary?.Unread != 3) await Task.Delay(Pause, TimeProvider.System, ct);
        Assert.That(cleos.Chat(group.ChatId).Summary!.Mentions, Is.Null);

        await second.Chat(group.ChatId).MarkReadAsync(first, ct);
        await UntilAsync(bens, group.ChatId, new UnreadMentions(1, last), ct);
        await UntilAsync(second, group.ChatId, new UnreadMentions(1, last), ct);

        await annas.Chat(group.ChatId).EditAsync(last, "somebody else", ct);
        await UntilAsync(bens, group.ChatId, null, ct);
        Assert.That(bens.Chat(group.ChatId).Summary!.Unread, Is.EqualTo(2));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_one_node_stored_another_tells_and_what_is_read_there_is_read_here(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow group = await NewGroupAsync(ct, anna, ben);
        await using WebApplication other = await StartNodeAsync();
        await using ChatClient annas = Client(Url, anna), there = Client(new Uri(other.Urls.First()), ben), here = Client(Url, ben);
        await annas.ConnectAsync(ct);
        long first = await MentionAsync(annas, group.ChatId, ben, ct), last = await MentionAsync(annas, group.ChatId, ben, ct);

        await there.ConnectAsync(ct);
        Assert.That(there.Chat(group.ChatId).Summary!.Mentions, Is.EqualTo(new UnreadMentions(2, first)));
        await there.Chat(group.ChatId).MarkReadAsync(first, ct);
        await UntilAsync(there, group.ChatId, new UnreadMentions(1, last), ct);

        await here.ConnectAsync(ct);
        Assert.That(here.Chat(group.ChatId).Summary!.Mentions, Is.EqualTo(new UnreadMentions(1, last)));
    }

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static async Task<long> MentionAsync(ChatClient sender, long chatId, SignedIn named, CancellationToken ct)
    {
        MentionText text = new MentionText().Add("Look, ").Mention(named.PrincipalId, "@you").Add("!");
        return (await sender.Chat(chatId).Send(text.Text, content: text.Content).Sent.WaitAsync(ct)).Sequence;
    }

    private static async Task UntilAsync(ChatClient client, long chatId, UnreadMentions? mentions, CancellationToken ct)
    {
        while (client.Chat(chatId).Summary is not { } chat || chat.Mentions != mentions) await Task.Delay(Pause, TimeProvider.System, ct);
    }

    private static ChatClient Client(Uri url, SignedIn person) => new(new ChatClientOptions
    {
        Url = url,
        Token = (_, _) => ValueTask.FromResult(person.AccessToken),
    });
}
