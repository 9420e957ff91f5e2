using System.Diagnostics;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Storage.Chats;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Wire;

/// <summary>
/// The limits of production on the wire: told with a time to come back, kept over a reconnect, paced where nothing need fail.
/// </summary>
[TestFixture]
[Category("postgres")]
[Property("Promise", "P12")]
internal sealed class LimitTests : ServerFixture
{
    protected override IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?>
    {
        ["Limits:SendsPerMinute"] = "6", // slow, so that none comes back during a test
        ["Limits:Visitors:SendsPerMinute"] = "3",
        ["Limits:Visitors:SendsBurst"] = "2",
        ["Limits:SendsBurst"] = "5",
        ["Limits:FramesPerSecond"] = "30",
        ["Limits:FramesBurst"] = "60",
        ["Limits:ConnectionsPerPrincipal"] = "3",
    };

    [Test, CancelAfter(30_000)]
    public async Task Too_many_messages_are_told_when_to_come_again_and_a_new_connection_makes_no_difference(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        ChatRow chat = await NewGroupAsync(ct, anna);
        using WireClient first = await OnlineAsync(anna, ct);
        for (int i = 0; i < 5; i++) await first.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "hello"), ct);

        ErrorReply refused = await first.RefusedAsync(new SendMessageRequest(chat.ChatId, Guid.NewGuid(), "too many"), ct);
        using WireClient second = await OnlineAsync(anna, ct);
        ErrorReply again = await second.RefusedAsync(new SendMessageRequest(chat.ChatId, Guid.NewGuid(), "too many"), ct);

        Assert.That((refused.Code, refused.Retryable), Is.EqualTo((ErrorCode.RateLimited, true)));
        Assert.That(refused.RetryAfterMs, Is.InRange(1, 10_000));
        Assert.That(again.Code, Is.EqualTo(ErrorCode.RateLimited));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_visitor_is_held_to_the_rates_of_visitors_on_whichever_connection_and_after_a_fresh_token(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), guest = await NewPersonAsync("Guest", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, guest);
        string token = Services.GetRequiredService<AccessTokens>().Issue(Caller(guest) with { Kind = PrincipalKind.Visitor }, out _);
        using WireClient first = await OnlineAsync(guest with { AccessToken = token }, ct), person = await OnlineAsync(anna, ct);
        for (int i = 0; i < 2; i++) await first.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "hello"), ct);

        ErrorReply refused = await first.RefusedAsync(new SendMessageRequest(chat.ChatId, Guid.NewGuid(), "too many"), ct);
        await first.AskAsync<AuthenticateRequest, OkReply>(new(token), ct);
        ErrorReply again = await first.RefusedAsync(new SendMessageRequest(chat.ChatId, Guid.NewGuid(), "too many"), ct);
        for (int i = 0; i < 5; i++) await person.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "hello"), ct);

        Assert.That((refused.Code, refused.Retryable, again.Code), Is.EqualTo((ErrorCode.RateLimited, true, ErrorCode.RateLimited)));
        Assert.That(refused.RetryAfterMs, Is.InRange(10_000, 20_000));
    }

    [Test, CancelAfter(30_000)]
    public async Task Connections_that_sign_in_at_the_same_time_are_no_more_than_those_that_come_one_by_one(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        WireClient[] clients = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => WireClient.ConnectAsync(Url, ct)));

        await Task.WhenAll(clients.Select(client => client.SendAsync(new HelloRequest(ProtocolLimits.ProtocolVersion, anna.AccessToken, "test", []), ct)));
        Task<int?>[] closed = [.. clients.Select(client => client.ClosedAsync(ct))];
        Task<int?>[] open = closed; // looked at once a turn: who ended between two looks would be waited for by nobody
        for (; open.Length > 3; open = [.. closed.Where(end => !end.IsCompleted)]) await Task.WhenAny(open);
        int?[] codes = await Task.WhenAll(closed.Where(end => end.IsCompleted));
        foreach (WireClient client in clients) client.Dispose();

        Assert.That(codes, Has.Length.GreaterThanOrEqualTo(9).And.All.EqualTo((int)DisconnectCode.Overloaded));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_flood_of_frames_is_answered_to_the_last_one_no_faster_than_the_rate(CancellationToken ct)
    {
        const int Count = 120; // with the hello 61 more than go at once
        SignedIn anna = await NewPersonAsync("Anna", ct);
        using WireClient client = await OnlineAsync(anna, ct);
        byte[] flood = [.. Enumerable.Range(1, Count).SelectMany(id => FrameEncoder.Encode(new PingRequest(), (uint)id + 1_000))];
        Stopwatch clock = Stopwatch.StartNew();

        await client.SendBytesAsync(flood, ct);
        for (int i = 0; i < Count; i++) await client.NextAsync<OkReply>(ct);

        Assert.That(clock.Elapsed, Is.GreaterThan(TimeSpan.FromSeconds(1.8)));
    }

    [Test, CancelAfter(30_000)]
    public async Task One_connection_too_many_is_asked_to_come_back_and_those_that_are_there_stay(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        using WireClient first = await OnlineAsync(anna, ct), second = await OnlineAsync(anna, ct), third = await OnlineAsync(anna, ct);
        using WireClient fourth = await WireClient.ConnectAsync(Url, ct);

        await fourth.SendAsync(new HelloRequest(ProtocolLimits.ProtocolVersion, anna.AccessToken, "test", []), ct);
        int? code = await fourth.ClosedAsync(ct);
        await first.AskAsync<PingRequest, OkReply>(new(), ct);

        Assert.That(code, Is.EqualTo((int)DisconnectCode.Overloaded));
    }
}
