using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Chats;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>What a chat is to oneself alone, and to all, protocol-spec.md §6.36 and §6.37.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ChatSettingsTests
{
    [Test, CancelAfter(10_000)]
    public async Task Settings_follow_what_another_device_did(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Assert.That((world.Chat.Summary!.Own, world.Chat.Summary.Details), Is.EqualTo((new ChatOwnSettings(), new ChatDetails())));

        world.Server.Log().Own = new WireOwnSettings(false, true, false, 9_000, "sand", 1, new WireDraft(3, "Dear", 1));
        Tell(world, EventKind.ChatSettingsChanged);
        await World.UntilAsync(() => world.Chat.Summary.Own.IsPinned, ct);

        Assert.That(world.Chat.Summary.Own, Is.EqualTo(new ChatOwnSettings
        {
            IsPinned = true,
            MutedUntil = DateTimeOffset.FromUnixTimeMilliseconds(9_000),
            Theme = "sand",
            ClearedUpTo = 1,
            Draft = new ChatDraft(3, "Dear", 1),
        }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_message_takes_it_out_of_the_archive_unless_it_is_muted(CancellationToken ct)
    {
        foreach (bool muted in (bool[])[false, true])
        {
            await using World world = await World.OnlineAsync(
                ct, server => server.Log().Own = new WireOwnSettings(true, false, false, muted ? 253_402_300_799_000 : null));
            long message = world.Server.Post("one").Sequence;
            await World.UntilAsync(() => world.Chat.Summary!.HeadSequence == message, ct);

            Assert.That(world.Chat.Summary!.Own.IsArchived, Is.EqualTo(muted));
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task Reading_ends_the_mark_of_unread(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct, server => server.Log().Own = new WireOwnSettings(false, false, true));
        long message = world.Server.Post("one").Sequence;
        await World.UntilAsync(() => world.Chat.Summary!.HeadSequence == message, ct);
        Assert.That(world.Chat.Summary!.Own.IsMarkedUnread, Is.True);

        await world.Chat.MarkReadAsync(cancellationToken: ct);

        Assert.That(world.Chat.Summary.Own.IsMarkedUnread, Is.False);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_cleared_history_is_told_and_details_are_asked_for(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        System.Collections.Concurrent.ConcurrentQueue<ClearedHistory> told = [];
        world.Client.HistoryCleared += told.Enqueue;

        Tell(world, EventKind.HistoryCleared, 4);
        await World.UntilAsync(() => !told.IsEmpty, ct);
        Assert.That(told, Is.EqualTo(new[] { new ClearedHistory(FakeServer.ChatId, 4) }));

        world.Server.Log().Details = new WireChatDetails(MemberRole.Admin, MemberRole.Member, MemberRole.Member, "Ships", "media/9", "sand", "harbour");
        world.Server.Push(world.Server.Log().Append(EventKind.ChatInfoChanged, FakeServer.Peer, "description", null));
        await world.RunUntilAsync(() => world.Chat.Summary!.Details.Description is not null, ct);
        Assert.That(world.Chat.Summary!.Details, Is.EqualTo(new ChatDetails
        {
            SendRole = MemberRole.Admin,
            EditRole = MemberRole.Member,
            AddRole = MemberRole.Member,
            Description = "Ships",
            Avatar = "media/9",
            Theme = "sand",
            Handle = "harbour",
        }));
    }

    [Test, CancelAfter(10_000)]
    public async Task Each_setting_is_one_call(CancellationToken ct)
    {
        List<string> bodies = [];
        using FakeRest rest = new((_, body) =>
        {
            bodies.Add(body);
            return (200, "{}");
        });
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });
        ChatSettings settings = world.Chat.Settings;

        await settings.MuteAsync(DateTimeOffset.UnixEpoch, ct);
        await settings.UnmuteAsync(ct);
        await settings.ArchiveAsync(ct);
        await settings.UnarchiveAsync(ct);
        await settings.PinAsync(ct);
        await settings.UnpinAsync(ct);
        await settings.MarkUnreadAsync(ct);
        await settings.UnmarkUnreadAsync(ct);
        await settings.SetThemeAsync("sand", ct);
        await settings.ClearAsync(3, ct);
        await settings.UpdateAsync(new ChatChange(Description: "Ships", Permissions: new ChatPermissions(Send: MemberRole.Admin)), ct);
        await settings.DeleteAsync(ct);

        string chat = $"/api/chats/{FakeServer.ChatId}";
        Assert.That(rest.Asked, Is.EqualTo(new[]
        {
            $"POST {chat}/mute", $"DELETE {chat}/mute", $"POST {chat}/archive", $"DELETE {chat}/archive", $"POST {chat}/pin", $"DELETE {chat}/pin",
            $"POST {chat}/unread?readUpTo=0", $"DELETE {chat}/unread", $"PUT {chat}/theme", $"POST {chat}/clear", $"PUT {chat}", $"DELETE {chat}",
        }));
        Assert.That(bodies.Where(body => body.Length > 0), Is.EqualTo(new[]
        {
            """{"until":"1970-01-01T00:00:00+00:00"}""", """{"theme":"sand"}""", """{"upTo":3}""",
            """{"description":"Ships","permissions":{"send":"admin"}}""",
        }));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_changed_for_all_is_asked_for_once_and_the_later_the_more_there_are(CancellationToken ct)
    {
        int asked = 0;
        await using World world = await World.OnlineAsync(ct, server =>
        {
            server.Log().MemberCount = 20_000;
            server.Intercept = (_, header, body) =>
            {
                if (header.Type == FrameType.GetChat && GetChatRequest.TryRead(body, out uint _, out GetChatRequest get) && get.ChatId == FakeServer.ChatId)
                    Interlocked.Increment(ref asked);
                return false;
            };
        });
        Collected reader = world.Collect();
        for (int i = 0; i < 5; i++) world.Server.Push(world.Server.Log().Append(EventKind.ChatInfoChanged, FakeServer.Peer, "description", null));
        await reader.WaitForAsync(5, ct);

        DateTimeOffset before = world.Clock.GetUtcNow();
        await world.RunUntilAsync(() => Volatile.Read(ref asked) > 0, ct, TimeSpan.FromMilliseconds(100));
        Assert.That(world.Clock.GetUtcNow() - before, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(4.9)), "the middle of ten seconds");
        for (int i = 0; i < 100; i++) await world.StepAsync(TimeSpan.FromMilliseconds(100));

        Assert.That(asked, Is.EqualTo(1));
    }

    [TestCase(false), TestCase(true)]
    [CancelAfter(10_000)]
    public async Task An_answer_older_than_a_message_does_not_archive_again_unless_it_is_muted(bool muted, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        world.Server.Log().Own = new WireOwnSettings(true, false, false, muted ? 253_402_300_799_000 : null);
        AnswerLate(world, () => world.Server.Post("meanwhile"));
        Tell(world, EventKind.ChatSettingsChanged);
        await World.UntilAsync(() => world.Chat.Summary is { HeadSequence: 2 } chat && (chat.Own.MutedUntil is not null) == muted, ct);
        Assert.That(await ReadOwnAsync(world, ct), Has.Property("IsArchived").EqualTo(muted));
    }

    [Test, CancelAfter(10_000)]
    public async Task An_event_that_the_summary_covers_does_not_take_it_out_of_the_archive(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct, server => server.PushRule = _ => []);
        WireEvent message = world.Server.Post("archived behind it");
        world.Server.Log().Own = new WireOwnSettings(true, false, false);
        world.Server.PushRule = pushed => [pushed];
        Tell(world, EventKind.ChatSettingsChanged); // the summary is asked for, and what it covers comes behind it
        await World.UntilAsync(() => world.Chat.Summary!.Own.IsArchived, ct);
        Collected reader = world.Collect();
        world.Server.Push(message);
        await World.UntilAsync(() => world.Chat.Summary!.LastEvent?.Sequence == message.Sequence, ct);

        Assert.That(world.Chat.Summary!.Own.IsArchived, Is.True);
    }

    [Test, CancelAfter(10_000)]
    public async Task Pinned_chats_stand_above_the_others_by_activity_among_themselves(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct, server =>
        {
            for (long chatId = 70; chatId < 74; chatId++)
            {
                FakeLog log = server.AddChat(chatId, ChatKind.Group);
                for (long i = 70; i < chatId; i++) log.Append(EventKind.Message, FakeServer.Peer, "later", null);
                log.Own = new WireOwnSettings(false, chatId is 70 or 72, false);
            }
        });

        Assert.That(world.Client.Chats.Select(chat => chat.ChatId), Is.EqualTo(new[] { 72, 70, 73, 71, FakeServer.ChatId }));
    }

    /// <summary>The next answer about the chat is of before what is done meanwhile, and comes behind it.</summary>
    private static void AnswerLate(World world, Action meanwhile) => world.Server.Intercept = (connection, header, body) =>
    {
        if (header.Type != FrameType.GetChat || !GetChatRequest.TryRead(body, out uint _, out GetChatRequest get) || get.ChatId != FakeServer.ChatId)
            return false;

        world.Server.Intercept = null;
        ChatReply before = new(world.Server.Log().ToChat());
        meanwhile();
        connection.Send(before, header.RequestId);
        return true;
    };

    /// <summary>What is known once all that was sent has been taken.</summary>
    private static async Task<ChatOwnSettings> ReadOwnAsync(World world, CancellationToken ct)
    {
        await world.Chat.HistoryAsync(cancellationToken: ct);
        return world.Chat.Summary!.Own;
    }

    private static void Tell(World world, EventKind kind, long? target = null)
    {
        WireEvent told = world.Server.Log(FakeServer.Inbox).Append(kind, FakeServer.Me, null, null, FakeServer.ChatId) with { ReplyTo = target };
        world.Server.Log(FakeServer.Inbox).Show(told);
        world.Server.Push(told);
    }
}
