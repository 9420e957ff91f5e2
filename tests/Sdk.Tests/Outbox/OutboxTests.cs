using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Outbox;

/// <summary>What a sender may rely on (P4, P5, I7).</summary>
[TestFixture, Parallelizable(ParallelScope.All), Property("Promise", "P4")]
public sealed class OutboxTests
{
    [Test, CancelAfter(10_000)]
    public async Task Messages_sent_before_the_connection_go_out_in_order(CancellationToken ct)
    {
        await using World world = new();
        OutgoingMessage[] messages = [.. Enumerable.Range(0, 100).Select(i => world.Chat.Send($"m{i}"))];
        OutgoingState before = messages[0].State;

        await world.Client.ConnectAsync(ct);
        SentMessage[] sent = await Task.WhenAll(messages.Select(message => message.Sent)).WaitAsync(ct);

        Assert.That(before, Is.EqualTo(OutgoingState.Queued));
        Assert.That(sent.Select(s => s.Sequence), Is.EqualTo(Enumerable.Range(2, 100)));
        Assert.That(messages.Select(message => message.Sequence), Is.EqualTo(sent.Select(s => (long?)s.Sequence)));
    }

    [Test, CancelAfter(10_000)]
    public async Task States_are_told_in_order(CancellationToken ct)
    {
        await using World world = new();
        List<OutgoingState> states = [];
        OutgoingMessage message = world.Chat.Send("hello");
        message.StateChanged += states.Add;

        await world.Client.ConnectAsync(ct);
        await message.Sent.WaitAsync(ct);
        long sequence = message.Sequence!.Value;
        world.Server.Connection.Send(new ReceiptsPush(FakeServer.ChatId, [new WireReceipt(FakeServer.Peer, sequence, 0)]));
        world.Server.Connection.Send(new ReceiptsPush(FakeServer.ChatId, [new WireReceipt(FakeServer.Peer, sequence, sequence)]));
        await World.UntilAsync(() => states.Contains(OutgoingState.Read), ct);

        Assert.That(states, Is.SubsetOf(Enum.GetValues<OutgoingState>()));
        Assert.That(
            states.Where(state => state != OutgoingState.Queued),
            Is.EqualTo(new[] { OutgoingState.Sending, OutgoingState.Sent, OutgoingState.Delivered, OutgoingState.Read }));
    }

    [Test, CancelAfter(10_000)]
    public async Task Who_answers_has_read_what_came_before_and_no_push_says_so(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        OutgoingMessage message = world.Chat.Send("hello");
        await message.Sent.WaitAsync(ct);

        WireEvent answer = world.Server.Post("answer");
        await World.UntilAsync(() => message.State == OutgoingState.Read, ct);

        Assert.That((world.Chat.Summary!.OthersDeliveredUpTo, world.Chat.Summary.OthersReadUpTo), Is.EqualTo((answer.Sequence, answer.Sequence)));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_lost_connection_sends_the_same_ids_again_in_order(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct, configure: options => options with { SendsInFlightPerChat = 8 });
        List<SendMessageRequest> unanswered = [];
        world.Server.Intercept = (from, header, body) =>
        {
            if (header.Type != FrameType.SendMessage || world.Server.Connects > 1) return false;

            SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
            unanswered.Add(request);
            if (unanswered.Count <= 3) world.Server.Store(request); // stored, but the ack is lost, and so is the push
            return true;
        };
        world.Server.PushRule = _ => [];

        OutgoingMessage[] messages = [.. Enumerable.Range(0, 8).Select(i => world.Chat.Send($"m{i}"))];
        await World.UntilAsync(() => unanswered.Count == 8, ct);
        world.Server.Sends.Clear();
        world.Server.Connection.Break();
        await world.RunUntilAsync(() => messages.All(message => message.State == OutgoingState.Sent), ct);

        Assert.That(world.Server.Log().Events.Skip(1).Select(e => e.Text), Is.EqualTo(Enumerable.Range(0, 8).Select(i => $"m{i}")));
        Assert.That(messages.Select(message => message.Sequence), Is.EqualTo(Enumerable.Range(2, 8)));
        Assert.That(world.Server.Sends.Select(send => send.ClientMessageId), Is.SubsetOf(messages.Select(message => message.ClientMessageId)));
    }

