using System.Collections.Concurrent;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Calls;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Calls;

/// <summary>Calls, protocol-spec.md §8.12: who is told what, signals in their order, signs of life.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class CallTests
{
    private const long CallId = 70;
    private static readonly Guid Place = new("00112233-4455-6677-8899-aabbccddeeff");

    [Test, CancelAfter(10_000)]
    public async Task It_rings_if_it_rings_now_until_another_device_answers(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        ConcurrentQueue<string> told = scene.Listen();
        scene.Answer = _ => (200, Record("ringing", "ringing"));
        scene.Tell(EventKind.CallRinging, "voice");
        await World.UntilAsync(() => told.Count == 1, ct);
        scene.Tell(EventKind.CallChanged, "answered", FakeServer.Me);
        await World.UntilAsync(() => told.Count == 2, ct);

        scene.Answer = _ => (200, Record("missed", "missed", ended: true));
        scene.Tell(EventKind.CallRinging, "voice");
        scene.Tell(EventKind.CallEnded, "missed");
        await World.UntilAsync(() => told.Count == 3, ct);

        Assert.That(told, Is.EqualTo(new[] { "rings Voice 7", "stopped answered", "missed 13" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_rang_before_one_listened_is_told_to_stop_once_it_was_asked_for(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        ConcurrentQueue<string> told = scene.Listen();
        scene.Answer = _ => (200, $$"""{ "items": [{{Record("ringing", "ringing")}}] }""");
        Assert.That(await scene.Client.Calls.ActiveAsync(ct), Has.Count.EqualTo(1));
        scene.Tell(EventKind.CallChanged, "answered", FakeServer.Me);
        await World.UntilAsync(() => told.Count == 1, ct);

        Assert.That(told, Is.EqualTo(new[] { "stopped answered" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_call_is_started_under_one_place_and_others_come_and_go(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        List<string> bodies = [];
        scene.Answer = body =>
        {
            bodies.Add(body);
            return bodies.Count == 1 ? (503, FakeRest.Problem(402, "unavailable", retryable: true)) : (201, Record("ringing", "in", peer: "ringing"));
        };
        Task<OngoingCall> starting = scene.Client.Calls.StartAsync(FakeServer.ChatId, CallKind.Video, ct);
        await scene.World.RunUntilAsync(() => starting.IsCompleted, ct);
        OngoingCall call = await starting;
        ConcurrentQueue<string> heard = [];
        call.Joined += id => heard.Enqueue($"joined {id}");
        call.Left += id => heard.Enqueue($"left {id}");
        call.Ended += how => heard.Enqueue(how);

        scene.Tell(EventKind.CallChanged, "answered");
        scene.Tell(EventKind.CallChanged, "left");
        scene.Tell(EventKind.CallEnded, "ended");
        await World.UntilAsync(() => heard.Count == 3, ct);

        Assert.That(heard, Is.EqualTo(new[] { "joined 13", "left 13", "ended" }));
        Assert.That(bodies[0], Is.EqualTo(bodies[1]).And.Contains(call.EndpointId.ToString()).And.Contains("\"kind\":\"video\""));
        Assert.That(call.How, Is.EqualTo("ended"));
        await call.EndAsync(ct);
        Assert.That(bodies, Has.Count.EqualTo(2), "what is over is not ended again");
    }

    [Test, CancelAfter(10_000)]
    public async Task It_is_over_at_once_and_the_service_is_told_until_it_knows_for_this_place_alone(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        scene.Answer = _ => (200, Record("answered", "in"));
        OngoingCall call = await scene.Client.Calls.AnswerAsync(CallId, ct);
        int failures = 2;
        scene.Answer = _ => failures-- > 0 ? (503, FakeRest.Problem(402, "unavailable", retryable: true)) : (200, Record("ended", "left", ended: true));

        Task ending = call.EndAsync(ct);
        Assert.That(call.How, Is.EqualTo("ended"));
        await scene.World.RunUntilAsync(() => ending.IsCompleted, ct);
        await ending;

        Assert.That(
            scene.Rest.Asked.Where(asked => asked.Contains("/end", StringComparison.Ordinal)),
            Is.EqualTo(Enumerable.Repeat($"POST /api/calls/70/end?endpointId={call.EndpointId}", 3)));
    }

    [Test, CancelAfter(10_000)]
    public async Task Where_the_service_cannot_be_told_of_the_end_one_does_not_wait_longer_than_it_does(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        scene.Answer = _ => (200, Record("answered", "in"));
        OngoingCall call = await scene.Client.Calls.AnswerAsync(CallId, ct);
        scene.Answer = _ => (503, FakeRest.Problem(402, "unavailable", retryable: true));

        Task disposing = call.DisposeAsync().AsTask();
        await scene.World.RunUntilAsync(() => disposing.IsCompleted, ct, TimeSpan.FromMilliseconds(500));

        await disposing;
        Assert.That(call.How, Is.EqualTo("ended"));
    }

    [Test, CancelAfter(10_000)]
    public async Task Places_before_the_present_ones_end_and_leave_nothing(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        scene.Answer = _ => (200, Record("answered", "in"));
        OngoingCall call = await scene.Client.Calls.AnswerAsync(CallId, ct);
        Guid now = new("ffffffff-4455-6677-8899-aabbccddeeff");
        ConcurrentQueue<string> heard = [];
        call.Joined += id => heard.Enqueue($"joined {id}");
        call.Left += id => heard.Enqueue($"left {id}");
        call.Signalled += signal => heard.Enqueue(signal.Body);

        scene.Signal(1, body: "old");
        scene.Signal(1, now, "new");
        scene.Tell(EventKind.CallChanged, $"left {Place:N}");
        scene.Tell(EventKind.CallChanged, $"answered {now:N}");
        scene.Tell(EventKind.CallChanged, $"left {Guid.NewGuid():N}", FakeServer.Me);
        scene.Signal(2, body: "late");
        scene.Signal(2, now, "goes on");
        await World.UntilAsync(() => heard.Contains("goes on"), ct);
        Assert.That(heard, Is.EqualTo(new[] { "old", "left 13", "joined 13", "new", "goes on" }));
        Assert.That((call.Others, call.How), Is.EqualTo((new[] { 13L }, (string?)null)));

        scene.Tell(EventKind.CallChanged, $"left {call.EndpointId:N}", FakeServer.Me);
        await World.UntilAsync(() => call.How is not null, ct);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_sign_of_life_without_a_reply_is_given_again_in_time(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        scene.Answer = _ => (200, Record("answered", "in"));
        OngoingCall call = await scene.Client.Calls.AnswerAsync(CallId, ct);
        scene.IsMute = true;
        DateTimeOffset from = scene.World.Clock.GetUtcNow();

        await scene.World.RunUntilAsync(() => scene.Keeps == 2, ct, TimeSpan.FromMilliseconds(500));

        Assert.That(scene.World.Clock.GetUtcNow() - from, Is.InRange(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(18)), "a third, and a sixth, of 30 s");
        Assert.That(call.How, Is.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task Signals_are_numbered_taken_in_order_and_holes_are_seen(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        scene.Answer = _ => (200, Record("answered", "in"));
        OngoingCall call = await scene.Client.Calls.AnswerAsync(CallId, ct);

        await Task.WhenAll(call.SignalAsync(13, CallSignalKind.Offer, "v=0"), call.SignalAsync(13, CallSignalKind.Candidate, ""), call.SignalAsync(9, CallSignalKind.Restart, ""));
        Assert.That(
            scene.Signals.Select(signal => (signal.To, signal.Sequence, signal.Kind, signal.EndpointId)),
            Is.EqualTo(new[] { (13L, 1L, CallSignalKind.Offer, call.EndpointId), (13, 2, CallSignalKind.Candidate, call.EndpointId), (9, 1, CallSignalKind.Restart, call.EndpointId) }));

        ConcurrentQueue<string> heard = [];
        foreach (long sequence in (long[])[1, 2]) scene.Signal(sequence);
        await call.SignalAsync(13, CallSignalKind.Restart, ""); // its reply comes behind them: they were there before anybody listened
        call.Signalled += signal => heard.Enqueue($"{signal.Body}{(signal.IsBehindHole ? "!" : "")}");
        foreach (long sequence in (long[])[2, 5, 4]) scene.Signal(sequence);
        scene.Signal(6, kind: (CallSignalKind)99);
        scene.Signal(7);
        scene.Signal(1, new Guid("ffffffff-4455-6677-8899-aabbccddeeff"), "came back");
        scene.Signal(8);
        scene.Signal(2, new Guid("ffffffff-4455-6677-8899-aabbccddeeff"), "last");
        await World.UntilAsync(() => heard.Contains("last"), ct);

        Assert.That(heard, Is.EqualTo(new[] { "1", "2", "5!", "7", "came back", "last" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_comes_before_the_reply_of_the_answer_is_not_lost(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        scene.Answer = _ => (200, Record("answered", "in"));
        scene.Rest.Hold = new TaskCompletionSource();
        Task<OngoingCall> answering = scene.Client.Calls.AnswerAsync(CallId, ct);
        await World.UntilAsync(() => scene.Rest.Asked.Count > 0, ct);
        scene.Signal(1, body: "early");
        scene.Tell(EventKind.CallChanged, "answered", 9);
        await scene.World.Chat.MarkReadAsync(cancellationToken: ct); // its reply comes behind both
        scene.Rest.Hold.SetResult();

        OngoingCall call = await answering;
        ConcurrentQueue<string> heard = [];
        call.Signalled += signal => heard.Enqueue(signal.Body);
        await World.UntilAsync(() => heard.Count == 1 && call.Others.Count == 2, ct);
        Assert.That((heard.Single(), call.Others), Is.EqualTo(("early", new[] { 13L, 9 })));
    }

    [Test, CancelAfter(10_000)]
    public async Task It_says_that_it_is_there_and_is_over_when_the_service_does_not_have_it(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        scene.Answer = _ => (200, Record("answered", "in"));
        OngoingCall call = await scene.Client.Calls.AnswerAsync(CallId, ct);
        await scene.World.RunUntilAsync(() => scene.Keeps >= 2, ct, TimeSpan.FromMilliseconds(500));

        scene.IsGone = true;
        await scene.World.RunUntilAsync(() => call.How is not null, ct, TimeSpan.FromMilliseconds(500));
        Assert.That(call.How, Is.EqualTo("ended"));
        Assert.That(scene.Keeps, Is.GreaterThan(2));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_late_answer_stops_the_ringing_and_the_rest_is_a_route_each(CancellationToken ct)
    {
        await using Scene scene = await Scene.OnlineAsync(ct);
        ConcurrentQueue<string> told = scene.Listen();
        scene.Answer = _ => (200, Record("ringing", "ringing"));
        scene.Tell(EventKind.CallRinging, "voice");
        await World.UntilAsync(() => told.Count == 1, ct);
        scene.Answer = _ => (409, FakeRest.Problem(228, "answered_elsewhere"));
        ChatException? refused = await Assert.ThrowsAsync<ChatException>(() => scene.Client.Calls.AnswerAsync(CallId, ct));
        Assert.That(refused!.Name, Is.EqualTo("answered_elsewhere"));
        await World.UntilAsync(() => told.Count == 2, ct);
        Assert.That(told.Last(), Is.EqualTo("stopped answered"));

        scene.Rest.Asked.Clear();
        scene.Answer = _ => (200, $$"""{"items":[{{Record("missed", "missed", ended: true)}}],"nextCursor":"5"}""");
        CallPage page = await scene.Client.Calls.HistoryAsync(CallDirection.Missed, "9", 2, ct);
        Assert.That((await scene.Client.Calls.ActiveAsync(ct)).Count, Is.EqualTo(1));
        scene.Answer = _ => (200, """{"from":"2026-01-01T00:00:00Z","to":"2026-01-31T00:00:00Z","total":3,"incoming":1,"outgoing":2,"voice":3,"video":0,"ended":1,"declined":1,"missed":1,"people":1,"talkedSeconds":75}""");
        Assert.That((await scene.Client.Calls.StatisticsAsync(DateTimeOffset.UnixEpoch, cancellationToken: ct)).TalkedSeconds, Is.EqualTo(75));
        scene.Answer = _ => (200, """{"iceServers":[{"urls":["stun:a"]},{"urls":["turn:b"],"username":"u","credential":"c"}]}""");
        Assert.That((await scene.Client.Calls.IceServersAsync(ct))[1].Credential, Is.EqualTo("c"));

        Assert.That((page.Items.Single().Status, page.Items.Single().Reason, page.NextCursor), Is.EqualTo((CallStatus.Missed, (CallReason?)CallReason.HungUp, "5")));
        Assert.That(scene.Rest.Asked, Is.EqualTo(new[]
        {
            "GET /api/calls?limit=2&direction=missed&cursor=9", "GET /api/calls/active",
            "GET /api/calls/statistics?from=1970-01-01T00%3A00%3A00.0000000%2B00%3A00", "GET /api/calls/ice-servers",
        }));
    }

    private static string Record(string status, string part, string peer = "in", bool ended = false) => $$"""
        {"callId":70,"chatId":7,"callerId":13,"kind":"voice","status":"{{status}}","outgoing":false,"part":"{{part}}","startedAt":"2026-01-01T00:00:00Z",
         {{(ended ? "\"endedAt\":\"2026-01-01T00:00:45Z\",\"reason\":\"hung_up\"," : "")}}"keepWithinMs":30000,
         "participants":[{"principalId":12,"part":"{{part}}"},{"principalId":13,"part":"{{peer}}"}]}
        """;

    /// <summary>A client online, its service and its REST.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        private readonly HttpClient _http;

        private Scene()
        {
            Rest = new FakeRest((_, body) => Answer(body));
            _http = new HttpClient(Rest);
        }

        public FakeRest Rest { get; }

        public World World { get; private set; } = null!;

        public ChatClient Client => World.Client;

        public Func<string, (int Status, string Json)> Answer { get; set; } = _ => (500, "{}");

        public List<SignalCallRequest> Signals { get; } = [];

        public int Keeps { get; private set; }

        public bool IsGone { get; set; }

        public bool IsMute { get; set; }

        public static async Task<Scene> OnlineAsync(CancellationToken ct)
        {
            Scene scene = new();
            scene.World = await World.OnlineAsync(ct, configure: options => options with { HttpClient = scene._http });
            scene.World.Server.Intercept = (from, header, body) =>
            {
                if (header.Type == FrameType.SignalCall && SignalCallRequest.TryRead(body, out _, out SignalCallRequest signal))
                {
                    scene.Signals.Add(signal);
                    from.Send(new OkReply(), header.RequestId);
                    return true;
                }

                if (header.Type != FrameType.KeepCall) return false;
                scene.Keeps++;
                if (scene.IsMute) return true;
                if (scene.IsGone) from.Send(new ErrorReply(ErrorCode.CallNotFound, "gone", Retryable: false), header.RequestId);
                else from.Send(new OkReply(), header.RequestId);
                return true;
            };
            return scene;
        }

        public ConcurrentQueue<string> Listen()
        {
            ConcurrentQueue<string> told = [];
            Client.Calls.Ringing += call => told.Enqueue($"rings {call.Kind} {call.ChatId}");
            Client.Calls.Stopped += stopped => told.Enqueue($"stopped {stopped.Why}");
            Client.Calls.Missed += missed => told.Enqueue($"missed {missed.CallerId}");
            return told;
        }

        public void Tell(EventKind kind, string text, long sender = FakeServer.Peer) =>
            World.Server.Push(World.Server.Log(FakeServer.Inbox).Append(kind, sender, text, null, CallId));

        public void Signal(long sequence, Guid? place = null, string? body = null, CallSignalKind kind = CallSignalKind.Candidate) =>
            World.Server.Connection.Send(new CallSignalPush(CallId, FakeServer.Peer, place ?? Place, sequence, kind, body ?? $"{sequence}"));

        public async ValueTask DisposeAsync()
        {
            await World.DisposeAsync();
            _http.Dispose();
            Rest.Dispose();
        }
    }
}
