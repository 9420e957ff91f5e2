using Chat.Domain.Calls;
using Chat.Domain.Chats;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Domain.Scheduled;
using Chat.Domain.Search;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Calls;
using Chat.Storage.Chats;
using Chat.Storage.Media;
using Chat.Storage.Messages;
using Chat.Storage.Scheduled;
using Chat.Storage.Search;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Chats;

/// <summary>Deleting a group or channel for everyone, protocol-spec.md §8.20.</summary>
public sealed class DeleteChatTests : WorldFixture
{
    private const long Bytes = 9;

    private DeleteChat Deletion => new(new ChatDeletionStore(World.Source, World.Events), World.Limits);

    private ChatPurgeStore Purge => new(World.Source);

    private ChannelStore Channels => new(World.Source, World.Events);

    private InviteStore InviteRows => new(World.Source, World.Events);

    private JoinChat Join => new(InviteRows, Channels, World.GetChat, World.Limits);

    private OwnSettingsStore Own => new(World.Source, World.Events);

    [Test, CancelAfter(60_000)]
    public async Task An_admin_deletes_it_and_all_hear_of_it_in_its_log_and_in_their_inboxes(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cem, long group) = await GroupAsync();
        await World.RemoveMember.ExecuteAsync(anna, group, cem.PrincipalId, ct);
        long last = await World.SendAsync(bert, group, "the last word");

        Assert.That((await Deletion.ExecuteAsync(anna, group, ct)).Failure, Is.Null);

        EventRow end = World.Events.Committed.Last(row => row.ChatId == group);
        Assert.That((end.Kind, end.SenderId, end.Sequence), Is.EqualTo((EventKinds.ChatDeleted, anna.PrincipalId, last + 1)));
        foreach (Caller member in (Caller[])[anna, bert])
        {
            EventRow told = (await ToldAsync(member, ct)).Last(row => row.SubjectId == group);
            Assert.That((told.Kind, told.SenderId, told.Text), Is.EqualTo((EventKinds.ChatRemoved, anna.PrincipalId, "deleted")));
            Assert.That((await World.ListChats.ExecuteAsync(member, null, null, ct)).Value.Chats, Is.Empty);
        }

