using System.Diagnostics;
using Chat.Domain.Accounts;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk;
using Chat.Sdk.Search;
using Chat.Server.Tests.Wire;
using Chat.Storage.Chats;
using Microsoft.AspNetCore.Builder;

namespace Chat.Server.Tests.Search;

/// <summary>R-090: what is sent to one node is found through another, soon, by the C# SDK and the composed servers.</summary>
[Category("postgres")]
internal sealed class SearchTests : ServerFixture
{
    /// <summary>Two seconds are promised; the machine that runs the tests has other things to do.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(10);

    [Test, CancelAfter(60_000)]
    public async Task A_message_sent_to_one_node_is_found_through_another_and_jumped_to(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        SignedIn ben = await NewPersonAsync("Ben", ct);
        ChatRow group = await NewGroupAsync(ct, anna, ben);
        await using WebApplication other = await StartNodeAsync();
        await using ChatClient bens = new(new ChatClientOptions { Url = new Uri(other.Urls.First()), Token = (_, _) => new(ben.AccessToken) });
        long sequence;
        using (WireClient wire = await OnlineAsync(anna, ct))
        {
            await wire.AskAsync<SendMessageRequest, SentReply>(new SendMessageRequest(group.ChatId, Guid.NewGuid(), "before"), ct);
            SentReply sent = await wire.AskAsync<SendMessageRequest, SentReply>(
                new SendMessageRequest(group.ChatId, Guid.NewGuid(), "The ÉCLIPSE is tonight"), ct);
            sequence = sent.Sequence;
            await wire.AskAsync<SendMessageRequest, SentReply>(new SendMessageRequest(group.ChatId, Guid.NewGuid(), "after"), ct);
        }

        FoundMessage found = await FindAsync(bens, "eclip", ct);
        await bens.ConnectAsync(ct);
        IReadOnlyList<ChatLogEvent> around = await bens.Search.EventsAroundAsync(group.ChatId, sequence, 4, ct);

        Assert.That((found.ChatId, found.Sequence, found.SenderId), Is.EqualTo((group.ChatId, sequence, anna.PrincipalId)));
        Assert.That(found.Highlights, Is.EqualTo(new[] { new Highlight(4, 5) }));
        Assert.That(around.Select(one => one.Sequence), Is.EqualTo(new[] { sequence - 1, sequence, sequence + 1 }));
        await other.StopAsync(ct);
    }

    private static async Task<FoundMessage> FindAsync(ChatClient client, string text, CancellationToken ct)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < LongestLag)
        {
            FoundMessages page = await client.Search.MessagesAsync(new SearchWish { Text = text }, cancellationToken: ct);
            if (page.Messages.Count > 0) return page.Messages[0];
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, ct); // five searches a second are allowed
        }

        throw new AssertionException($"'{text}' was not found within {LongestLag.TotalSeconds} s.");
    }
}
