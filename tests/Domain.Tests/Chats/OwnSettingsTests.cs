using Chat.Domain.Chats;
using Chat.Domain.Limits;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.Messages;

namespace Chat.Domain.Tests.Chats;

/// <summary>What a chat is to one of its members alone, protocol-spec.md §6.36.</summary>
public sealed class OwnSettingsTests : WorldFixture
{
    private static readonly DateTimeOffset Later = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private OwnSettingsStore Store => new(World.Source, World.Events);

    private ChangeOwnSettings Change => new(Store, World.MarkRead, World.Limits);

    private ClearHistory Clear => new(Store, World.Limits);

    private SetDraft Draft => new(Store, World.Limits);

    [Test, CancelAfter(60_000)]
    public async Task Each_setting_is_the_persons_own_and_told_once_to_its_devices(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        Assert.That((await ReadAsync(anna, chatId)).Own, Is.Null, "as at the beginning");

        for (int twice = 0; twice < 2; twice++)
        {
            Assert.That((await Change.MuteAsync(anna, chatId, Later, ct)).IsOk);
            Assert.That((await Change.PinAsync(anna, chatId, pinned: true, ct)).IsOk);
            Assert.That((await Change.SetThemeAsync(anna, chatId, "night-sea", ct)).IsOk);
            Assert.That((await Draft.ExecuteAsync(anna, chatId, "Dear", 7, ct)).IsOk);
        }

        OwnSettingsRow own = (await ReadAsync(anna, chatId)).Own!;
        Assert.That((own.MutedUntilMs, own.IsPinned, own.Theme, own.Draft!.Text, own.Draft.ReplyTo),
            Is.EqualTo(((long?)Later.ToUnixTimeMilliseconds(), true, "night-sea", "Dear", (long?)7)));
        Assert.That((await ReadAsync(bert, chatId)).Own, Is.Null);
        EventRow[] told = [.. World.Events.Committed.Where(row => row.SubjectId == chatId && row.Kind >= EventKinds.ChatSettingsChanged)];
        Assert.That(told.Select(row => row.Kind), Is.EqualTo(new[]
        {
            EventKinds.ChatSettingsChanged, EventKinds.ChatSettingsChanged, EventKinds.ChatSettingsChanged, EventKinds.DraftChanged,
        }));
        Assert.That(told.Select(row => row.ChatId).Distinct().Single(), Is.Not.EqualTo(chatId), "in the inbox");
        Assert.That(told[^1].Sequence, Is.EqualTo(own.Draft.Version));

        await Change.MuteAsync(anna, chatId, null, ct);
        await Change.PinAsync(anna, chatId, pinned: false, ct);
        await Change.SetThemeAsync(anna, chatId, "", ct);
        await Draft.ExecuteAsync(anna, chatId, null, null, ct);
        Assert.That((await ReadAsync(anna, chatId)).Own, Is.Null);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_message_takes_a_chat_out_of_the_archive_and_none_does_while_it_is_muted(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        await Change.PinAsync(anna, chatId, pinned: true, ct);

        await Change.ArchiveAsync(anna, chatId, archived: true, ct);
        Assert.That(await IsArchivedAsync(), Is.True);
        Assert.That((await ReadAsync(anna, chatId)).Own!.IsPinned, Is.False);
        await new ChatDetailsStore(World.Source, World.Events).ChangeAsync(chatId, anna.PrincipalId, new ChatDetailsChange { Name = "Another name" }, ct);
        Assert.That(await IsArchivedAsync(), Is.True, "a name is no message");
        await World.SendAsync(bert, chatId);
        Assert.That(await IsArchivedAsync(), Is.False);

        await Change.ArchiveAsync(anna, chatId, archived: true, ct);
        await Change.MuteAsync(anna, chatId, DateTimeOffset.MaxValue, ct);
        await World.SendAsync(bert, chatId);
        Assert.That(await IsArchivedAsync(), Is.True);
        await Change.MuteAsync(anna, chatId, null, ct);
        Assert.That(await IsArchivedAsync(), Is.False, "what came meanwhile brings it back");

        async Task<bool> IsArchivedAsync() => (await ReadAsync(anna, chatId)).Own?.IsArchived ?? false;
    }

    [Test, CancelAfter(60_000)]
    public async Task A_mark_of_unread_ends_when_something_is_read(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        long first = await World.SendAsync(bert, chatId);
        await World.MarkRead.ExecuteAsync(anna, chatId, first);

        await Change.MarkUnreadAsync(anna, chatId, readUpTo: null, ct);
        Assert.That((await ReadAsync(anna, chatId)).IsMarkedUnread, Is.True);
        long second = await World.SendAsync(bert, chatId);
        Assert.That((await ReadAsync(anna, chatId)).IsMarkedUnread, Is.True);
        await World.MarkRead.ExecuteAsync(anna, chatId, second);
        Assert.That((await ReadAsync(anna, chatId)).IsMarkedUnread, Is.False);

        await Change.MarkUnreadAsync(anna, chatId, readUpTo: null, ct);
        await World.SendAsync(anna, chatId);
        Assert.That((await ReadAsync(anna, chatId)).IsMarkedUnread, Is.False, "who writes has read");
        await Change.MarkUnreadAsync(anna, chatId, readUpTo: null, ct);
        await Change.UnmarkUnreadAsync(anna, chatId, ct);
        Assert.That((await ReadAsync(anna, chatId)).IsMarkedUnread, Is.False);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_mark_of_unread_outlives_that_a_message_of_ones_own_counts_as_read(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        long own = await World.SendAsync(anna, chatId);

        await Change.MarkUnreadAsync(anna, chatId, readUpTo: null, ct);
        Assert.That((await ReadAsync(anna, chatId)).IsMarkedUnread, Is.True, "before it is stored that who wrote has read");
        while ((await World.Chats.FindAsync(chatId, anna.PrincipalId, ct))!.ReadUpTo < own)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        Assert.That((await ReadAsync(anna, chatId)).IsMarkedUnread, Is.True);

        await World.MarkRead.ExecuteAsync(anna, chatId, await World.SendAsync(bert, chatId));
        Assert.That((await ReadAsync(anna, chatId)).IsMarkedUnread, Is.False);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_mark_of_unread_outlives_a_reading_that_was_on_its_way(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        long read = await World.SendAsync(bert, chatId);

        await Change.MarkUnreadAsync(anna, chatId, readUpTo: read, ct);
        ChatRow marked = await ReadAsync(anna, chatId);
        Assert.That((marked.IsMarkedUnread, marked.ReadUpTo, marked.Unread), Is.EqualTo((true, read, 0L)));
        await World.MarkRead.ExecuteAsync(anna, chatId, read);
        Assert.That((await ReadAsync(anna, chatId)).IsMarkedUnread, Is.True, "the reading of before came behind the mark");

        Result<Done> negative = await Change.MarkUnreadAsync(anna, chatId, readUpTo: -1, ct);
        Assert.That(negative.Failure?.Code, Is.EqualTo(ErrorCode.InvalidArgument));
        Result<Done> stranger = await Change.MarkUnreadAsync(await World.PersonAsync("Cleo"), chatId, readUpTo: read, ct);
        Assert.That(stranger.Failure?.Code, Is.EqualTo(ErrorCode.ChatNotFound));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_draft_goes_with_the_chat(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        foreach (bool leaves in (bool[])[true, false])
        {
            await Draft.ExecuteAsync(bert, chatId, "Dear", null, ct);
            if (leaves) await World.Memberships.LeaveAsync(chatId, bert.PrincipalId, ct);
            else await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);
            await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], ct);
            Assert.That((await ReadAsync(bert, chatId)).Own, Is.Null);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Cleared_history_is_gone_for_one_and_for_nobody_else(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        long one = await World.SendAsync(bert, chatId, "one"), two = await World.SendAsync(bert, chatId, "two"), three = await World.SendAsync(bert, chatId, "three");
        StarStore stars = new(World.Source, World.Events);
        await stars.SetAsync(anna.PrincipalId, chatId, one, starred: true, ct);
        await stars.SetAsync(anna.PrincipalId, chatId, three, starred: true, ct);
        await World.Pin.ExecuteAsync(anna, chatId, Guid.NewGuid(), one, pinned: true, ct);

        Assert.That((await Clear.ExecuteAsync(anna, chatId, two, ct)).IsOk);

        ChatRow row = await ReadAsync(anna, chatId);
        Assert.That((row.Unread, row.Own!.ClearedUpTo, row.LastEvent!.Sequence), Is.EqualTo((1L, two, three)));
        HistoryPage page = (await World.ReadHistory.ExecuteAsync(anna, chatId, 0, null, null, ct)).Value;
        Assert.That((page.Events[0].Sequence, page.CoversFrom, page.CoversTo), Is.EqualTo((three, 1L, page.HeadSequence)));
        Assert.That((await stars.ListAsync(anna.PrincipalId, null, 10, ct)).Select(star => star.Message.Sequence), Is.EqualTo(new[] { three }));
        Assert.That(await stars.SetAsync(anna.PrincipalId, chatId, two, starred: true, ct), Is.False);
        Assert.That((await World.ListPinned.ExecuteAsync(anna, chatId, ct)).Value, Is.Empty);
        Assert.That((await World.ListPinned.ExecuteAsync(bert, chatId, ct)).Value, Has.Count.EqualTo(1));
        Assert.That((await World.ReadHistory.ExecuteAsync(bert, chatId, 0, null, null, ct)).Value.Events.Select(e => e.Sequence), Does.Contain(one));
        EventRow told = World.Events.Committed.Single(e => e.Kind == EventKinds.HistoryCleared);
        Assert.That((told.SubjectId, told.ReplyTo, told.SenderId), Is.EqualTo(((long?)chatId, (long?)two, anna.PrincipalId)));

        await World.Edit.ExecuteAsync(bert, chatId, Guid.NewGuid(), one, "one, corrected", ct);
        page = (await World.ReadHistory.ExecuteAsync(anna, chatId, three, null, null, ct)).Value;
        Assert.That(page.Events.Single(e => e.Kind == EventKinds.Edited).Text, Is.Null, "the text of what was cleared is not brought back");
        Assert.That((await Clear.ExecuteAsync(anna, chatId, null, ct)).IsOk);
        row = await ReadAsync(anna, chatId);
        Assert.That((row.Unread, row.LastEvent), Is.EqualTo((0L, (EventRow?)null)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_left_may_clear_what_they_still_see_and_change_nothing_else(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        await World.SendAsync(anna, chatId);
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);

        Assert.That((await Clear.ExecuteAsync(bert, chatId, null, ct)).IsOk);
        Assert.That((await World.ReadHistory.ExecuteAsync(bert, chatId, 0, null, null, ct)).Value.Events, Is.Empty);
        FailureAssert.Failed(await Change.PinAsync(bert, chatId, pinned: true, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Draft.ExecuteAsync(bert, chatId, "text", null, ct), ErrorCode.ChatNotFound, "chat_id");

        await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], ct);
        Assert.That((await ReadAsync(bert, chatId)).Unread, Is.Zero);
        Assert.That((await World.ReadHistory.ExecuteAsync(bert, chatId, 0, null, null, ct)).Value.Events, Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_cannot_be_is_refused(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), stranger = await World.PersonAsync("Stranger");
        long chatId = await World.GroupAsync(anna, bert);
        long inbox = World.Events.Committed.First(row => row.Kind == EventKinds.ChatAdded && row.SubjectId == chatId).ChatId;

        foreach (long nothing in (long[])[chatId, 4_000_000_000_000, 0])
        {
            FailureAssert.Failed(await Change.MuteAsync(stranger, nothing, Later, ct), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(await Clear.ExecuteAsync(stranger, nothing, null, ct), ErrorCode.ChatNotFound, "chat_id");
            FailureAssert.Failed(await Draft.ExecuteAsync(stranger, nothing, "text", null, ct), ErrorCode.ChatNotFound, "chat_id");
        }

        FailureAssert.Failed(await Change.PinAsync(anna, inbox, pinned: true, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Clear.ExecuteAsync(anna, inbox, null, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Clear.ExecuteAsync(anna, chatId, -1, ct), ErrorCode.InvalidArgument, "up_to");
        FailureAssert.Failed(await Draft.ExecuteAsync(anna, chatId, "a\0b", null, ct), ErrorCode.TextHasNul, "text");
        FailureAssert.Failed(await Draft.ExecuteAsync(anna, chatId, new string('x', 16_385), null, ct), ErrorCode.TextTooLong, "text");
        foreach (string theme in (string[])["Night", "-sea", "sea side", new string('a', 33), "sea\n"])
            FailureAssert.Failed(await Change.SetThemeAsync(anna, chatId, theme, ct), ErrorCode.InvalidArgument, "theme");
    }

    [Test, CancelAfter(60_000)]
    public async Task Pins_are_few_and_changes_not_too_many(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(new LimitSettings { PinnedChats = 1, OwnChangesPerMinute = 60, OwnChangesBurst = 4 });
        Caller anna = await world.PersonAsync("Anna"), bert = await world.PersonAsync("Bert");
        long one = await world.GroupAsync(anna, bert), two = await world.GroupAsync(anna, bert);
        ChangeOwnSettings change = new(new OwnSettingsStore(world.Source, world.Events), world.MarkRead, world.Limits);

        Assert.That((await change.PinAsync(anna, one, pinned: true, ct)).IsOk);
        FailureAssert.Failed(await change.PinAsync(anna, two, pinned: true, ct), ErrorCode.TooManyPins, "chat_id");
        Assert.That((await change.PinAsync(anna, one, pinned: false, ct)).IsOk);
        Assert.That((await change.PinAsync(anna, two, pinned: true, ct)).IsOk);
        Result<Done> fifth = await change.PinAsync(anna, two, pinned: false, ct);
        Assert.That(fifth.Failure!.Code, Is.EqualTo(ErrorCode.RateLimited));
        Assert.That(fifth.Failure.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        Assert.That((await change.PinAsync(bert, two, pinned: true, ct)).IsOk, "each has their own rate");
    }

    private async Task<ChatRow> ReadAsync(Caller caller, long chatId) => (await World.GetChat.ExecuteAsync(caller, chatId, default)).Value;
}