        Assert.That((await ToldAsync(cem, ct)).Count(row => row.Kind == EventKinds.ChatRemoved), Is.EqualTo(1), "he had left before");
    }

    [Test, CancelAfter(60_000)]
    public async Task Only_an_admin_may_and_who_is_not_in_it_learns_nothing(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cem, long group) = await GroupAsync();
        Caller stranger = await World.PersonAsync("Dora");
        await World.RemoveMember.ExecuteAsync(anna, group, cem.PrincipalId, ct);

        FailureAssert.Failed(await Deletion.ExecuteAsync(bert, group, ct), ErrorCode.NotAllowed, "chat_id");
        foreach (Caller outside in (Caller[])[cem, stranger])
            FailureAssert.Failed(await Deletion.ExecuteAsync(outside, group, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Deletion.ExecuteAsync(anna, 999_999_999, ct), ErrorCode.ChatNotFound, "chat_id");
        Assert.That((await World.GetChat.ExecuteAsync(bert, group, ct)).IsOk, "it is all there");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_direct_chat_and_an_inbox_are_nobodys_to_delete_for_the_other(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long direct = await World.DirectChatAsync(anna, bert);

        FailureAssert.Failed(await Deletion.ExecuteAsync(anna, direct, ct), ErrorCode.NotDeletable, "chat_id");
        FailureAssert.Failed(await Deletion.ExecuteAsync(anna, await InboxAsync(anna, ct), ct), ErrorCode.NotDeletable, "chat_id");
        Assert.That((await Deletion.ExecuteAsync(anna, direct, ct)).Failure!.Message, Does.Contain("clear its history").And.Contain("archive"));
        Assert.That((await World.GetChat.ExecuteAsync(bert, direct, ct)).IsOk);
    }

    [Test, CancelAfter(60_000)]
    public async Task Asked_again_any_of_its_admins_is_answered_as_the_first_time_and_nothing_comes_twice(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cem, long group) = await GroupAsync();
        await new SetMemberRole(World.Memberships).ExecuteAsync(anna, group, bert.PrincipalId, MemberRole.Admin, ct);
        Result<Done>[] both = await Task.WhenAll(Deletion.ExecuteAsync(anna, group, ct), Deletion.ExecuteAsync(bert, group, ct));

        Assert.That(both.Select(result => result.Failure), Is.All.Null);
        Assert.That((await Deletion.ExecuteAsync(anna, group, ct)).Failure, Is.Null);
        FailureAssert.Failed(await Deletion.ExecuteAsync(cem, group, ct), ErrorCode.ChatNotFound, "chat_id");
        Assert.That(World.Events.Committed.Count(row => row.ChatId == group && row.Kind == EventKinds.ChatDeleted), Is.EqualTo(1));
        Assert.That((await ToldAsync(cem, ct)).Count(row => row.Kind == EventKinds.ChatRemoved), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task Nothing_of_it_is_read_written_or_changed_by_anybody_any_more(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long group) = await GroupAsync();
        long message = await World.SendAsync(bert, group, "harbour");
        StarStore stars = new(World.Source, World.Events);
        await stars.SetAsync(bert.PrincipalId, group, message, starred: true, ct);
        await World.Pin.ExecuteAsync(anna, group, Guid.NewGuid(), message, pinned: true, ct);
        Assert.That(await stars.ListAsync(bert.PrincipalId, null, 10, ct), Has.Count.EqualTo(1));

        await Deletion.ExecuteAsync(anna, group, ct);

        foreach (Caller person in (Caller[])[anna, bert])
        {
            FailureAssert.Failed(await World.GetChat.ExecuteAsync(person, group, ct), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(await World.ReadHistory.ExecuteAsync(person, group, null, null, null, ct), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(await World.ListMembers.ExecuteAsync(person, group, null, null, ct), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(await World.ListPinned.ExecuteAsync(person, group, ct), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(await World.MarkRead.ExecuteAsync(person, group, message), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(
                await World.Send.ExecuteAsync(person, new SendMessageInput(group, Guid.NewGuid(), "still here?", null)), ErrorCode.ChatDeleted, "chat_id");
            FailureAssert.Failed(await World.React.ExecuteAsync(person, group, Guid.NewGuid(), message, "👍", ct), ErrorCode.ChatDeleted, "chat_id");
            FailureAssert.Failed(await World.Update.ExecuteAsync(person, group, new ChatDetailsChange { Name = "New" }, ct), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(await World.AddMembers.ExecuteAsync(person, group, [bert.PrincipalId], ct), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(await new SetDraft(Own, World.Limits).ExecuteAsync(person, group, "Dear", null, ct), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(await new ClearHistory(Own, World.Limits).ExecuteAsync(person, group, null, ct), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(await new ListMedia(new GalleryStore(World.Source), World.Limits).ExecuteAsync(person, group, null, null, null, ct), ErrorCode.ChatNotFound, "chat_id");
            Assert.That(await stars.ListAsync(person.PrincipalId, null, 10, ct), Is.Empty);
            FailureAssert.Failed(
                await new StartCall(new CallStore(World.Source, World.Events), new CallReader(World.Source), new CallOptions(), World.Limits)
                    .ExecuteAsync(person, group, CallKinds.Voice, Guid.NewGuid(), ct),
                ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(
                await new ScheduleMessage(new ScheduledStore(World.Source, World.Events), World.Send, World.Limits, new MediaOptions()).ExecuteAsync(
                    person, new SendMessageInput(group, Guid.NewGuid(), "later", null), TimeProvider.System.GetUtcNow().AddHours(1), ct),
                ErrorCode.ChatDeleted, "chat_id");
            NewBlob file = new(Guid.NewGuid(), person.PrincipalId, group, (short)BlobPurpose.Media, ForChange: false, "a", Bytes, Guid.NewGuid());
            Assert.That(await new BlobTable(World.Source).ReserveAsync(file, TimeSpan.FromDays(1), long.MaxValue, ct), Is.EqualTo(ReserveStatus.ChatNotFound));
        }
    }

    [Test, CancelAfter(60_000), Property("Promise", "P4")]
    public async Task What_was_acked_before_stays_acked_however_often_it_is_asked(CancellationToken ct)
    {
        (Caller anna, _, _, long group) = await GroupAsync();
        SendMessageInput input = new(group, Guid.NewGuid(), "hello", null);
        SentMessage sent = (await World.Send.ExecuteAsync(anna, input)).Value;

        await Deletion.ExecuteAsync(anna, group, ct);

        Assert.That((await World.Send.ExecuteAsync(anna, input)).Value, Is.EqualTo(sent));
    }

    [Test, CancelAfter(60_000)]
    public async Task Of_those_who_write_while_it_is_deleted_each_is_before_the_end_or_refused(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cem, long group) = await GroupAsync();
        TaskCompletionSource begun = new();
        Task<List<Result<SentMessage>>>[] writing = [.. new[] { anna, bert, cem }.Select(writer => Task.Run(async () =>
        {
            List<Result<SentMessage>> outcomes = [];
            do
            {
                outcomes.Add(await World.Send.ExecuteAsync(writer, new SendMessageInput(group, Guid.NewGuid(), "now", null)));
                if (outcomes.Count == 20) begun.TrySetResult();
            }
            while (outcomes[^1].IsOk);
            return outcomes;
        }, ct))];
        await begun.Task.WaitAsync(ct);

        await Deletion.ExecuteAsync(anna, group, ct);
        List<Result<SentMessage>>[] all = await Task.WhenAll(writing);

        long end = World.Events.Committed.Single(row => row.ChatId == group && row.Kind == EventKinds.ChatDeleted).Sequence;
        foreach (List<Result<SentMessage>> outcomes in all)
        {
            Assert.That(outcomes[..^1].Select(outcome => outcome.Value.Sequence), Is.All.LessThan(end));
            Assert.That(outcomes[^1].Failure!.Code, Is.EqualTo(ErrorCode.ChatDeleted));
        }

        Assert.That(await CountAsync("select head_sequence from chats where id = $1", group, ct), Is.EqualTo(end), "nothing came behind it");
    }

    [Test, CancelAfter(60_000)]
    public async Task Of_those_who_come_while_it_is_deleted_nobody_is_left_in_it(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        List<Caller> people = [];
        for (int i = 0; i < 8; i++) people.Add(await World.PersonAsync($"P{i}"));
        for (int round = 0; round < 10; round++)
        {
            long channel = (await Channels.CreateAsync(anna.PrincipalId, new NewChannel("News", null, null, $"rush_{round}"), ct)).ChatId;
            Task<Result<ChatRow>>[] coming = [.. people.Select(person => Join.SubscribeAsync(person, $"rush_{round}", ct))];
            Assert.That((await Deletion.ExecuteAsync(anna, channel, ct)).Failure, Is.Null);
            Result<ChatRow>[] came = await Task.WhenAll(coming);

            Assert.That(came.Where(result => !result.IsOk).Select(result => result.Failure!.Code),
                Is.All.EqualTo(ErrorCode.InviteNotFound).Or.EqualTo(ErrorCode.ChatNotFound));
            Assert.That(await CountAsync("select count(*) from members where chat_id = $1", channel, ct), Is.Zero);
            foreach (Caller person in people)
                Assert.That((await ToldAsync(person, ct)).LastOrDefault(row => row.SubjectId == channel)?.Kind, Is.Null.Or.EqualTo(EventKinds.ChatRemoved));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Nobody_comes_by_a_link_or_a_public_name_which_is_free_again_at_once(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long channel = (await Channels.CreateAsync(anna.PrincipalId, new NewChannel("News", null, null, "harbour_gone"), ct)).ChatId;
        InviteRow link = (await new Invites(InviteRows, World.Limits, World.Time).CreateAsync(anna, channel, null, null, ct)).Value;

        await Deletion.ExecuteAsync(anna, channel, ct);

        FailureAssert.Failed(await Join.SubscribeAsync(bert, "harbour_gone", ct), ErrorCode.InviteNotFound);
        FailureAssert.Failed(await Join.JoinAsync(bert, link.Code, ct), ErrorCode.InviteExpired);
        FailureAssert.Failed(await Join.PreviewAsync(bert, link.Code, ct), ErrorCode.InviteExpired);
        MembershipOutcome another = await Channels.CreateAsync(bert.PrincipalId, new NewChannel("Other news", null, null, "harbour_gone"), ct);
        Assert.That(another.Status, Is.EqualTo(MembershipStatus.Done));
        Assert.That((await Join.SubscribeAsync(anna, "harbour_gone", ct)).Value.ChatId, Is.EqualTo(another.ChatId));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_live_call_ends_before_the_chat_does(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cem, long group) = await GroupAsync();
        Caller dora = await World.PersonAsync("Dora");
        await World.AddMembers.ExecuteAsync(anna, group, [dora.PrincipalId], ct);
        CallStore store = new(World.Source, World.Events);
        ChangeCall change = new(store, new CallReader(World.Source), new CallOptions(), World.Limits);
        CallRow call = (await new StartCall(store, new CallReader(World.Source), new CallOptions(), World.Limits)
            .ExecuteAsync(anna, group, CallKinds.Voice, Guid.NewGuid(), ct)).Value;
        await change.AnswerAsync(bert, call.Id, Guid.NewGuid(), ct);
        CallReader reader = new(World.Source);
        await change.AnswerAsync(dora, call.Id, Guid.NewGuid(), ct);
        await World.RemoveMember.ExecuteAsync(anna, group, dora.PrincipalId, ct);
        CallRow asDora = (await reader.FindAsync(call.Id, dora.PrincipalId, ct))!;
        Assert.That(asDora.GoneAtMs, Is.Not.Null);

        Assert.That((await Deletion.ExecuteAsync(anna, group, ct)).Failure, Is.Null);

        Assert.That(World.Events.Committed.Where(row => row.ChatId == group).TakeLast(2).Select(row => row.Kind),
            Is.EqualTo(new[] { EventKinds.Call, EventKinds.ChatDeleted }));
        Assert.That(await CountAsync("select count(*) from calls where chat_id = $1 and status <= 2", group, ct), Is.Zero);
        foreach ((Caller person, string word) in ((Caller, string)[])[(anna, "ended"), (bert, "ended"), (cem, "missed")])
            Assert.That((await ToldAsync(person, ct)).Last(row => row.Kind == EventKinds.CallEnded).Text, Is.EqualTo(word));
        Assert.That((await change.AnswerAsync(cem, call.Id, Guid.NewGuid(), ct)).Failure, Is.Not.Null);
        Assert.That((await new ListCalls(new CallReader(World.Source), World.Limits, World.Time).ExecuteAsync(bert, null, null, null, ct)).Value.Calls,
            Has.Count.EqualTo(1), "it was his call, too");

        // Who was there to the end sees it as it was.
        CallRow asAnna = (await reader.FindAsync(call.Id, anna.PrincipalId, ct))!;
        Assert.That((asAnna.Status, asAnna.Reason, asAnna.GoneAtMs), Is.EqualTo((CallStatuses.Ended, (short?)CallReasons.HungUp, (long?)null)));
        Assert.That((asAnna.AnsweredAtMs, asAnna.EndedAtMs), Is.EqualTo((
            (long?)await CountAsync("select floor(extract(epoch from answered_at) * 1000)::bigint from calls where id = $1", call.Id, ct),
            (long?)await CountAsync("select floor(extract(epoch from ended_at) * 1000)::bigint from calls where id = $1", call.Id, ct))));
        Assert.That(asAnna.Seats.Select(seat => (seat.PrincipalId, seat.State)), Is.EquivalentTo(new[]
        {
            (anna.PrincipalId, SeatStates.Left), (bert.PrincipalId, SeatStates.Left), (cem.PrincipalId, SeatStates.Missed), (dora.PrincipalId, SeatStates.Left),
        }));
        CallRow asCem = (await reader.FindAsync(call.Id, cem.PrincipalId, ct))!;
        Assert.That((asCem.Status, asCem.Reason, asCem.EndedAtMs, asCem.Seats.Count), Is.EqualTo((asAnna.Status, asAnna.Reason, asAnna.EndedAtMs, 4)));

        // And who had left before sees it up to then, as before.
        CallRow stillDora = (await reader.FindAsync(call.Id, dora.PrincipalId, ct))!;
        Assert.That(stillDora.GoneAtMs, Is.EqualTo(asDora.GoneAtMs));
        Assert.That((stillDora.Status, stillDora.Reason, stillDora.EndedAtMs), Is.EqualTo((asDora.Status, asDora.Reason, asDora.EndedAtMs)));
        Assert.That(stillDora.Seats.Select(seat => seat with { LeftAtMs = null }), Is.EquivalentTo(asDora.Seats.Select(seat => seat with { LeftAtMs = null })));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_was_to_be_sent_there_fails_with_the_reason_and_drafts_are_gone(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long group) = await GroupAsync();
        ScheduledStore store = new(World.Source, World.Events);
        ScheduledMessage waiting = (await new ScheduleMessage(store, World.Send, World.Limits, new MediaOptions()).ExecuteAsync(
            bert, new SendMessageInput(group, Guid.NewGuid(), "later", null), TimeProvider.System.GetUtcNow().AddHours(1), ct)).Value;
        await new SetDraft(Own, World.Limits).ExecuteAsync(bert, group, "Dear all", null, ct);

        await Deletion.ExecuteAsync(anna, group, ct);

        ScheduledRow failed = (await store.FindAsync(bert.PrincipalId, waiting.Id, ct))!;
        Assert.That((failed.State, failed.Reason), Is.EqualTo((ScheduledStates.Failed, (short?)(short)ErrorCode.ChatDeleted)));
        Assert.That((await ToldAsync(bert, ct)).TakeLast(2).Select(row => row.Kind), Is.EqualTo(new[] { EventKinds.ScheduledChanged, EventKinds.ChatRemoved }));
        Assert.That(await CountAsync("select count(*) from drafts where chat_id = $1", group, ct), Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task What_who_had_left_before_keeps_of_it_ends_as_that_of_the_others_and_they_are_not_told_of_the_chat(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long group) = await GroupAsync();
        ScheduledStore store = new(World.Source, World.Events);
        ScheduledMessage waiting = (await new ScheduleMessage(store, World.Send, World.Limits, new MediaOptions()).ExecuteAsync(
            bert, new SendMessageInput(group, Guid.NewGuid(), "later", null), TimeProvider.System.GetUtcNow().AddHours(1), ct)).Value;
        long message = await World.SendAsync(bert, group, "harbour");
        foreach (Caller person in (Caller[])[anna, bert])
            await new StarStore(World.Source, World.Events).SetAsync(person.PrincipalId, group, message, starred: true, ct);
        await World.RemoveMember.ExecuteAsync(anna, group, bert.PrincipalId, ct);

        await Deletion.ExecuteAsync(anna, group, ct);

        ScheduledRow failed = (await store.FindAsync(bert.PrincipalId, waiting.Id, ct))!;
        Assert.That((failed.State, failed.Reason), Is.EqualTo((ScheduledStates.Failed, (short?)(short)ErrorCode.ChatDeleted)));
        Assert.That(await CountAsync("select count(*) from starred_messages where chat_id = $1", group, ct), Is.Zero, "older nodes list them without asking for members");
        Assert.That((await ToldAsync(bert, ct)).Count(row => row.Kind == EventKinds.ChatRemoved), Is.EqualTo(1));
        Assert.That(await CountAsync("select count(*) from chat_farewells where chat_id = $1 and not is_told", group, ct), Is.Zero);
    }

    /// <summary>It is deleted, whatever becomes of those who are to be told: the job tells them.</summary>
    [Test, CancelAfter(60_000)]
    public async Task A_fault_behind_the_deletion_is_no_failure_of_it(CancellationToken ct)
    {
        (Caller anna, _, _, long group) = await GroupAsync();
        await ExecuteAsync(
            """
            create function is_down() returns trigger language plpgsql as $$
            begin
                raise exception 'down' using errcode = 'admin_shutdown';
            end $$;
            """, ct);
        await ExecuteAsync("create trigger down before update on chat_farewells for each row execute function is_down()", ct);

        Assert.That((await Deletion.ExecuteAsync(anna, group, ct)).Failure, Is.Null);

        Assert.That(await CountAsync("select count(*) from chat_farewells where chat_id = $1 and not is_told", group, ct), Is.EqualTo(1));
        await ExecuteAsync("drop trigger down on chat_farewells", ct);
        Assert.That(await Deletion.TellNextAsync(null, ct));
        Assert.That((await ToldAsync(anna, ct))[^1].Kind, Is.EqualTo(EventKinds.ChatRemoved));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_scheduled_message_that_is_being_sent_meanwhile_fails_alike(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long group) = await GroupAsync();
        ScheduledStore store = new(World.Source, World.Events);
        ScheduledMessage waiting = (await new ScheduleMessage(store, World.Send, World.Limits, new MediaOptions()).ExecuteAsync(
            bert, new SendMessageInput(group, Guid.NewGuid(), "later", null), TimeProvider.System.GetUtcNow().AddHours(1), ct)).Value;
        await ExecuteAsync("update scheduled_messages set state = 2, next_at = now() - interval '1 second' where id = $1", waiting.Id, ct);

        await Deletion.ExecuteAsync(anna, group, ct);
        await new SendDueMessages(
            new ScheduledQueue(World.Source, World.Events), World.Send, World.Load, World.Time, NullLogger<SendDueMessages>.Instance).ExecuteAsync(ct);

        ScheduledRow failed = (await store.FindAsync(bert.PrincipalId, waiting.Id, ct))!;
        Assert.That((failed.State, failed.Reason), Is.EqualTo((ScheduledStates.Failed, (short?)(short)ErrorCode.ChatDeleted)));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_file_goes_with_the_last_chat_that_shows_it_and_search_finds_nothing(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cem, long group) = await GroupAsync();
        long elsewhere = await World.DirectChatAsync(bert, cem);
        string lost = await World.FileAsync(anna, group, "image/png", Bytes), kept = await World.FileAsync(anna, group, "image/png", Bytes);
        foreach (string file in (string[])[lost, kept]) await ShowAsync(anna, group, file);
        await ShowAsync(bert, elsewhere, kept, forwarded: 1);
        await World.SendAsync(anna, group, "a harbour to be forgotten");
        using SearchGate gate = new(TimeProvider.System);
        SearchMessages search = new(new SearchStore(World.Source), gate, World.Limits, TimeProvider.System);
        await IndexAsync(ct);
        Assert.That((await search.ExecuteAsync(bert, Words("forgotten"), null, 10, ct)).Value.Messages, Has.Count.EqualTo(1));

        await Deletion.ExecuteAsync(anna, group, ct);

        Assert.That((await search.ExecuteAsync(bert, Words("forgotten"), null, 10, ct)).Value.Messages, Is.Empty);
        Assert.That((await MayReadAsync(bert, lost), await MayReadAsync(bert, kept)), Is.EqualTo((false, true)), "what another chat shows is read there");
        Assert.That((await Purge.RunAsync(TimeSpan.Zero, 1_000, ct)).IsDone);
        Assert.That((await MayReadAsync(anna, lost), await MayReadAsync(cem, kept)), Is.EqualTo((false, true)));
        Assert.That(await new BlobTable(World.Source).ReadUsageAsync(anna.PrincipalId, ct), Is.EqualTo(Bytes));
    }

    private static SearchWish Words(string text) => new(text, null, null, [], null, null, IsRanked: false);

    private async Task IndexAsync(CancellationToken ct)
    {
        await using SearchIndexer indexer = new(
            new SearchNews(World.Events, World.Time), new SearchIndexStore(World.Source, MessageWords.Of), new NameStore(World.Source, MessageWords.OfName),
            World.Load, World.Peers, World.Time, NullLogger<SearchIndexer>.Instance);
        while (await indexer.FillUpAsync(ct)) continue;
        await indexer.CatchUpAsync(ct);
    }

    private async Task ShowAsync(Caller sender, long chatId, string blobId, int? forwarded = null)
    {
        WireMedia media = new(blobId, "image/png", Bytes, null, null, null, null, null, []);
        WireContent content = new(ContentKind.Image, forwarded, [], media, null, null);
        Assert.That((await World.Send.ExecuteAsync(sender, new SendMessageInput(chatId, Guid.NewGuid(), "", null, content))).Failure, Is.Null);
    }

    private async Task<bool> MayReadAsync(Caller caller, string blobId)
    {
        DownloadLinks links = new(World.TokenOptions.SigningKey, TimeSpan.FromMinutes(30), World.Time);
        return (await new GetBlobLink(new BlobTable(World.Source), links, World.Limits, NullLogger<GetBlobLink>.Instance).ExecuteAsync(caller, blobId, null, default)).IsOk;
    }

    /// <summary>A group of Anna (admin), Bert and Cem.</summary>
    private async Task<(Caller Anna, Caller Bert, Caller Cem, long Group)> GroupAsync()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cem = await World.PersonAsync("Cem");
        return (anna, bert, cem, await World.GroupAsync(anna, bert, cem));
    }

    private async Task<EventRow[]> ToldAsync(Caller person, CancellationToken ct)
    {
        long inbox = await InboxAsync(person, ct);
        return [.. World.Events.Committed.Where(row => row.ChatId == inbox).OrderBy(row => row.Sequence)];
    }

    private Task<long> InboxAsync(Caller person, CancellationToken ct) =>
        CountAsync("select inbox_chat_id from principals where id = $1", person.PrincipalId, ct);

    private async Task<long> CountAsync(string sql, long id, CancellationToken ct)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task ExecuteAsync(string sql, long id, CancellationToken ct)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        await command.ExecuteNonQueryAsync(ct);
    }
    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }
}
