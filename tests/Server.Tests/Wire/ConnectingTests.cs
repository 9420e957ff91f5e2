using System.Net.WebSockets;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Storage.Chats;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Wire;

/// <summary>Hello, resume, and each way in which a connection ends (protocol-spec.md §4, §7, §8.3).</summary>
[TestFixture]
[Category("postgres")]
internal sealed class ConnectingTests : ServerFixture
{
    protected override IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?> { ["Sessions:HelloTimeout"] = "00:00:01" };

    [Test, CancelAfter(20_000)]
    public async Task The_welcome_says_who_where_and_how_much(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        using WireClient client = await WireClient.ConnectAsync(Url, ct);

        WelcomeReply welcome = await client.HelloAsync(anna.AccessToken, ct);

        Assert.That((welcome.PrincipalId, welcome.Name), Is.EqualTo((anna.PrincipalId, "Anna")));
        Assert.That(welcome.InboxChatId, Is.GreaterThan(0));
        Assert.That(welcome.Limits, Is.EqualTo(new WireLimits(65_536, 16_384, 200, 2_000, 200)));
        Assert.That(welcome.Resumed, Is.Empty);
        Assert.That(welcome.TokenExpiresAtMs, Is.GreaterThan(welcome.ServerTimeMs));
    }

    [Test, CancelAfter(20_000)]
    [Property("Promise", "P7")]
    public async Task Resume_names_what_is_behind_and_what_is_void_and_nothing_else(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow behind = await NewGroupAsync(ct, anna), upToDate = await NewGroupAsync(ct, anna), otherEpoch = await NewGroupAsync(ct, anna), ahead = await NewGroupAsync(ct, anna);
        ChatRow strange = await NewGroupAsync(ct, ben);
        using (WireClient first = await OnlineAsync(anna, ct))
            await first.AskAsync<SendMessageRequest, SentReply>(new(behind.ChatId, Guid.NewGuid(), "while away"), ct);

        using WireClient client = await WireClient.ConnectAsync(Url, ct);
        WelcomeReply welcome = await client.HelloAsync(
            anna.AccessToken,
            ct,
            new WirePosition(behind.ChatId, behind.Epoch, behind.HeadSequence),
            new WirePosition(upToDate.ChatId, upToDate.Epoch, upToDate.HeadSequence),
            new WirePosition(otherEpoch.ChatId, otherEpoch.Epoch + 1, otherEpoch.HeadSequence),
            new WirePosition(ahead.ChatId, ahead.Epoch, ahead.HeadSequence + 5),
            new WirePosition(strange.ChatId, strange.Epoch, 1));

        Dictionary<long, WireResumed> resumed = welcome.Resumed.ToDictionary(entry => entry.ChatId);
        Assert.That(resumed.Keys, Is.EquivalentTo(new[] { behind.ChatId, otherEpoch.ChatId, ahead.ChatId, strange.ChatId }));
        Assert.That(resumed[behind.ChatId], Is.EqualTo(new WireResumed(behind.ChatId, behind.Epoch, behind.HeadSequence + 1, true)));
        Assert.That(resumed[otherEpoch.ChatId].Recovered, Is.False);
        Assert.That(resumed[ahead.ChatId].Recovered, Is.False);
        Assert.That(resumed[strange.ChatId], Is.EqualTo(new WireResumed(strange.ChatId, 0, 0, false)), "nothing is told of a chat that is not one's own");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_request_right_behind_hello_is_answered_after_the_welcome(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        using WireClient client = await WireClient.ConnectAsync(Url, ct);
        byte[] both = [.. FrameEncoder.Encode(new HelloRequest(1, anna.AccessToken, "test", []), 1), .. FrameEncoder.Encode(new PingRequest(), 2)];

        await client.SendBytesAsync(both, ct);
        WelcomeReply welcome = await client.NextAsync<WelcomeReply>(ct);
        await client.NextAsync<OkReply>(ct);

        Assert.That(welcome.PrincipalId, Is.EqualTo(anna.PrincipalId));
    }

    [Test, CancelAfter(20_000)]
    public async Task Silence_instead_of_hello_is_ended(CancellationToken ct)
    {
        using WireClient client = await WireClient.ConnectAsync(Url, ct);

        Assert.That(await client.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.HelloTimeout));
    }

    [TestCase("garbage", DisconnectCode.TokenInvalid)]
    [TestCase("", DisconnectCode.TokenInvalid)]
    [CancelAfter(20_000)]
    public async Task A_token_that_is_none_is_refused(string token, DisconnectCode expected, CancellationToken ct)
    {
        using WireClient client = await WireClient.ConnectAsync(Url, ct);

        await client.SendAsync(new HelloRequest(1, token, "test", []), ct);

        Assert.That(await client.ClosedAsync(ct), Is.EqualTo((int)expected));
    }

