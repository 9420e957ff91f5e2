using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
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
        await World.UntilAsync(() => world.Chat.Summary!.Details.Description is not null, ct);
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

        string chat = $"/api/chats/{FakeServer.ChatId}";
        Assert.That(rest.Asked, Is.EqualTo(new[]
        {
            $"POST {chat}/mute", $"DELETE {chat}/mute", $"POST {chat}/archive", $"DELETE {chat}/archive", $"POST {chat}/pin", $"DELETE {chat}/pin",
            $"POST {chat}/unread", $"DELETE {chat}/unread", $"PUT {chat}/theme", $"POST {chat}/clear", $"PUT {chat}",
        }));
        Assert.That(bodies.Where(body => body.Length > 0), Is.EqualTo(new[]
        {
            """{"until":"1970-01-01T00:00:00+00:00"}""", """{"theme":"sand"}""", """{"upTo":3}""",
            """{"description":"Ships","permissions":{"send":"admin"}}""",
        }));
    }

    [Test, CancelAfter(10_000)]
    public async Task Sending_takes_the_draft_away_behind_what_is_on_its_way(CancellationToken ct)
    {
        using FakeRest rest = new((_, _) => (204, "")) { Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });

        world.Chat.Send("no draft");
        Task stored = world.Chat.SetDraftAsync("Dear", 2, ct);
        world.Chat.Send("Dear all");
        Assert.That(rest.Asked, Is.EqualTo(new[] { $"PUT /api/chats/{FakeServer.ChatId}/draft" }));
        rest.Hold!.SetResult();
        await stored;
        await World.UntilAsync(() => rest.Asked.Count == 2, ct);

        Assert.That(rest.Asked[^1], Is.EqualTo($"DELETE /api/chats/{FakeServer.ChatId}/draft"));
    }

    private static void Tell(World world, EventKind kind, long? target = null)
    {
        WireEvent told = world.Server.Log(FakeServer.Inbox).Append(kind, FakeServer.Me, null, null, FakeServer.ChatId) with { ReplyTo = target };
        world.Server.Log(FakeServer.Inbox).Show(told);
        world.Server.Push(told);
    }
}
