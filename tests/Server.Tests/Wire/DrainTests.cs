using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;
using Chat.Storage.Chats;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Wire;

/// <summary>Promise P13: how a node sends its sessions away. One drain for the fixture: a server drains once.</summary>
[TestFixture]
[Category("postgres")]
[Property("Promise", "P13")]
internal sealed class DrainTests : ServerFixture
{
    private const int Clients = 500; // from here on the spread is at its longest, 10 s

    [Test, CancelAfter(120_000)]
    public async Task All_are_told_to_come_back_at_spread_times_what_they_sent_is_acked_and_they_are_closed_in_slices(
        CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        ChatRow chat = await NewGroupAsync(ct, anna);
        WireClient[] clients = [.. await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => OnlineAsync(anna, ct)))];
        using HttpClient http = new() { BaseAddress = Url };
        (await http.GetAsync(new Uri("/health/ready", UriKind.Relative), ct)).Dispose(); // a connection that stays
        foreach (WireClient client in clients.Take(100))
            await client.SendAsync(new SendMessageRequest(chat.ChatId, Guid.NewGuid(), "just before"), ct);
        ConcurrentBag<(int ReconnectMs, TimeSpan ClosedAfter, int? Code)> ends = [];
        int acks = 0;

        Stopwatch clock = Stopwatch.StartNew();
        Task drain = Services.GetRequiredService<SessionDrain>().RunAsync();
        using HttpResponseMessage ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
        await Task.WhenAll(clients.Select(async (client, i) =>
        {
            GoodbyePush goodbye = await client.NextAsync<GoodbyePush>(ct);
            int? code = await client.ClosedAsync(ct);
            if (client.HasReceived(FrameType.Sent)) Interlocked.Increment(ref acks);
            ends.Add((goodbye.ReconnectAfterMs, clock.Elapsed, code));
            await client.CloseAsync(ct);
        }));
        await drain;

        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(25)));
        ChatRow after = (await Services.GetRequiredService<GetChat>().ExecuteAsync(Caller(anna), chat.ChatId, ct)).Value;
        Assert.That(acks, Is.EqualTo(after.HeadSequence - chat.HeadSequence).And.GreaterThan(0), "what is stored is acked");
        Assert.That(ends.Select(end => end.Code), Is.All.EqualTo((int)DisconnectCode.Draining));
        Assert.That(ends.Select(end => end.ReconnectMs), Is.All.InRange(0, 10_000));
        Assert.That(LargestSecond(ends.Select(end => end.ReconnectMs / 1_000)), Is.LessThanOrEqualTo(Clients / 5));
        int mostClosed = LargestSecond(ends.Select(end => (int)end.ClosedAfter.TotalSeconds));
        Assert.That(mostClosed, Is.LessThanOrEqualTo(Clients * 2 / 5), "a fifth; who was held up sees two seconds' worth in one");
        SocketException? refused = await Assert.ThrowsAsync<SocketException>(async () => await ConnectAsync(ct));
        Assert.That(refused!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));
    }

    private static int LargestSecond(IEnumerable<int> seconds) => seconds.GroupBy(second => second).Max(group => group.Count());

    private async Task ConnectAsync(CancellationToken ct)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Url.Port, ct);
    }
}
