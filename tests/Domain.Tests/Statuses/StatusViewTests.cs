using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Statuses;

namespace Chat.Domain.Tests.Statuses;

/// <summary>R-132: who has looked at a status, who learns of it, and what is told as a hint.</summary>
public sealed class StatusViewTests : StatusFixture
{
    [Test, CancelAfter(30_000)]
    public async Task A_view_is_kept_once_and_the_author_sees_who_and_when_the_last_one_first(CancellationToken ct)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        Caller cleo = await World.PersonAsync("Cleo");
        await BefriendAsync(anna, cleo);
        StatusRow posted = await PostAsync(anna);
        foreach (Caller viewer in (Caller[])[bert, cleo, bert, anna]) Assert.That((await Viewing.ExecuteAsync(viewer, posted.Id, ct)).IsOk);

        Domain.Statuses.StatusViewerPage first = (await Viewers.ExecuteAsync(anna, posted.Id, null, 1, ct)).Value;
        Domain.Statuses.StatusViewerPage second = (await Viewers.ExecuteAsync(anna, posted.Id, first.NextCursor, 1, ct)).Value;

        Assert.That(first.Viewers.Concat(second.Viewers).Select(one => (one.ViewerId, one.Name)), Is.EqualTo(new[] { (cleo.PrincipalId, "Cleo"), (bert.PrincipalId, "Bert") }));
        Assert.That((first.Total, second.Total, second.NextCursor), Is.EqualTo((2L, 2L, (string?)null)));
        Assert.That(first.Viewers[0].ViewedAtMs, Is.GreaterThanOrEqualTo(posted.CreatedAtMs));
        Assert.That(await CountAsync("select count(*) from status_views where status_id = $1", posted.Id), Is.EqualTo(2));
        FailureAssert.Failed(await Viewers.ExecuteAsync(bert, posted.Id, null, null, ct), ErrorCode.StatusNotFound, "id");
        FailureAssert.Failed(await Viewers.ExecuteAsync(anna, posted.Id, "5", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await Viewers.ExecuteAsync(anna, posted.Id, "5.x", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await Viewers.ExecuteAsync(anna, posted.Id, $"{long.MaxValue}.1", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await Viewers.ExecuteAsync(anna, posted.Id, null, 0, ct), ErrorCode.InvalidArgument, "limit");
    }

    [Test, CancelAfter(30_000), Property("Requirement", "R-110")]
    public async Task Without_read_receipts_one_is_not_among_the_viewers_and_sees_none(CancellationToken ct)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        Caller cleo = await World.PersonAsync("Cleo");
        await BefriendAsync(anna, cleo);
        StatusRow posted = await PostAsync(anna);
        await HideReceiptsAsync(bert, hide: true);
        foreach (Caller viewer in (Caller[])[bert, cleo]) await Viewing.ExecuteAsync(viewer, posted.Id, ct);
        async Task<long[]> ShownAsync()
        {
            Domain.Statuses.StatusViewerPage page = (await Viewers.ExecuteAsync(anna, posted.Id, null, null, ct)).Value;
            Assert.That(page.Total, Is.EqualTo(page.Viewers.Count));
            return [.. page.Viewers.Select(one => one.ViewerId)];
        }

        Assert.That(await ShownAsync(), Is.EqualTo(new[] { cleo.PrincipalId }));
        Assert.That((await Lists.ListOfAsync(bert, anna.PrincipalId, null, null, ct)).Value.Statuses.Single().IsSeen, "he himself knows");
        await HideReceiptsAsync(bert, hide: false);
        Assert.That(await ShownAsync(), Is.EqualTo(new[] { cleo.PrincipalId }), "what was hidden then stays so");
        await HideReceiptsAsync(cleo, hide: true);
        Assert.That(await ShownAsync(), Is.Empty, "what she hides now is hidden, also of before");
        await HideReceiptsAsync(cleo, hide: false);
        await HideReceiptsAsync(anna, hide: true);
        Assert.That(await ShownAsync(), Is.Empty, "nor does who hides see");
        await HideReceiptsAsync(anna, hide: false);
        Assert.That(await ShownAsync(), Is.EqualTo(new[] { cleo.PrincipalId }));
        await BlockAsync(cleo, anna);
        Assert.That(await ShownAsync(), Is.Empty, "blocked");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_first_view_is_told_to_the_authors_devices_and_the_viewers_and_a_hidden_one_to_the_viewers_alone(CancellationToken ct)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        Caller cleo = await World.PersonAsync("Cleo");
        await BefriendAsync(anna, cleo);
        await HideReceiptsAsync(cleo, hide: true);
        StatusRow posted = await PostAsync(anna);
        (long annas, long berts, long cleos) = (await InboxAsync(anna), await InboxAsync(bert), await InboxAsync(cleo));

        foreach (Caller viewer in (Caller[])[bert, bert, cleo, anna]) await Viewing.ExecuteAsync(viewer, posted.Id, ct);

        var told = Hints().Where(hint => hint.Event.Kind == EventKind.StatusViewed && hint.Event.ReplyTo == posted.Id)
            .Select(hint => (hint.ChatId, hint.Event.ChatId, hint.Event.Sequence, hint.Event.SenderId, hint.Event.SubjectId));
        Assert.That(told, Is.EquivalentTo(new[]
        {
            (berts, berts, 0L, bert.PrincipalId, (long?)anna.PrincipalId),
            (annas, annas, 0L, bert.PrincipalId, (long?)anna.PrincipalId),
            (cleos, cleos, 0L, cleo.PrincipalId, (long?)anna.PrincipalId),
        }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Whom_a_status_is_for_is_told_that_it_came_and_that_it_went_and_nobody_else(CancellationToken ct)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        Caller cleo = await World.PersonAsync("Cleo"), dora = await World.PersonAsync("Dora");
        await BefriendAsync(anna, cleo);
        await BefriendAsync(anna, dora);
        await BlockAsync(dora, anna);
        await Privacy.SetAsync(anna, Domain.Statuses.StatusAudience.ContactsExcept, [cleo.PrincipalId], ct);
        List<(long, long)> Told() => [.. Hints().Where(hint => hint.Event.SubjectId == anna.PrincipalId).Select(hint => (hint.ChatId, hint.Event.Sequence))];

        StatusRow posted = await PostAsync(anna);
        await Announcer.Telling;
        Assert.That(Told(), Is.EqualTo(new[] { (await InboxAsync(bert), 0L) }));
        await Deleter.ExecuteAsync(anna, posted.Id, ct);
        await Announcer.Telling;

        Assert.That(Told(), Is.EqualTo(Enumerable.Repeat((await InboxAsync(bert), 0L), 2)));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_view_and_a_deletion_or_the_end_at_once_leave_nothing_that_shows(CancellationToken ct)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        for (int round = 0; round < 30; round++)
        {
            StatusRow posted = await PostAsync(anna);
            if (round % 2 == 1) await EndAsync(posted.Id);
            Task<Result<Done>> viewed = Task.Run(() => Viewing.ExecuteAsync(bert, posted.Id, ct), ct);
            Task gone = round % 2 == 1
                ? Task.Run(() => Views.DeletePastAsync(StatusViewStore.MaxDeleted, ct), ct)
                : Task.Run(() => Deleter.ExecuteAsync(anna, posted.Id, ct), ct);
            await Task.WhenAll(viewed, gone);

            Result<Done> outcome = await viewed;
            Assert.That(outcome.IsOk || outcome.Failure.Code == ErrorCode.StatusNotFound, $"round {round}");
            Assert.That((await Viewing.ExecuteAsync(bert, posted.Id, ct)).Failure?.Code, Is.EqualTo(ErrorCode.StatusNotFound));
            Assert.That(await SeenByAsync(bert, anna), Is.Empty);
        }

        await ExecuteAsync("update statuses set expires_at = now() - interval '1 second' where author_id = $1", anna.PrincipalId);
        await Views.DeleteViewsAsync(1_000, ct);
        await Views.DeletePastAsync(StatusViewStore.MaxDeleted, ct);
        Assert.That(await CountAsync("select count(*) from statuses where author_id = $1", anna.PrincipalId), Is.Zero);
        Assert.That(await CountAsync("select count(*) from status_views where viewer_id = $1", bert.PrincipalId), Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task Views_of_many_devices_at_once_are_one_row(CancellationToken ct)
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        StatusRow posted = await PostAsync(anna);

        Result<Done>[] viewed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Viewing.ExecuteAsync(bert, posted.Id, ct), ct)));

        Assert.That(viewed.All(one => one.IsOk));
        Assert.That(await CountAsync("select count(*) from status_views where status_id = $1", posted.Id), Is.EqualTo(1));
        Assert.That(Hints().Count(hint => hint.Event.Kind == EventKind.StatusViewed && hint.Event.ReplyTo == posted.Id), Is.EqualTo(2), "told once to each of the two");
    }

    private Task<long> InboxAsync(Caller caller) => CountAsync("select inbox_chat_id from principals where id = $1", caller.PrincipalId);
}
