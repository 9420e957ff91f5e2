using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Outbox;

/// <summary>What a sender may rely on when the app ends before its messages are stored.</summary>
[TestFixture, Parallelizable(ParallelScope.All), Property("Promise", "P4")]
public sealed class KeptOutboxTests
{
    private static readonly Uri Url = new("http://chat.test");

    [Test, CancelAfter(10_000)]
    public async Task What_was_sent_offline_is_there_after_a_restart_and_goes_out_once_in_order(CancellationToken ct)
    {
        using TempFolder folder = new();
        Guid[] ids;
        using (FileOutboxStore store = Open(folder.Path))
        {
            await using World world = new(configure: options => options with { OutboxStore = store });
            ids = [.. Enumerable.Range(0, 3).Select(i => world.Chat.Send($"m{i}", replyTo: i == 1 ? 1 : null).ClientMessageId)];
            await world.Client.CloseAsync();
        }

        using FileOutboxStore found = Open(folder.Path);
        await using World next = new(configure: options => options with { OutboxStore = found });
        IReadOnlyList<OutgoingMessage> restored = next.Chat.Outbox;
        string[] before = [.. restored.Select(message => $"{message.Text} {message.State}")];
        await next.Client.ConnectAsync(ct);
        OutgoingMessage last = next.Chat.Send("m3");
        await last.Sent.WaitAsync(ct);

        Assert.That(before, Is.EqualTo(new[] { "m0 Queued", "m1 Queued", "m2 Queued" }));
        Assert.That(restored.Select(message => message.ClientMessageId), Is.EqualTo(ids));
        Assert.That(next.Server.Sends.Select(send => send.Text), Is.EqualTo(new[] { "m0", "m1", "m2", "m3" }));
        Assert.That(next.Server.Sends[1].ReplyTo, Is.EqualTo(1));
        Assert.That((await restored[0].Sent.WaitAsync(ct)).Sequence, Is.EqualTo(2));
        Assert.That(next.Chat.Outbox, Is.Empty);
        Assert.That(next.Client.Outbox, Is.Empty);
        Assert.That(found.Load(), Is.Empty, "what is stored at the service is not kept any longer");
    }

    [Test, CancelAfter(10_000)]
    public async Task A_message_is_written_before_Send_returns_with_all_that_it_is(CancellationToken ct)
    {
        using TempFolder folder = new();
        using FileOutboxStore store = Open(folder.Path);
        await using World world = new(configure: options => options with { OutboxStore = store });
        MessageContent content = new()
        {
            Kind = ContentKind.Location,
            Forwarded = 2,
            Marks = [new TextMark(MarkKind.Bold, 0, 2)],
            Location = new GeoLocation(48.13743, -11.57549, "here"),
        };

        OutgoingMessage sent = world.Chat.Send("ab\uD83D\uDE00", replyTo: 1, content);
        using FileOutboxStore killed = Open(folder.Copy(folder.Path));
        await using ChatClient next = world.Restart(killed);
        OutgoingMessage found = next.Chat(FakeServer.ChatId).Outbox.Single();
        await next.ConnectAsync(ct);
        await found.Sent.WaitAsync(ct);

        Assert.That(found, Has.Property("Text").EqualTo(sent.Text).And.Property("ReplyTo").EqualTo(1).And.Property("QueuedAt").EqualTo(sent.QueuedAt));
        Assert.That(found.Content!.Location, Is.EqualTo(content.Location));
        Assert.That(found.Content.Marks, Is.EqualTo(content.Marks));
        Assert.That(found.Content.Forwarded, Is.EqualTo(2));
        Assert.That(world.Server.Log().Events[^1].Content!.Location!.Value.Name, Is.EqualTo("here"));
    }