    [Test, CancelAfter(20_000)]
    [Property("Promise", "P10")]
    public async Task Signing_out_ends_the_live_connection_and_its_token(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        using WireClient live = await OnlineAsync(anna, ct);

        await Services.GetRequiredService<SignOut>().ExecuteAsync(Caller(anna));
        int? liveCode = await live.ClosedAsync(ct);
        using WireClient again = await WireClient.ConnectAsync(Url, ct);
        await again.SendAsync(new HelloRequest(1, anna.AccessToken, "test", []), ct);
        int? againCode = await again.ClosedAsync(ct);

        Assert.That(liveCode, Is.EqualTo((int)DisconnectCode.SessionRevoked));
        Assert.That(againCode, Is.InRange(4400, 4499), "come back with a new token");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_fresh_token_is_taken_on_the_same_connection_and_another_ones_is_not(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        using WireClient client = await OnlineAsync(anna, ct);
        SignedIn fresh = (await Services.GetRequiredService<RefreshSignIn>().ExecuteAsync(anna.RefreshToken, ct)).Value;

        await client.AskAsync<AuthenticateRequest, OkReply>(new(fresh.AccessToken), ct);
        ErrorReply refused = await client.RefusedAsync(new AuthenticateRequest(ben.AccessToken), ct);
        await client.AskAsync<PingRequest, OkReply>(new(), ct);

        Assert.That(refused.Code, Is.EqualTo(ErrorCode.TokenInvalid));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_text_message_is_refused(CancellationToken ct)
    {
        using WireClient client = await WireClient.ConnectAsync(Url, ct);

        await client.SendBytesAsync("{}"u8.ToArray(), ct, WebSocketMessageType.Text);

        Assert.That(await client.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.UnsupportedData));
    }

    [TestCaseSource(nameof(WrongBeforeHello))]
    [CancelAfter(20_000)]
    public async Task What_is_wrong_before_hello_ends_the_connection(byte[] message, DisconnectCode expected, CancellationToken ct)
    {
        using WireClient client = await WireClient.ConnectAsync(Url, ct);

        await client.SendBytesAsync(message, ct);

        Assert.That(await client.ClosedAsync(ct), Is.EqualTo((int)expected));
    }

    [TestCaseSource(nameof(WrongOnline))]
    [CancelAfter(20_000)]
    public async Task What_is_wrong_while_online_ends_the_connection(byte[] message, DisconnectCode expected, CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        using WireClient client = await OnlineAsync(anna, ct);

        await client.SendBytesAsync(message, ct);

        Assert.That(await client.ClosedAsync(ct), Is.EqualTo((int)expected));
    }

    [Test, CancelAfter(20_000)]
    public async Task Presence_is_pushed_to_those_who_watch_and_share_a_chat(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct), stranger = await NewPersonAsync("Eve", ct);
        await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(anna, ct);

        PresencesReply now = await a.AskAsync<WatchPresenceRequest, PresencesReply>(new([ben.PrincipalId, stranger.PrincipalId]), ct);
        using WireClient b = await OnlineAsync(ben, ct);
        PresencePush push = await a.NextAsync<PresencePush>(ct);

        Assert.That(now.Presences.Select(presence => (presence.PrincipalId, presence.Online)), Is.EqualTo(new[] { (ben.PrincipalId, false) }));
        Assert.That(push, Is.EqualTo(new PresencePush(ben.PrincipalId, true)));
    }

    private static IEnumerable<TestCaseData> WrongBeforeHello()
    {
        yield return new TestCaseData(FrameEncoder.Encode(new PingRequest(), 1), DisconnectCode.WrongState).SetName("{m}: ping");
        yield return new TestCaseData(FrameEncoder.Encode(new HelloRequest(2, "token", "test", []), 1), DisconnectCode.UnsupportedVersion).SetName("{m}: version 2");
        foreach (TestCaseData shared in Malformed()) yield return shared;
    }

    private static IEnumerable<TestCaseData> WrongOnline()
    {
        yield return new TestCaseData(FrameEncoder.Encode(new HelloRequest(1, "token", "test", []), 9), DisconnectCode.WrongState).SetName("{m}: second hello");
        foreach (TestCaseData shared in Malformed()) yield return shared;
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        (string Name, byte[] Message, DisconnectCode Expected)[] cases =
        [
            ("declared too large", [0x01, 0x00, 0x01, 0x00], DisconnectCode.FrameTooLarge),
            ("length of four gigabytes", [0xff, 0xff, 0xff, 0xff], DisconnectCode.FrameTooLarge),
            ("cut short", [0x05, 0, 0, 0, 0x92], DisconnectCode.MalformedFrame),
            ("half a header", [0x05, 0], DisconnectCode.MalformedFrame),
            ("empty body", [0, 0, 0, 0], DisconnectCode.MalformedFrame),
            ("no array", [0x01, 0, 0, 0, 0xc0], DisconnectCode.MalformedFrame),
            ("array of four billion", [0x05, 0, 0, 0, 0xdd, 0xff, 0xff, 0xff, 0xff], DisconnectCode.MalformedFrame),
            ("unknown type", [0x03, 0, 0, 0, 0x92, 0x63, 0x01], DisconnectCode.UnknownFrameType),
            ("a server's type", [0x03, 0, 0, 0, 0x92, 0x28, 0x01], DisconnectCode.UnknownFrameType),
            ("request id zero", [0x03, 0, 0, 0, 0x92, 0x03, 0x00], DisconnectCode.InvalidRequestId),
        ];
        foreach ((string name, byte[] message, DisconnectCode expected) in cases) yield return new TestCaseData(message, expected).SetName("{m}: " + name);
    }
}
