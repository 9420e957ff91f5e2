using System.Collections.Concurrent;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Sdk.Statuses;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Statuses, protocol-spec.md §6.38 and §8.11: what is told of them, and the calls.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class StatusTests
{
    [Test, CancelAfter(10_000)]
    public async Task Hints_are_told_and_hold_no_place_in_the_inbox(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        ConcurrentQueue<StatusChange> told = [];
        world.Client.Statuses.Changed += told.Enqueue;
        WireEvent hint = new(FakeServer.Inbox, 0, EventKind.StatusesChanged, FakeServer.Peer, 5, SubjectId: FakeServer.Peer);

        world.Server.Push(hint);
        world.Server.Push(hint with { Kind = EventKind.StatusViewed, ReplyTo = 77, SubjectId = FakeServer.Me });
        world.Server.Push(hint with { Kind = (EventKind)255 });
        WireEvent own = world.Server.Log(FakeServer.Inbox).Append(EventKind.StatusesChanged, FakeServer.Me, null, null, FakeServer.Me);
        world.Server.Push(own);
        await World.UntilAsync(() => told.Count == 2, ct);
        await world.RunUntilAsync(() => told.Count == 3, ct);

        Assert.That(told, Is.EqualTo(new[]
        {
            new StatusChange(FakeServer.Me, FakeServer.Peer, 77),
            new StatusChange(FakeServer.Me, FakeServer.Me, null),
            new StatusChange(FakeServer.Peer, FakeServer.Peer, null),
        }));
        Assert.That(world.Client.Positions.Single(position => position.ChatId == FakeServer.Inbox).Sequence, Is.EqualTo(own.Sequence));
    }

    [Test, CancelAfter(10_000)]
    public async Task That_an_authors_statuses_changed_is_told_after_a_random_pause_and_once_for_all_hints_of_it(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        ConcurrentQueue<StatusChange> told = [];
        world.Client.Statuses.Changed += told.Enqueue;
        WireEvent hint = new(FakeServer.Inbox, 0, EventKind.StatusesChanged, FakeServer.Peer, 5, SubjectId: FakeServer.Peer);

        DateTimeOffset before = world.Clock.GetUtcNow();
        for (int i = 0; i < 3; i++) world.Server.Push(hint);
        world.Server.Push(hint with { SenderId = 99, SubjectId = 99 });
        await world.RunUntilAsync(() => told.Count == 2, ct, TimeSpan.FromMilliseconds(100));
        Assert.That(world.Clock.GetUtcNow() - before, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(4.9)), "the middle of ten seconds");
        for (int i = 0; i < 100; i++) await world.StepAsync(TimeSpan.FromMilliseconds(100));
        Assert.That(told.Select(change => change.AuthorId), Is.EquivalentTo(new[] { FakeServer.Peer, 99 }));

        world.Server.Push(hint);
        await world.RunUntilAsync(() => told.Count == 3, ct, TimeSpan.FromMilliseconds(100));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_is_in_no_log_and_no_hint_of_the_inbox_does_nothing(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        int told = 0;
        ConcurrentQueue<StatusChange> hints = [];
        world.Client.Statuses.Changed += hints.Enqueue;
        world.Client.HistoryCleared += _ => Interlocked.Increment(ref told);
        world.Client.MessageHidden += _ => Interlocked.Increment(ref told);
        world.Client.StarChanged += _ => Interlocked.Increment(ref told);
        WireEvent stray = new(FakeServer.Inbox, 0, EventKind.HistoryCleared, FakeServer.Me, 5, ReplyTo: 1, SubjectId: FakeServer.ChatId);

        foreach (EventKind kind in (EventKind[])[EventKind.HistoryCleared, EventKind.Hidden, EventKind.Starred]) world.Server.Push(stray with { Kind = kind });
        world.Server.Push(new WireEvent(FakeServer.ChatId, 0, EventKind.StatusViewed, FakeServer.Peer, 5, ReplyTo: 78, SubjectId: FakeServer.Me));
        world.Server.Push(new WireEvent(FakeServer.Inbox, 0, EventKind.StatusViewed, FakeServer.Peer, 5, ReplyTo: 77, SubjectId: FakeServer.Me));
        await World.UntilAsync(() => !hints.IsEmpty, ct);

        Assert.That(hints.Single().StatusId, Is.EqualTo(77));
        Assert.That(told, Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public async Task Names_of_a_later_version_are_unknown_and_fail_no_list(CancellationToken ct)
    {
        using FakeRest rest = new((request, _) => (200, request.RequestUri!.PathAndQuery.EndsWith("/privacy", StringComparison.Ordinal)
            ? """{"audience":"friends","people":[4]}"""
            : """
              {"items":[
                {"id":7,"authorId":12,"kind":"poll","font":"runes","createdAt":"2026-01-01T00:00:00+00:00","expiresAt":"2026-01-02T00:00:00+00:00","seen":true},
                {"id":8,"authorId":12,"kind":"text","text":"At sea","font":null,"createdAt":"2026-01-01T00:00:00+00:00","expiresAt":"2026-01-02T00:00:00+00:00","seen":true}]}
              """));
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });

        IReadOnlyList<Status> listed = await world.Client.Statuses.ListAsync(12, ct);

        Assert.That(listed.Select(one => (one.Kind, one.Font)), Is.EqualTo(new (ContentKind, StatusFont?)[]
        {
            (ContentKind.None, StatusFont.Unknown), (ContentKind.Text, null),
        }));
        Assert.That((await world.Client.Statuses.GetPrivacyAsync(ct)).Audience, Is.EqualTo(StatusAudience.Unknown));
    }

    [Test, CancelAfter(10_000)]
    public async Task Each_call_goes_where_it_should_and_its_answer_is_read(CancellationToken ct)
    {
        const string Status =
            """
            {"id":7,"authorId":12,"kind":"image","text":"At sea","font":"mono","media":{"blobId":"b","contentType":"image/png","bytes":9,"durationMs":5},
             "createdAt":"2026-01-01T00:00:00+00:00","expiresAt":"2026-01-02T00:00:00+00:00","seen":true}
            """;
        List<(string Path, string Body)> calls = [];
        using FakeRest rest = new((request, body) =>
        {
            string path = request.RequestUri!.PathAndQuery;
            calls.Add(($"{request.Method} {path}", body));
            return (200, path switch
            {
                _ when path.EndsWith("/privacy", StringComparison.Ordinal) => """{"audience":"contacts_except","people":[4]}""",
                _ when path.Contains("/viewers", StringComparison.Ordinal) =>
                    """{"items":[{"principalId":13,"name":"Ben","viewedAt":"2026-01-01T00:00:00+00:00"}],"total":8,"nextCursor":"5.13"}""",
                _ when path.Contains("cursor=7", StringComparison.Ordinal) => $$"""{"items":[{{Status}}]}""",
                _ when path.Contains("/user/", StringComparison.Ordinal) => $$"""{"items":[{{Status}}],"nextCursor":"7"}""",
                _ when path.Contains("status?", StringComparison.Ordinal) =>
                    """{"items":[{"authorId":12,"name":"Ada","total":3,"unseen":2,"muted":true,"newestId":7,"newestAt":"2026-01-01T00:00:00+00:00"}]}""",
                _ => Status,
            });
        });
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });
        StatusClient statuses = world.Client.Statuses;
        NewStatus wished = new(ContentKind.Text, "At sea") { Background = "#1F6F54", Font = StatusFont.Serif };

        Status posted = await statuses.PostAsync(wished, ct);
        IReadOnlyList<Status> listed = await statuses.ListAsync(12, ct);
        StatusAuthorPage authors = await statuses.AuthorsAsync("9", 3, ct);
        StatusViewerPage viewers = await statuses.ViewersAsync(7, null, 2, ct);
        await statuses.ViewAsync(7, ct);
        await statuses.MuteAsync(12, ct);
        await statuses.UnmuteAsync(12, ct);
        await statuses.DeleteAsync(7, ct);
        await statuses.SetPrivacyAsync(new StatusPrivacy(StatusAudience.Only, [4]), ct);
        StatusPrivacy privacy = await statuses.GetPrivacyAsync(ct);

        Assert.That((posted.Kind, posted.Font, posted.Media!.Duration, posted.Seen), Is.EqualTo((ContentKind.Image, (StatusFont?)StatusFont.Mono, (TimeSpan?)TimeSpan.FromMilliseconds(5), true)));
        Assert.That(listed, Has.Count.EqualTo(2));
        Assert.That((authors.Items.Single().Unseen, authors.Items.Single().Muted, authors.NextCursor), Is.EqualTo((2L, true, (string?)null)));
        Assert.That((viewers.Total, viewers.Items.Single().Name, viewers.NextCursor), Is.EqualTo((8L, "Ben", "5.13")));
        Assert.That((privacy.Audience, privacy.People.Single()), Is.EqualTo((StatusAudience.ContactsExcept, 4L)));
        Assert.That(calls.Select(call => call.Path), Is.EqualTo(new[]
        {
            "POST /api/status", "GET /api/status/user/12?limit=100", "GET /api/status/user/12?limit=100&cursor=7", "GET /api/status?limit=3&cursor=9",
            "GET /api/status/7/viewers?limit=2", "POST /api/status/7/view", "PUT /api/status/user/12/mute",
            "DELETE /api/status/user/12/mute", "DELETE /api/status/7", "PUT /api/status/privacy", "GET /api/status/privacy",
        }));
        Assert.That(calls[0].Body, Is.EqualTo(
            $$"""{"clientStatusId":"{{wished.ClientStatusId}}","kind":"text","text":"At sea","background":"#1F6F54","font":"serif"}"""));
        Assert.That(calls[9].Body, Is.EqualTo("""{"audience":"only","people":[4]}"""));
    }

    [Test]
    public void A_reference_has_the_first_hundred_characters_and_cuts_none_in_two()
    {
        Status status = new(7, 12, ContentKind.Text, "At sea", null, null, null, default, default, Seen: false);

        Assert.That(status.ToReference(), Is.EqualTo(new StatusReference(7, ContentKind.Text, "At sea")));
        Assert.That((status with { Text = null }).ToReference().Text, Is.Null);
        Assert.That((status with { Text = new string('a', 101) }).ToReference().Text, Is.EqualTo(new string('a', 100)));
        Assert.That((status with { Text = new string('a', 99) + "🌊🌊" }).ToReference().Text, Is.EqualTo(new string('a', 99)));
    }

    [Test, CancelAfter(10_000)]
    public async Task An_answer_carries_its_status_and_is_passed_on_without(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        StatusReference status = new(7, ContentKind.Image, "At sea");

        await world.Chat.Send("Where?", content: new MessageContent { Kind = ContentKind.Text, Status = status }).Sent;
        WireEvent stored = world.Server.Log().Events[^1];
        Assert.That(stored.Content?.Status, Is.EqualTo(new WireStatusReference(7, ContentKind.Image, "At sea")));

        await World.UntilAsync(() => world.Chat.Summary!.LastEvent?.Sequence == stored.Sequence, ct);
        await world.Chat.Forward((ChatMessage)world.Chat.Summary!.LastEvent!).Sent;
        WireContent passedOn = world.Server.Log().Events[^1].Content!;
        Assert.That((passedOn.Forwarded, passedOn.Status), Is.EqualTo((1, (WireStatusReference?)null)));
    }
}