    [Test, CancelAfter(30_000), Property("Promise", "P5")]
    public async Task A_client_that_is_killed_at_any_step_doubles_loses_and_swaps_nothing([Range(0, 39)] int seed, CancellationToken ct)
    {
        Random random = new(seed);
        using TempFolder folder = new();
        string disk = folder.Path;
        FileOutboxStore store = Open(disk);
        await using World world = new(configure: options => options with { OutboxStore = store });
        world.Server.AddChat(8, ChatKind.Group);
        world.Server.Intercept = (connection, header, body) => Misbehave(world, random, connection, header, body);
        Dictionary<long, List<string>> said = new() { [FakeServer.ChatId] = [], [8] = [] };
        ChatClient client = world.Client;
        for (int life = 0, number = 0; life < 5; life++)
        {
            Task connecting = random.Next(4) > 0 ? client.ConnectAsync(ct) : Task.CompletedTask; // it need not come online
            for (int steps = random.Next(12); steps > 0; steps--)
            {
                long chatId = random.Next(3) == 0 ? 8 : FakeServer.ChatId;
                OutgoingMessage message = client.Chat(chatId).Send($"m{++number}");
                if (random.Next(8) > 0 || !message.Cancel()) said[chatId].Add(message.Text);
                for (int turns = random.Next(4); turns > 0; turns--) await world.StepAsync(TimeSpan.FromMilliseconds(random.Next(300)));
            }

            world.Server.Unplug();
            disk = folder.Copy(disk);
            await client.DisposeAsync();
            store.Dispose();
            await Task.WhenAny(connecting).WaitAsync(ct); // online or closed: both are well
            store = Open(disk);
            world.Server.IsDown = false;
            client = world.Restart(store);
        }

        world.Server.Intercept = null;
        await client.ConnectAsync(ct);
        await world.RunUntilAsync(() => client.Outbox.Count == 0, ct, TimeSpan.FromMilliseconds(100));
        Assert.That(store.Load(), Is.Empty);
        await client.DisposeAsync();
        store.Dispose();

        foreach ((long chatId, List<string> texts) in said)
            Assert.That(world.Server.Log(chatId).Events.Where(e => e.Kind == EventKind.Message).Select(e => e.Text), Is.EqualTo(texts), $"chat {chatId}");
    }

