using Chat.Domain.Limits;
using Chat.Domain.Media;
using Chat.Domain.Statuses;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Media;
using Chat.Storage.Statuses;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Statuses;

/// <summary>R-130, R-131, protocol-spec.md §6.38: what may be posted, once, and how it ends.</summary>
public sealed class PostStatusTests : StatusFixture
{
    [Test, CancelAfter(30_000)]
    public async Task A_text_is_seen_as_it_was_posted_for_a_day_and_the_authors_devices_are_told(CancellationToken ct)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        StatusInput input = Text() with { Background = "#1F6F54", Font = StatusFont.Serif };

        StatusRow posted = (await Poster.ExecuteAsync(anna, input, ct)).Value;

        StatusRow seen = (await Lists.ListOfAsync(bert, anna.PrincipalId, null, null, ct)).Value.Statuses.Single();
        Assert.That(seen, Is.EqualTo(posted));
        Assert.That((seen.Kind, seen.Text, seen.Background, seen.Font), Is.EqualTo(((short)1, "At sea", "#1F6F54", (short?)StatusFont.Serif)));
        Assert.That(seen.ExpiresAtMs - seen.CreatedAtMs, Is.EqualTo(TimeSpan.FromHours(24).TotalMilliseconds));
        EventRow told = World.Events.Committed.Single(e => e.Kind == EventKinds.StatusesChanged && e.SenderId == anna.PrincipalId);
        Assert.That(told.SubjectId, Is.EqualTo(anna.PrincipalId));
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        WireMedia media = new("0123456789abcdef0123456789abcdef", "image/png", FileBytes, null, null, null, null, null, []);
        (string What, StatusInput Input, ErrorCode Code, string Field)[] cases =
        [
            ("no id", Text() with { ClientStatusId = Guid.Empty }, ErrorCode.InvalidArgument, "client_status_id"),
            ("no kind", Text() with { Kind = ContentKind.None }, ErrorCode.InvalidArgument, "kind"),
            ("a voice", Text() with { Kind = ContentKind.Voice }, ErrorCode.InvalidArgument, "kind"),
            ("no text", Text() with { Text = null }, ErrorCode.TextEmpty, "text"),
            ("blank", Text(" \n"), ErrorCode.TextEmpty, "text"),
            ("nul", Text("a\0"), ErrorCode.TextHasNul, "text"),
            ("half a character", Text("a\uD83D"), ErrorCode.InvalidArgument, "text"),
            ("too long", Text(new string('a', 701)), ErrorCode.TextTooLong, "text"),
            ("no colour", Text() with { Background = "#12345G" }, ErrorCode.InvalidArgument, "background"),
            ("a short colour", Text() with { Background = "#123" }, ErrorCode.InvalidArgument, "background"),
            ("no font", Text() with { Font = StatusFont.None }, ErrorCode.InvalidArgument, "font"),
            ("a later font", Text() with { Font = (StatusFont)99 }, ErrorCode.InvalidArgument, "font"),
            ("a text with a file", Text() with { Media = media }, ErrorCode.InvalidArgument, "media"),
            ("an image without one", Text() with { Kind = ContentKind.Image }, ErrorCode.InvalidArgument, "media"),
            ("a video that is an image", Text() with { Kind = ContentKind.Video, Media = media }, ErrorCode.InvalidArgument, "media"),
            ("an image with a colour", Image(media.BlobId) with { Background = "#123456" }, ErrorCode.InvalidArgument, "background"),
            ("an image with a font", Image(media.BlobId) with { Font = StatusFont.Sans }, ErrorCode.InvalidArgument, "font"),
            ("a long caption", Image(media.BlobId) with { Text = new string('a', 701) }, ErrorCode.TextTooLong, "text"),
            ("a file that is none", Image(media.BlobId), ErrorCode.BlobNotFound, "blob_id"),
            ("no name of a file", Image("b-1"), ErrorCode.BlobNotFound, "blob_id"),
        ];
        return cases.Select(one => new TestCaseData(one.Input, one.Code, one.Field).SetArgDisplayNames(one.What));
    }

    [TestCaseSource(nameof(Wrong)), CancelAfter(30_000)]
    public async Task What_is_not_as_it_should_be_is_refused_by_name(StatusInput input, ErrorCode code, string field)
    {
        Caller anna = await World.PersonAsync();

        FailureAssert.Failed(await Poster.ExecuteAsync(anna, input, default), code, field);
    }

    [Test, CancelAfter(30_000)]
    public async Task Seven_hundred_characters_are_taken()
    {
        Caller anna = await World.PersonAsync();

        Assert.That((await Poster.ExecuteAsync(anna, Text(new string('ä', 700)), default)).IsOk);
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task A_retry_gives_the_first_one_and_another_content_of_the_same_id_is_refused(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync(), bert = await World.PersonAsync();
        StatusInput text = Text() with { Background = "#1F6F54" }, image = Image(await FileAsync(anna));
        foreach (StatusInput input in (StatusInput[])[text, image])
        {
            StatusRow first = (await Poster.ExecuteAsync(anna, input, ct)).Value;
            Assert.That((await Poster.ExecuteAsync(anna, input, ct)).Value, Is.EqualTo(first));
            FailureAssert.Failed(await Poster.ExecuteAsync(anna, input with { Text = "other" }, ct), ErrorCode.ClientMessageIdReused, "client_status_id");
            await Deleter.ExecuteAsync(anna, first.Id, ct);
            Assert.That((await Poster.ExecuteAsync(anna, input, ct)).Value, Is.EqualTo(first), "although it is deleted");
        }

        Assert.That((await Poster.ExecuteAsync(bert, text, ct)).IsOk, "ids are each author's own");
    }

    [Test, CancelAfter(60_000), Property("Promise", "P4")]
    public async Task Two_devices_that_post_the_same_id_at_once_post_one_status(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync();
        for (int round = 0; round < 20; round++)
        {
            StatusInput input = round % 2 == 0 ? Text() : Image(await FileAsync(anna));
            Result<StatusRow>[] posted = await Task.WhenAll(
                Enumerable.Range(0, 4).Select(_ => Task.Run(() => Poster.ExecuteAsync(anna, input, ct), ct)));

            Assert.That(posted.Select(one => one.Value.Id).Distinct().Count(), Is.EqualTo(1), $"round {round}");
        }

        Assert.That(await CountAsync("select count(*) from statuses where author_id = $1", anna.PrincipalId), Is.EqualTo(20));
        Assert.That(
            World.Events.Committed.Count(e => e.Kind == EventKinds.StatusesChanged && e.SenderId == anna.PrincipalId), Is.EqualTo(20), "told once each");
    }

    [Test, CancelAfter(60_000)]
    public async Task One_shows_so_many_at_a_time_whoever_posts_at_once_and_a_deleted_one_makes_room(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(new LimitSettings { ActiveStatuses = 3, StatusesPerHour = 0, OwnChangesPerMinute = 0, HistoryPerSecond = 0 });
        Caller anna = await world.PersonAsync();
        StatusStore store = new(world.Source, world.Events);
        StatusAnnouncer announcer = new(new StatusReads(world.Source), world.Fanout, new InMemoryBus().Join(), world.Time, NullLogger<StatusAnnouncer>.Instance);
        PostStatus post = new(store, world.Limits, new MediaOptions(), announcer);

        Result<StatusRow>[] posted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => post.ExecuteAsync(anna, Text(), ct), ct)));

        Assert.That(posted.Count(one => one.IsOk), Is.EqualTo(3));
        Assert.That(posted.Where(one => !one.IsOk).Select(one => one.Failure!.Code), Is.All.EqualTo(ErrorCode.TooManyStatuses));
        await new DeleteStatus(store, world.Limits, announcer).ExecuteAsync(anna, posted.First(one => one.IsOk).Value.Id, ct);
        Assert.That((await post.ExecuteAsync(anna, Text(), ct)).IsOk);
    }

    [Test, CancelAfter(30_000)]
    public async Task While_a_node_runs_that_knows_no_statuses_none_is_posted_and_what_was_is_answered_as_before(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(new LimitSettings { StatusesPerHour = 0 });
        Caller anna = await world.PersonAsync();
        StatusAnnouncer announcer = new(new StatusReads(world.Source), world.Fanout, new InMemoryBus().Join(), world.Time, NullLogger<StatusAnnouncer>.Instance);
        PostStatus post = new(new StatusStore(world.Source, world.Events), world.Limits, new MediaOptions(), announcer);
        async Task NodeAsync(string set)
        {
            await using NpgsqlCommand command = world.Source.CreateCommand(set);
            Assert.That(await command.ExecuteNonQueryAsync(ct), Is.EqualTo(1));
        }

        await NodeAsync("insert into nodes (id, incarnation, version, protocol_version, schema_version, address) values ('n', 1, '1.0', 1, 9, 'a')");
        StatusInput first = Text();
        long id = (await post.ExecuteAsync(anna, first, ct)).Value.Id;
        await NodeAsync("update nodes set schema_version = 8");

        Failure refused = (await post.ExecuteAsync(anna, Text(), ct)).Failure!;

        Assert.That((refused.Code, refused.RetryAfter > TimeSpan.Zero), Is.EqualTo((ErrorCode.Unavailable, true)));
        Assert.That(refused.Message, Does.Contain("being updated"));
        Assert.That((await post.ExecuteAsync(anna, first, ct)).Value.Id, Is.EqualTo(id), "a retry");
        await NodeAsync("update nodes set renewed_at = now() - interval '61 seconds'");
        Assert.That((await post.ExecuteAsync(anna, Text(), ct)).IsOk, "it has died");
        await NodeAsync("update nodes set renewed_at = now(), ended_at = now()");
        Assert.That((await post.ExecuteAsync(anna, Text(), ct)).IsOk, "it has ended");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_wrong_medium_is_named_as_a_status_has_it(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync();

        Failure refused = (await Poster.ExecuteAsync(anna, Image("a file", bytes: 1), ct)).Failure!;

        Assert.That((refused.Code, refused.Field), Is.EqualTo((ErrorCode.InvalidArgument, "media")));
        Assert.That(refused.Message, Does.StartWith("media has").And.Not.Contain("content."));
    }

    [Test, CancelAfter(30_000)]
    public async Task Who_posts_too_often_waits(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(new LimitSettings { StatusesPerHour = 2, StatusesBurst = 2 });
        Caller anna = await world.PersonAsync();
        StatusAnnouncer announcer = new(new StatusReads(world.Source), world.Fanout, new InMemoryBus().Join(), world.Time, NullLogger<StatusAnnouncer>.Instance);
        PostStatus post = new(new StatusStore(world.Source, world.Events), world.Limits, new MediaOptions(), announcer);
        for (int i = 0; i < 2; i++) Assert.That((await post.ExecuteAsync(anna, Text(), ct)).IsOk);

        Failure refused = (await post.ExecuteAsync(anna, Text(), ct)).Failure!;

        Assert.That(refused.Code, Is.EqualTo(ErrorCode.RateLimited));
        world.Time.Advance(refused.RetryAfter!.Value);
        Assert.That((await post.ExecuteAsync(anna, Text(), ct)).IsOk);
    }

    [Test, CancelAfter(30_000)]
    public async Task Only_a_file_of_ones_own_that_is_for_a_status_complete_and_shown_in_no_other_is_shown(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync(), bert = await World.PersonAsync();
        NewBlob uploading = new(Guid.NewGuid(), anna.PrincipalId, null, (short)BlobPurpose.Status, ForChange: false, "a.png", FileBytes, Guid.NewGuid());
        await new BlobTable(World.Source).ReserveAsync(uploading, TimeSpan.FromDays(1), long.MaxValue, ct);
        string shown = await FileAsync(anna), deleted = await FileAsync(anna), over = await FileAsync(anna);
        await PostAsync(anna, Image(shown));
        await new BlobTable(World.Source).DeleteAsync(Guid.ParseExact(deleted, "N"), ct);
        await ExecuteAsync("update blobs set expires_at = now() where id = $1", Guid.ParseExact(over, "N"));
        Dictionary<string, string> wrong = new()
        {
            ["another's"] = await FileAsync(bert),
            ["an avatar"] = await FileAsync(anna, purpose: BlobPurpose.Avatar),
            ["not complete"] = $"{uploading.Id:N}",
            ["in another status"] = shown,
            ["deleted"] = deleted,
            ["over"] = over,
        };

        foreach ((string what, string blobId) in wrong)
            Assert.That((await Poster.ExecuteAsync(anna, Image(blobId), ct)).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound), what);
        string good = await FileAsync(anna);
        FailureAssert.Failed(await Poster.ExecuteAsync(anna, Image(good, "image/jpeg"), ct), ErrorCode.InvalidArgument, "media");
        FailureAssert.Failed(await Poster.ExecuteAsync(anna, Image(good, bytes: FileBytes + 1), ct), ErrorCode.InvalidArgument, "media");
        Assert.That((await Poster.ExecuteAsync(anna, Image(good), ct)).IsOk);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_file_lives_as_long_as_its_status_and_one_that_no_status_shows_is_given_up(CancellationToken ct)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        string shown = await FileAsync(anna), unshown = await FileAsync(anna);
        StatusRow posted = await PostAsync(anna, Image(shown));

        Assert.That(
            await CountAsync("select count(*) from blobs b join statuses s on s.blob_id = b.id and s.expires_at = b.expires_at where s.id = $1", posted.Id),
            Is.EqualTo(1));
        await ExecuteAsync("update blobs set expires_at = expires_at - interval '23 hours 59 minutes 50 seconds' where owner_id = $1", anna.PrincipalId);
        Assert.That((await MayReadAsync(bert, shown), await MayReadAsync(anna, unshown)), Is.EqualTo((true, true)));
        await EndAsync(posted.Id);
        await ExecuteAsync("update blobs set expires_at = now() where id = $1", Guid.ParseExact(unshown, "N"));

        Assert.That((await MayReadAsync(bert, shown), await MayReadAsync(anna, shown), await MayReadAsync(anna, unshown)), Is.EqualTo((false, false, false)));
        Assert.That(await new BlobTable(World.Source).FindStoredAsync(Guid.ParseExact(shown, "N"), ct), Is.Null, "nor by a link of before");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_deleted_status_is_gone_for_everybody_at_once_with_its_file_and_twice_is_no_failure(CancellationToken ct)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        string file = await FileAsync(anna);
        StatusRow posted = await PostAsync(anna, Image(file)), other = await PostAsync(anna);
        FailureAssert.Failed(await Deleter.ExecuteAsync(bert, posted.Id, ct), ErrorCode.StatusNotFound, "id");

        for (int twice = 0; twice < 2; twice++) Assert.That((await Deleter.ExecuteAsync(anna, posted.Id, ct)).IsOk);

        Assert.That((await SeenByAsync(anna, anna), await SeenByAsync(bert, anna)), Is.EqualTo((new[] { other.Id }, new[] { other.Id })));
        Assert.That((await MayReadAsync(bert, file), await MayReadAsync(anna, file)), Is.EqualTo((false, false)));
        Assert.That((await Viewing.ExecuteAsync(bert, posted.Id, ct)).Failure?.Code, Is.EqualTo(ErrorCode.StatusNotFound));
        Assert.That(await new BlobTable(World.Source).ReadUsageAsync(anna.PrincipalId, ct), Is.Zero);
        Assert.That(World.Events.Committed.Count(e => e.Kind == EventKinds.StatusesChanged && e.SenderId == anna.PrincipalId), Is.EqualTo(3), "each once");
        FailureAssert.Failed(await Deleter.ExecuteAsync(anna, long.MaxValue, ct), ErrorCode.StatusNotFound, "id");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_over_is_gone_for_everybody_at_once_and_the_job_takes_the_rows_a_hundred_at_a_time(CancellationToken ct)
    {
        await ExecuteAsync("delete from statuses"); // those that other tests ended
        (Caller anna, Caller bert) = await FriendsAsync();
        StatusRow kept = await PostAsync(anna), over = await PostAsync(anna);
        Assert.That((await Viewing.ExecuteAsync(bert, over.Id, ct)).IsOk);
        await EndAsync(over.Id);

        Assert.That((await SeenByAsync(anna, anna), await SeenByAsync(bert, anna)), Is.EqualTo((new[] { kept.Id }, new[] { kept.Id })));
        Assert.That((await Viewing.ExecuteAsync(bert, over.Id, ct)).Failure?.Code, Is.EqualTo(ErrorCode.StatusNotFound));
        Assert.That((await Viewers.ExecuteAsync(anna, over.Id, null, null, ct)).Failure?.Code, Is.EqualTo(ErrorCode.StatusNotFound));
        Assert.That((await Deleter.ExecuteAsync(anna, over.Id, ct)).IsOk, "it is gone, as was wished");
        Assert.That(await Views.DeletePastAsync(StatusViewStore.MaxDeleted, ct), Is.Zero, "its views come first");
        await ExecuteAsync(
            """
            insert into statuses (author_id, client_status_id, kind, text, audience, created_at, expires_at)
            select $1, gen_random_uuid(), 1, 'old', 1, now() - interval '2 days', now() - interval '1 day' from generate_series(1, 150)
            """,
            anna.PrincipalId);

        int views = 0, deleted = 0;
        for (int some = 1; some > 0; deleted += some)
        {
            views += await Views.DeleteViewsAsync(1, ct);
            some = await Views.DeletePastAsync(StatusViewStore.MaxDeleted, ct);
            Assert.That(some, Is.LessThanOrEqualTo(100));
        }

        Assert.That((views, deleted), Is.EqualTo((1, 151)));
        Assert.That(await CountAsync("select count(*) from statuses where author_id = $1", anna.PrincipalId), Is.EqualTo(1));
        Assert.That(await SeenByAsync(bert, anna), Is.EqualTo(new[] { kept.Id }));
    }
}