    [TestCase(true), TestCase(false)]
    [CancelAfter(10_000)]
    public async Task Push_and_ack_settle_a_message_once_whichever_is_first(bool pushFirst, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        uint requestId = 0;
        SentReply stored = default;
        world.Server.Intercept = (from, header, body) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            SendMessageRequest.TryRead(body, out uint id, out SendMessageRequest request);
            world.Server.PushRule = pushed => pushFirst ? [pushed] : [];
            stored = world.Server.Store(request);
            Volatile.Write(ref requestId, id);
            return true; // the ack comes later
        };
        List<OutgoingState> states = [];

        OutgoingMessage message = world.Chat.Send("once");
        message.StateChanged += states.Add;
        await World.UntilAsync(() => Volatile.Read(ref requestId) != 0, ct);
        if (pushFirst) await message.Sent.WaitAsync(ct);
        world.Server.Connection.Send(stored, requestId);
        SentMessage sent = await message.Sent.WaitAsync(ct);
        world.Server.Connection.Send(new GapPush(FakeServer.ChatId, world.Server.Log().Head));
        await reader.WaitForAsync(1, ct);

        Assert.That(sent.Sequence, Is.EqualTo(2));
        Assert.That(reader.Events.Single(), Is.InstanceOf<ChatMessage>().With.Property("IsOwn").True);
        await World.UntilAsync(() => states.Contains(OutgoingState.Sent), ct);
        Assert.That(states.Count(state => state == OutgoingState.Sent), Is.EqualTo(1));
    }

    [TestCase(ErrorCode.Busy), TestCase(ErrorCode.Unavailable), TestCase(ErrorCode.RateLimited)]
    [CancelAfter(10_000), Property("Promise", "P5")]
    public async Task A_retryable_refusal_is_tried_again_with_the_same_id_and_place(ErrorCode code, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        int refusals = 0;
        List<DateTimeOffset> attempts = [];
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            attempts.Add(world.Clock.GetUtcNow());
            SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
            if (request.Text != "first" || ++refusals > 3) return false;

            connection.Send(new ErrorReply(code, "later", Retryable: true, RetryAfterMs: 2_000), header.RequestId);
            return true;
        };

        OutgoingMessage first = world.Chat.Send("first");
        await World.UntilAsync(() => refusals == 1 && first.State == OutgoingState.Queued, ct);
        OutgoingMessage second = world.Chat.Send("second");
        await world.RunUntilAsync(() => second.State == OutgoingState.Sent, ct, TimeSpan.FromMilliseconds(100));

        Assert.That(first.Sequence, Is.EqualTo(2));
        Assert.That(second.Sequence, Is.EqualTo(3));
        Assert.That(attempts[1] - attempts[0], Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(2)), "retry_after_ms");
    }

    [Test, CancelAfter(10_000), Property("Issue", 4)]
    public async Task After_many_refusals_a_message_waits_no_longer_than_five_seconds_for_a_service_that_is_well_again(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        List<DateTimeOffset> attempts = [];
        world.Server.Intercept = (connection, header, _) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            attempts.Add(world.Clock.GetUtcNow());
            if (attempts.Count > 30) return false;

            connection.Send(new ErrorReply(ErrorCode.Unavailable, "later", Retryable: true, RetryAfterMs: 500), header.RequestId);
            return true;
        };

        OutgoingMessage message = world.Chat.Send("patient");
        await world.RunUntilAsync(() => message.State == OutgoingState.Sent, ct, TimeSpan.FromMilliseconds(100));

        // The middle one: the clock of the test may run on while a reply is on its way, and make a pause look longer.
        TimeSpan[] pauses = [.. attempts.Zip(attempts.Skip(1), (before, after) => after - before).Order()];
        Assert.That(pauses[pauses.Length / 2], Is.LessThan(TimeSpan.FromSeconds(5.5)));
    }

    [Test, CancelAfter(10_000), Property("Promise", "P5")]
    public async Task A_final_refusal_fails_the_message_and_those_behind_it_go_on(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Guid refusedId = default;
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
            if (request.Text != "bad" || refusedId != default) return false;

            refusedId = request.ClientMessageId;
            connection.Send(new ErrorReply(ErrorCode.ClientMessageIdReused, "used for another text", Retryable: false), header.RequestId);
            return true;
        };

        OutgoingMessage bad = world.Chat.Send("bad");
        OutgoingMessage good = world.Chat.Send("good");
        ChatException? error = await Assert.ThrowsAsync<ChatException>(() => bad.Sent.WaitAsync(ct));
        await good.Sent.WaitAsync(ct);
        OutgoingState failed = bad.State;
        bool retried = bad.Retry();
        await bad.Sent.WaitAsync(ct);

        Assert.That(error!.Name, Is.EqualTo("client_message_id_reused"));
        Assert.That(failed, Is.EqualTo(OutgoingState.Failed));
        Assert.That(retried, Is.True);
        Assert.That(bad.ClientMessageId, Is.Not.EqualTo(refusedId), "the old id can never succeed");
        Assert.That(good.Sequence, Is.EqualTo(2));
    }

    [TestCase(true), TestCase(false), CancelAfter(10_000)]
    [Property("Promise", "P5"), Property("Issue", 4)]
    public async Task A_refusal_of_the_moment_is_not_final_while_an_attempt_without_an_answer_may_be_under_way(bool isStored, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        SendMessageRequest? unanswered = null;
        List<DateTimeOffset> refusals = [];
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            if (unanswered is null)
            {
                SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
                unanswered = request;
                connection.Break();
                return true;
            }

            if (isStored && refusals.Count == 2) return false; // the first attempt arrived meanwhile, and its sender had been added
            refusals.Add(world.Clock.GetUtcNow());
            connection.Send(new ErrorReply(ErrorCode.NotAMember, "not in it", Retryable: false), header.RequestId);
            return true;
        };

        OutgoingMessage message = world.Chat.Send("hello");
        // Small steps where the last refusal is long before the doubt ends: a loaded machine takes many to bring each of them back.
        TimeSpan step = TimeSpan.FromMilliseconds(isStored ? 5 : 100);
        await world.RunUntilAsync(() => message.State is OutgoingState.Sent or OutgoingState.Failed, ct, step);

        Assert.That(message.State, Is.EqualTo(isStored ? OutgoingState.Sent : OutgoingState.Failed));
        Assert.That(refusals[^1] - refusals[0], isStored ? Is.LessThan(TimeSpan.FromSeconds(10)) : Is.GreaterThan(TimeSpan.FromSeconds(20)));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_refused_message_is_not_overtaken_by_those_behind_it(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        List<DateTimeOffset> attempts = [];
        world.Server.Intercept = (connection, header, body) => RefuseOnce(world, "m0", attempts, connection, header, body);

        OutgoingMessage[] messages = [.. Enumerable.Range(0, 8).Select(i => world.Chat.Send($"m{i}"))];
        await world.RunUntilAsync(() => messages.All(message => message.State == OutgoingState.Sent), ct);

        Assert.That(messages.Select(message => message.Sequence), Is.EqualTo(Enumerable.Range(2, 8)));
        Assert.That(attempts[1] - attempts[0], Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(5)), "retry_after_ms");
    }

    [Test, CancelAfter(10_000), Property("Promise", "P5")]
    public async Task A_later_message_that_was_taken_does_not_end_the_pause_of_the_refused_one(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct, configure: options => options with { SendsInFlightPerChat = 4 });
        List<DateTimeOffset> attempts = [];
        world.Server.Intercept = (connection, header, body) => RefuseOnce(world, "m0", attempts, connection, header, body);

        OutgoingMessage[] messages = [.. Enumerable.Range(0, 8).Select(i => world.Chat.Send($"m{i}"))];
        await world.RunUntilAsync(() => messages.All(message => message.State == OutgoingState.Sent), ct);

        Assert.That(attempts[1] - attempts[0], Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(5)), "retry_after_ms");
    }

    [Test, CancelAfter(10_000), Property("Promise", "P5")]
    public async Task A_push_that_is_faster_than_a_refusal_lets_the_next_message_go(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        int attempts = 0;
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
            if (request.Text != "first" || ++attempts > 2) return false;

            if (attempts == 2) world.Server.Store(request); // stored and pushed, and yet refused
            connection.Send(new ErrorReply(ErrorCode.Unavailable, "later", Retryable: true), header.RequestId);
            return true;
        };

        OutgoingMessage first = world.Chat.Send("first");
        OutgoingMessage second = world.Chat.Send("second");
        await world.RunUntilAsync(() => second.State == OutgoingState.Sent, ct);

        Assert.That(first.Sequence, Is.EqualTo(2));
        Assert.That(second.Sequence, Is.EqualTo(3));
    }

    [Test, CancelAfter(10_000)]
    public async Task One_message_of_a_chat_and_a_window_of_all_chats_is_on_its_way(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        List<(FakeConnection Connection, uint Id, SendMessageRequest Request)> held = [];
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
            held.Add((connection, header.RequestId, request));
            return true;
        };

        OutgoingMessage[] messages = [.. Enumerable.Range(0, 100).Select(i => world.Client.Chat(1_000 + (i % 50)).Send($"m{i}"))];
        await World.UntilAsync(() => held.Count == 32, ct);
        int onTheWay = messages.Count(message => message.State == OutgoingState.Sending);
        held[0].Connection.Send(new SentReply(held[0].Request.ChatId, 2, 1_000), held[0].Id);
        await World.UntilAsync(() => held.Count == 33, ct);

        Assert.That(onTheWay, Is.EqualTo(32));
        Assert.That(held.Select(send => send.Request.ChatId), Is.Unique, "the next chat has its turn before the same chat again");
    }

    [Test, CancelAfter(10_000)]
    public async Task What_did_not_go_out_can_be_taken_back(CancellationToken ct)
    {
        await using World world = new();
        OutgoingMessage regretted = world.Chat.Send("regretted");
        OutgoingMessage kept = world.Chat.Send("kept");

        bool cancelled = regretted.Cancel();
        await world.Client.ConnectAsync(ct);
        await kept.Sent.WaitAsync(ct);

        Assert.That(cancelled, Is.True);
        Assert.That(regretted.State, Is.EqualTo(OutgoingState.Failed));
        Assert.That(kept.Cancel(), Is.False);
        Assert.That(world.Server.Sends.Select(send => send.Text), Is.EqualTo(new[] { "kept" }));
    }

    [Test]
    public async Task A_full_outbox_refuses_and_keeps_what_it_has()
    {
        await using World world = new(configure: options => options with { MaxOutboxBytes = 10 });

        OutgoingMessage kept = world.Chat.Send("12345678");
        OutgoingMessage refused = world.Chat.Send("90ä");

        Assert.That(kept.State, Is.EqualTo(OutgoingState.Queued));
        Assert.That(refused.State, Is.EqualTo(OutgoingState.Failed));
        Assert.That(refused.Error, Has.Property("Code").EqualTo((int)LocalErrorCode.OutboxFull).And.Property("Retryable").True);
        Assert.That(refused.Error!.Name, Is.EqualTo("outbox_full"));
    }

    private static bool RefuseOnce(
        World world, string text, List<DateTimeOffset> attempts, FakeConnection connection, FrameHeader header, ReadOnlySequence<byte> body)
    {
        if (header.Type != FrameType.SendMessage) return false;

        SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
        if (request.Text != text) return false;

        attempts.Add(world.Clock.GetUtcNow());
        if (attempts.Count > 1) return false;

        connection.Send(new ErrorReply(ErrorCode.Busy, "later", Retryable: true, RetryAfterMs: 5_000), header.RequestId);
        return true;
    }
}