    [Test, CancelAfter(10_000), Property("Promise", "P5")]
    public async Task What_the_service_has_already_is_told_by_the_events_and_does_not_go_out_again(CancellationToken ct)
    {
        using TempFolder folder = new();
        using FileOutboxStore store = Open(folder.Path);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { OutboxStore = store });
        IReadOnlyList<ChatPosition> positions = world.Client.Positions;
        string? disk = null;
        world.Server.PushRule = _ => [];
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
            world.Server.Store(request);
            disk = folder.Copy(folder.Path); // killed while the answer is on its way
            connection.Break();
            return true;
        };
        world.Chat.Send("stored");
        await World.UntilAsync(() => disk is not null, ct);
        world.Server.Unplug();
        world.Server.IsDown = false;
        world.Server.Intercept = (_, header, _) => header.Type == FrameType.SendMessage; // no answer to those that come again

        using FileOutboxStore found = Open(disk!);
        await using ChatClient next = world.Restart(found);
        OutgoingMessage message = next.Chat(FakeServer.ChatId).Outbox.Single();
        bool isTakenBack = message.Cancel();
        await next.ConnectAsync(ct);
        HistoryPage page = await next.Chat(FakeServer.ChatId).HistoryAsync(cancellationToken: ct);
        IReadOnlyList<OutgoingMessage> behind = next.Chat(FakeServer.ChatId).Outbox;

        Assert.That(positions, Is.Not.Empty);
        Assert.That(isTakenBack, Is.False, "it went out, so nobody can say that it is not there");
        Assert.That(page.Events.OfType<ChatMessage>().Single().ClientMessageId, Is.EqualTo(message.ClientMessageId));
        Assert.That(behind, Is.Empty, "history holds it, so it stands nowhere else");
        Assert.That((await message.Sent.WaitAsync(ct)).Sequence, Is.EqualTo(2));
        Assert.That(found.Load(), Is.Empty);
    }

    [TestCase(true), TestCase(false), CancelAfter(10_000), Property("Promise", "P5")]
    public async Task What_went_out_before_the_end_is_in_doubt_after_it_and_a_refusal_of_the_moment_is_not_believed(bool wentOut, CancellationToken ct)
    {
        using TempFolder folder = new();
        using FileOutboxStore store = Open(folder.Path);
        await using World world = new(configure: options => options with { OutboxStore = store });
        string? disk = null;
        int refusals = 0;
        world.Server.Intercept = (connection, header, _) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            if (disk is null)
            {
                disk = folder.Copy(folder.Path);
                connection.Break();
                return true;
            }

            if (++refusals > 2) return false; // the attempt of the run before has arrived
            connection.Send(new ErrorReply(ErrorCode.NotAMember, "not in it", Retryable: false), header.RequestId);
            return true;
        };
        world.Chat.Send("hello");
        Task connecting = wentOut ? world.Client.ConnectAsync(ct) : Task.CompletedTask;
        if (!wentOut) disk = folder.Copy(folder.Path);
        await World.UntilAsync(() => disk is not null, ct);
        await world.Client.CloseAsync();
        await Task.WhenAny(connecting).WaitAsync(ct); // it was cut before it knew its chats

        using FileOutboxStore found = Open(disk!);
        await using ChatClient next = world.Restart(found);
        OutgoingMessage message = next.Outbox.Single();
        await next.ConnectAsync(ct);
        await world.RunUntilAsync(() => message.State is OutgoingState.Sent or OutgoingState.Failed, ct);

        Assert.That(message.State, Is.EqualTo(wentOut ? OutgoingState.Sent : OutgoingState.Failed));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_message_that_failed_is_kept_with_its_reason_until_it_is_sent_again_or_forgotten(CancellationToken ct)
    {
        using TempFolder folder = new();
        using FileOutboxStore store = Open(folder.Path);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { OutboxStore = store });
        world.Server.Intercept = (connection, header, _) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            connection.Send(new ErrorReply(ErrorCode.ClientMessageIdReused, "used for another text", Retryable: false), header.RequestId);
            return true;
        };
        OutgoingMessage[] refused = [world.Chat.Send("again"), world.Chat.Send("forgotten")];
        foreach (OutgoingMessage message in refused) await Assert.ThrowsAsync<ChatException>(() => message.Sent.WaitAsync(ct));
        await world.Client.CloseAsync();
        store.Dispose();
        world.Server.Intercept = null;

        using FileOutboxStore found = Open(folder.Path);
        await using ChatClient next = world.Restart(found);
        OutgoingMessage[] kept = [.. next.Chat(FakeServer.ChatId).Outbox];
        string[] shown = [.. kept.Select(message => $"{message.Text}: {message.State}, {message.Error!.Name}, {message.Error.Message}")];
        await next.ConnectAsync(ct);
        bool isRetried = kept[0].Retry();
        bool isForgotten = kept[1].Cancel();
        await kept[0].Sent.WaitAsync(ct);

        Assert.That(shown, Is.EqualTo(new[]
        {
            "again: Failed, client_message_id_reused, used for another text", "forgotten: Failed, client_message_id_reused, used for another text",
        }));
        Assert.That(isRetried && isForgotten, Is.True);
        Assert.That(world.Server.Sends.Select(send => send.Text), Is.EqualTo(new[] { "again" }));
        Assert.That(kept[0].ClientMessageId, Is.Not.EqualTo(refused[0].ClientMessageId), "the old id can never succeed");
        Assert.That(next.Outbox, Is.Empty);
        Assert.That(found.Load(), Is.Empty);
    }

    [Test, CancelAfter(10_000)]
    public async Task What_is_too_old_waits_for_the_persons_word(CancellationToken ct)
    {
        using TempFolder folder = new();
        using FileOutboxStore store = Open(folder.Path);
        await using World world = new(configure: options => options with { OutboxStore = store, MaxOutboxAge = TimeSpan.FromHours(1) });
        OutgoingMessage old = world.Chat.Send("old");
        world.Clock.Advance(TimeSpan.FromMinutes(40));
        OutgoingMessage young = world.Chat.Send("young");
        world.Clock.Advance(TimeSpan.FromMinutes(40));
        using FileOutboxStore killed = Open(folder.Copy(folder.Path));

        await using ChatClient next = world.Restart(killed);
        OutgoingMessage[] found = [.. next.Outbox];
        string[] states = [.. found.Select(message => $"{message.Text} {message.State} {message.Error?.Name}")];
        await next.ConnectAsync(ct);
        await found[1].Sent.WaitAsync(ct);
        string[] beforeRetry = [.. world.Server.Sends.Select(send => send.Text)];
        bool isRetried = found[0].Retry();
        await found[0].Sent.WaitAsync(ct);

        Assert.That(states, Is.EqualTo(new[] { "old Failed expired", "young Queued " }));
        Assert.That(beforeRetry, Is.EqualTo(new[] { "young" }));
        Assert.That(isRetried, Is.True);
        Assert.That(found[0].ClientMessageId, Is.EqualTo(old.ClientMessageId), "whether it is stored already is not known: the id is the same");
        Assert.That(found[1].ClientMessageId, Is.EqualTo(young.ClientMessageId));

        await world.Client.ConnectAsync(ct); // the first one slept meanwhile
        Assert.That(old.State, Is.EqualTo(OutgoingState.Failed).Or.EqualTo(OutgoingState.Sent));
        Assert.That(old.Error?.Name, Is.EqualTo("expired").Or.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task Nobody_sends_what_another_wrote(CancellationToken ct)
    {
        using TempFolder folder = new();
        using FileOutboxStore ofAnother = new(folder.Path, Url, FakeServer.Me + 1);
        await using (World theirs = new(configure: options => options with { OutboxStore = ofAnother })) theirs.Chat.Send("theirs");

        await using World world = new(configure: options => options with { OutboxStore = ofAnother });
        OutgoingMessage before = world.Client.Outbox.Single();
        await world.Client.ConnectAsync(ct);
        ChatException? error = await Assert.ThrowsAsync<ChatException>(() => before.Sent.WaitAsync(ct));
        OutgoingMessage after = world.Chat.Send("after");

        Assert.That(error!.Code, Is.EqualTo((int)LocalErrorCode.OutboxOfAnother));
        Assert.That(after.Error!.Name, Is.EqualTo("outbox_of_another"));
        Assert.That(before.Retry() || after.Retry(), Is.False);
        Assert.That(world.Client.Outbox, Is.Empty);
        Assert.That(world.Server.Sends, Is.Empty);
        Assert.That(ofAnother.Load(), Has.Count.EqualTo(1), "it waits for its author");
    }

    [Test, CancelAfter(10_000)]
    public async Task What_was_written_before_somebody_else_was_welcomed_is_not_left_to_the_owner(CancellationToken ct)
    {
        using TempFolder folder = new();
        using FileOutboxStore ofAnother = new(folder.Path, Url, FakeServer.Me + 1);
        await using (World theirs = new(configure: options => options with { OutboxStore = ofAnother })) theirs.Chat.Send("theirs");

        await using World world = new(configure: options => options with { OutboxStore = ofAnother });
        OutgoingMessage mine = world.Chat.Send("mine");
        await world.Client.ConnectAsync(ct);
        ChatException? error = await Assert.ThrowsAsync<ChatException>(() => mine.Sent.WaitAsync(ct));
        await using ChatClient next = world.Restart(ofAnother);

        Assert.That(error!.Code, Is.EqualTo((int)LocalErrorCode.OutboxOfAnother));
        Assert.That(next.Outbox.Select(message => message.Text), Is.EqualTo(new[] { "theirs" }), "it would go out as theirs");
    }

    [Test, CancelAfter(10_000)]
    public async Task What_its_owner_wrote_while_signed_in_stays_when_somebody_else_comes(CancellationToken ct)
    {
        BrittleStore store = new();
        await using World world = new(configure: options => options with { OutboxStore = store });
        world.Server.Intercept = (_, header, _) => header.Type == FrameType.SendMessage; // no answer
        OutgoingMessage early = world.Chat.Send("before the owner was welcomed");
        await world.Client.ConnectAsync(ct);
        OutgoingMessage online = world.Chat.Send("online");
        await World.UntilAsync(() => early.State == OutgoingState.Sending, ct);
        world.Server.Unplug();
        await world.EndToldAsync(ct);
        OutgoingMessage offline = world.Chat.Send("offline");

        store.PrincipalId = FakeServer.Me + 1; // so whoever is welcomed now is another
        world.Server.IsDown = false;
        await world.RunUntilAsync(() => offline.State == OutgoingState.Failed, ct);
        await using ChatClient next = world.Restart(store);

        Assert.That(new[] { early, online, offline }.Select(message => message.Error?.Name), Is.All.EqualTo("outbox_of_another"));
        Assert.That(next.Outbox.Select(message => message.Text), Is.EqualTo(new[] { early.Text, online.Text }));
    }

    [Test]
    public async Task The_doubt_after_damage_outlives_the_run_that_found_it()
    {
        using TempFolder folder = new();
        FileOutboxStore store = Open(folder.Path);
        string file = Directory.GetFiles(folder.Path, "*.outbox").Single();
        await using World world = new(configure: options => options with { OutboxStore = store });
        world.Chat.Send("lost");
        long endOfLost = new FileInfo(file).Length;
        world.Chat.Send("left");
        await world.Client.CloseAsync();
        store.Dispose();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[endOfLost - 1] ^= 1;
        File.WriteAllBytes(file, bytes);

        using (FileOutboxStore damaged = Open(folder.Path))
        {
            Assert.That(damaged.DamagedBytes, Is.Positive);
            await using ChatClient finder = world.Restart(damaged);
        }

        using FileOutboxStore mended = Open(folder.Path);
        await using ChatClient next = world.Restart(mended);
        OutgoingMessage left = next.Outbox.Single();

        Assert.That(mended.DamagedBytes, Is.Zero);
        Assert.That(left.Cancel(), Is.False, "what was lost may have been the word that it went out");
        Assert.That(left.State, Is.EqualTo(OutgoingState.Queued));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_doubt_that_cannot_be_written_is_told_once_there_is_somebody_to_tell(CancellationToken ct)
    {
        BrittleStore store = new();
        await using World world = new(configure: options => options with { OutboxStore = store });
        world.Chat.Send("left");
        (store.DamagedBytes, store.IsBroken) = (7, true);
        await using ChatClient finder = world.Restart(store);
        List<Exception> reported = [];
        finder.HandlerFailed += reported.Add;
        store.IsBroken = false;

        await finder.ConnectAsync(ct);
        await World.UntilAsync(() => reported.Count >= 2, ct);

        Assert.That(
            reported.Cast<ChatException>().Select(fault => fault.Name),
            Is.EquivalentTo(new[] { "outbox_damaged", "outbox_unwritable" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_store_that_cannot_be_written_takes_no_message_and_loses_none(CancellationToken ct)
    {
        BrittleStore store = new();
        await using World world = new(configure: options => options with { OutboxStore = store });
        List<Exception> reported = [];
        world.Client.HandlerFailed += reported.Add;
        OutgoingMessage kept = world.Chat.Send("kept");
        store.IsBroken = true;

        OutgoingMessage refused = world.Chat.Send("refused");
        bool isTakenBack = kept.Cancel();
        bool isRetried = refused.Retry();
        await world.Client.ConnectAsync(ct);
        await kept.Sent.WaitAsync(ct);
        await World.UntilAsync(() => reported.Count >= 3, ct);

        Assert.That(refused.Error, Has.Property("Name").EqualTo("outbox_unwritable").And.Property("Retryable").True);
        Assert.That(refused.Error!.Message, Does.Contain("no room"));
        Assert.That(isTakenBack, Is.False, "it would be sent by the next run");
        Assert.That(isRetried, Is.False);
        Assert.That(world.Server.Sends.Select(send => send.Text), Is.EqualTo(new[] { "kept" }));
        Assert.That(reported, Has.All.InstanceOf<ChatException>().With.Property("Name").EqualTo("outbox_unwritable"));
        store.IsBroken = false;
        Assert.That(refused.Retry(), Is.True);
        await refused.Sent.WaitAsync(ct);
    }

    [Test, CancelAfter(10_000)]
    public async Task What_cannot_be_read_is_told_and_left_where_it_is(CancellationToken ct)
    {
        BrittleStore store = new();
        store.Save(Guid.NewGuid(), [9, 1, 2, 3]); // of a later version
        await using World world = new(configure: options => options with { OutboxStore = store });
        List<Exception> reported = [];
        world.Client.HandlerFailed += reported.Add;

        await world.Client.ConnectAsync(ct);
        await World.UntilAsync(() => reported.Count == 1, ct);

        Assert.That(reported[0], Is.InstanceOf<ChatException>().With.Property("Name").EqualTo("outbox_damaged"));
        Assert.That(world.Client.Outbox, Is.Empty);
        Assert.That(store.Load(), Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_link_that_was_dropped_stays_dropped(CancellationToken ct)
    {
        BrittleStore store = new();
        await using World world = new(configure: options => options with { OutboxStore = store });
        int attempts = 0;
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.SendMessage) return false;

            if (++attempts == 1) connection.Send(new ErrorReply(ErrorCode.LinkTokenInvalid, "of an older key", Retryable: false), header.RequestId);
            return true; // the second has no answer
        };
        LinkPreview link = new() { Url = "https://example.org", Token = "AAAAAAAAAAAAAAAAAAAAAA" };
        world.Chat.Send("https://example.org", content: new MessageContent { Kind = ContentKind.Text, Link = link });
        await world.Client.ConnectAsync(ct);
        await world.RunUntilAsync(() => attempts == 2, ct);

        await using ChatClient next = world.Restart(store);

        Assert.That(next.Outbox.Single().Content!.Link, Is.Null, "with it, it would be another message of the same id");
    }

    [Test]
    public async Task The_number_of_messages_is_bounded_and_those_that_failed_count()
    {
        await using World world = new(configure: options => options with { OutboxStore = new BrittleStore(), MaxOutboxMessages = 2, MaxOutboxBytes = 100 });

        OutgoingMessage[] kept = [world.Chat.Send("1"), world.Chat.Send("2")];
        OutgoingMessage refused = world.Chat.Send("3");
        bool early = refused.Retry();
        bool isTakenBack = kept[0].Cancel();
        bool late = refused.Retry();

        Assert.That(refused.ClientMessageId, Is.Not.EqualTo(kept[0].ClientMessageId));
        Assert.That((early, isTakenBack, late), Is.EqualTo((false, true, true)));
        Assert.That(world.Client.Outbox.Select(message => message.Text), Is.EqualTo(new[] { "2", "3" }));
        Assert.That(world.Chat.Send("4").Error!.Code, Is.EqualTo((int)LocalErrorCode.OutboxFull));
    }

    private static FileOutboxStore Open(string folder) => new(folder, Url, FakeServer.Me);

    /// <summary>Loses messages and answers at random, and refuses some for the moment.</summary>
    private static bool Misbehave(World world, Random random, FakeConnection connection, FrameHeader header, ReadOnlySequence<byte> body)
    {
        if (header.Type != FrameType.SendMessage) return false;

        SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
        switch (random.Next(6))
        {
            case 0:
                connection.Break();
                return true;
            case 1:
                world.Server.Store(request);
                connection.Break();
                return true;
            case 2:
                connection.Send(new ErrorReply(ErrorCode.Busy, "later", Retryable: true, RetryAfterMs: 50), header.RequestId);
                return true;
            default:
                return false;
        }
    }
}
