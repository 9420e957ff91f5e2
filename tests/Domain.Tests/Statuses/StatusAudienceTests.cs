using System.Diagnostics;
using Chat.Domain.Statuses;
using Chat.Protocol.Codes;
using Chat.Storage.Statuses;

namespace Chat.Domain.Tests.Statuses;

/// <summary>R-045, protocol-spec.md §8.11: who sees a status, by contacts, blocks and the privacy of its posting, on every way to it.</summary>
public sealed class StatusAudienceTests : StatusFixture
{
    [TestCase(true, true, false, false, ExpectedResult = true)]
    [TestCase(true, false, false, false, ExpectedResult = false)]
    [TestCase(false, true, false, false, ExpectedResult = false)]
    [TestCase(false, false, false, false, ExpectedResult = false)]
    [TestCase(true, true, true, false, ExpectedResult = false)]
    [TestCase(true, true, false, true, ExpectedResult = false)]
    [CancelAfter(30_000)]
    public async Task<bool> They_keep_each_other_and_neither_blocks(bool authorKeeps, bool viewerKeeps, bool authorBlocks, bool viewerBlocks)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        string file = await FileAsync(anna);
        StatusRow posted = await PostAsync(anna, Image(file));
        if (authorKeeps) await KeepAsync(anna, bert);
        if (viewerKeeps) await KeepAsync(bert, anna);
        if (authorBlocks) await BlockAsync(anna, bert);
        if (viewerBlocks) await BlockAsync(bert, anna);

        return await SeesAsync(bert, anna, posted, file);
    }

    [TestCase(StatusAudience.Contacts, false, ExpectedResult = true)]
    [TestCase(StatusAudience.ContactsExcept, false, ExpectedResult = true)]
    [TestCase(StatusAudience.ContactsExcept, true, ExpectedResult = false)]
    [TestCase(StatusAudience.Only, false, ExpectedResult = false)]
    [TestCase(StatusAudience.Only, true, ExpectedResult = true)]
    [CancelAfter(30_000)]
    public async Task<bool> The_audience_is_that_of_the_posting(StatusAudience audience, bool isListed)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        Caller cleo = await World.PersonAsync("Cleo");
        long[]? people = audience == StatusAudience.Contacts ? null : [cleo.PrincipalId, .. isListed ? [bert.PrincipalId] : Array.Empty<long>()];
        Assert.That((await Privacy.SetAsync(anna, audience, people, default)).IsOk);
        string file = await FileAsync(anna);
        StatusRow posted = await PostAsync(anna, Image(file));

        bool before = await SeesAsync(bert, anna, posted, file);
        Assert.That((await Privacy.SetAsync(anna, StatusAudience.Only, before ? [cleo.PrincipalId] : [bert.PrincipalId], default)).IsOk);

        Assert.That(await SeesAsync(anna, anna, posted, file), "her own");
        Assert.That(await SeesAsync(cleo, anna, posted, file), Is.False, "who is named is no contact");
        bool after = await SeesAsync(bert, anna, posted, file);
        Assert.That(after, Is.EqualTo(before), "what is posted stays as it is");
        return after;
    }

    [Test, CancelAfter(30_000)]
    public async Task A_removal_from_contacts_or_a_block_hides_what_was_posted_before_and_its_end_shows_it_again()
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        string file = await FileAsync(anna);
        StatusRow posted = await PostAsync(anna, Image(file));
        (string What, Func<Task> Hide, Func<Task> Show)[] ways =
        [
            ("the author forgets", () => ForgetAsync(anna, bert), () => KeepAsync(anna, bert)),
            ("the viewer forgets", () => ForgetAsync(bert, anna), () => KeepAsync(bert, anna)),
            ("the author blocks", () => BlockAsync(anna, bert), () => UnblockAsync(anna, bert)),
            ("the viewer blocks", () => BlockAsync(bert, anna), () => UnblockAsync(bert, anna)),
        ];

        foreach ((string what, Func<Task> hide, Func<Task> show) in ways)
        {
            await hide();
            Assert.That(await SeesAsync(bert, anna, posted, file), Is.False, what);
            await show();
            Assert.That(await SeesAsync(bert, anna, posted, file), what);
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task Privacy_is_kept_as_it_was_set_and_wrong_ones_are_refused(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync();
        Assert.That((await Privacy.GetAsync(anna, ct)).Value.Audience, Is.EqualTo(StatusAudiences.Contacts));
        int Told() => World.Events.Committed.Count(e => e.Kind == Storage.EventKinds.StatusesChanged && e.SenderId == anna.PrincipalId);

        for (int twice = 0; twice < 2; twice++)
            Assert.That((await Privacy.SetAsync(anna, StatusAudience.ContactsExcept, [9, 4, 9], ct)).Value.Listed, Is.EqualTo(new[] { 4L, 9 }));

        StatusPrivacyRow kept = (await Privacy.GetAsync(anna, ct)).Value;
        Assert.That((kept.Audience, kept.Listed.Length, Told()), Is.EqualTo((StatusAudiences.ContactsExcept, 2, 1)), "told once");
        FailureAssert.Failed(await Privacy.SetAsync(anna, StatusAudience.None, null, ct), ErrorCode.InvalidArgument, "audience");
        FailureAssert.Failed(await Privacy.SetAsync(anna, StatusAudience.Contacts, [4], ct), ErrorCode.InvalidArgument, "people");
        FailureAssert.Failed(await Privacy.SetAsync(anna, StatusAudience.Only, [], ct), ErrorCode.InvalidArgument, "people");
        FailureAssert.Failed(await Privacy.SetAsync(anna, StatusAudience.Only, [0], ct), ErrorCode.InvalidArgument, "people");
        FailureAssert.Failed(
            await Privacy.SetAsync(anna, StatusAudience.Only, [.. Enumerable.Range(1, 1_001).Select(id => (long)id)], ct), ErrorCode.InvalidArgument, "people");
        Assert.That((await Privacy.SetAsync(anna, StatusAudience.Only, [.. Enumerable.Range(1, 1_000).Select(id => (long)id)], ct)).IsOk);
        Assert.That((await Privacy.SetAsync(anna, StatusAudience.Contacts, null, ct)).IsOk);
        Assert.That((await Privacy.GetAsync(anna, ct)).Value.Listed, Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task The_feed_has_the_newest_first_page_after_page_with_what_is_not_seen_and_not_oneself(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        List<Caller> others = [];
        for (int i = 0; i < 5; i++)
        {
            Caller other = await World.PersonAsync($"Other{i}");
            await BefriendAsync(anna, other);
            others.Add(other);
            await PostAsync(other);
        }

        await PostAsync(anna);
        StatusRow seen = await PostAsync(others[1]);
        await Viewing.ExecuteAsync(anna, seen.Id, ct);
        await World.Contacts.PutAsync(anna.PrincipalId, others[1].PrincipalId, ("My friend", false), 10_000, ct);

        List<StatusAuthorRow> all = [];
        string? cursor = null;
        do
        {
            StatusAuthorPage page = (await Lists.ListAuthorsAsync(anna, cursor, 2, ct)).Value;
            all.AddRange(page.Authors);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.That(
            all.Select(one => one.AuthorId), Is.EqualTo(new[] { others[1], others[4], others[3], others[2], others[0] }.Select(one => one.PrincipalId)));
        Assert.That((all[0].Name, all[0].OwnName, all[0].Total, all[0].Unseen, all[0].NewestId), Is.EqualTo(("Other1", "My friend", 2L, 1L, seen.Id)));
        Assert.That(all.Skip(1).Select(one => (one.Total, one.Unseen)), Is.All.EqualTo((1L, 1L)));
        FailureAssert.Failed(await Lists.ListAuthorsAsync(anna, "x", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await Lists.ListAuthorsAsync(anna, null, 101, ct), ErrorCode.InvalidArgument, "limit");
        FailureAssert.Failed(await Lists.ListOfAsync(anna, 1, "-1", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await Lists.ListOfAsync(anna, 1, null, 0, ct), ErrorCode.InvalidArgument, "limit");
    }

    [Test, CancelAfter(30_000)]
    public async Task What_one_person_shows_comes_in_the_order_of_posting_page_after_page(CancellationToken ct)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        List<long> posted = [];
        for (int i = 0; i < 5; i++) posted.Add((await PostAsync(anna)).Id);
        await Viewing.ExecuteAsync(bert, posted[2], ct);

        List<StatusRow> all = [];
        string? cursor = null;
        do
        {
            StatusPage page = (await Lists.ListOfAsync(bert, anna.PrincipalId, cursor, 2, ct)).Value;
            all.AddRange(page.Statuses);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.That(all.Select(one => one.Id), Is.EqualTo(posted));
        Assert.That(all.Select(one => one.IsSeen), Is.EqualTo(new[] { false, false, true, false, false }));
    }

    [Test, CancelAfter(120_000)]
    public async Task Five_thousand_contacts_cost_the_author_one_event_and_every_reader_one_quick_look(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        await BefriendAsync(anna, bert);
        await ExecuteAsync(
            """
            with made as (
                insert into principals (kind, name, inbox_chat_id) select 1, 'Contact', c.id from (
                    select nextval(pg_get_serial_sequence('chats', 'id')) as id from generate_series(1, 5000)) c returning id, inbox_chat_id
            ), inboxes as (
                insert into chats (id, kind) overriding system value select inbox_chat_id, 5 from made
            ), hers as (
                insert into contacts (principal_id, contact_id) select p.id, made.id from made cross join (values ($1::bigint), ($2::bigint)) p (id)
            )
            insert into contacts (principal_id, contact_id) select made.id, p.id from made cross join (values ($1::bigint), ($2::bigint)) p (id)
            """,
            anna.PrincipalId, bert.PrincipalId);
        await ExecuteAsync(
            """
            insert into statuses (author_id, client_status_id, kind, text, audience, created_at, expires_at)
            select k.contact_id, gen_random_uuid(), 1, 'x', 1, now(), now() + interval '1 day' from contacts k, generate_series(1, 3)
            where k.principal_id = $1
            """,
            bert.PrincipalId);
        await ExecuteAsync("analyze contacts, principals, statuses, status_views");
        int committed = World.Events.Committed.Count;

        long postedAt = Stopwatch.GetTimestamp();
        StatusRow posted = await PostAsync(anna);
        TimeSpan posting = Stopwatch.GetElapsedTime(postedAt);

        Assert.That(World.Events.Committed, Has.Count.EqualTo(committed + 1), "nobody else's log is written to");
        await Announcer.Telling;
        Assert.That(
            Hints().Count(hint => hint.Event.Kind == EventKind.StatusesChanged && hint.Event.SenderId == anna.PrincipalId), Is.EqualTo(5_001));
        long listedAt = Stopwatch.GetTimestamp();
        StatusAuthorPage feed = (await Lists.ListAuthorsAsync(bert, null, 100, ct)).Value;
        TimeSpan listing = Stopwatch.GetElapsedTime(listedAt);
        Assert.That(feed.Authors, Has.Count.EqualTo(100));
        Assert.That(feed.Authors[0].NewestId, Is.EqualTo(posted.Id));
        TestContext.Out.WriteLine($"posting {posting.TotalMilliseconds:0} ms, a feed of 5,000 authors {listing.TotalMilliseconds:0} ms");

        // The last page but one is as the first: no author twice, none left out.
        HashSet<long> authors = [.. feed.Authors.Select(one => one.AuthorId)];
        for (string? cursor = feed.NextCursor; cursor is not null;)
        {
            StatusAuthorPage page = (await Lists.ListAuthorsAsync(bert, cursor, 100, ct)).Value;
            foreach (StatusAuthorRow one in page.Authors) Assert.That(authors.Add(one.AuthorId));
            cursor = page.NextCursor;
        }

        Assert.That(authors, Has.Count.EqualTo(5_001));
    }

    /// <summary>By every way that there is; all say the same.</summary>
    private async Task<bool> SeesAsync(Caller viewer, Caller author, StatusRow status, string file)
    {
        bool listed = (await SeenByAsync(viewer, author)).Contains(status.Id);
        bool viewed = (await Viewing.ExecuteAsync(viewer, status.Id, default)).IsOk;
        bool read = await MayReadAsync(viewer, file);
        Assert.That((viewed, read), Is.EqualTo((listed, listed)), "all ways agree");
        if (viewer != author)
        {
            bool fed = (await Lists.ListAuthorsAsync(viewer, null, null, default)).Value.Authors.Any(one => one.AuthorId == author.PrincipalId);
            bool told = (await Reads.ListAudienceAsync(author.PrincipalId, [status.Id], 0, 100, default)).Any(one => one.IsFor && one.PrincipalId == viewer.PrincipalId);
            Assert.That((fed, told), Is.EqualTo((listed, listed)), "all ways agree");
        }

        return listed;
    }
}
