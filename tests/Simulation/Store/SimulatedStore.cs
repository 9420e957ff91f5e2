using Chat.Simulation.Scheduling;
using Chat.Simulation.Schedules;
using Chat.Storage;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Npgsql;

namespace Chat.Simulation.Store;

/// <summary>What a transaction answered for one event, and the row that the sink is told, if any.</summary>
internal readonly record struct Appended(AppendOutcome Outcome, EventRow? Told);

/// <summary>
/// PostgreSQL as far as the promises lean on it: rows locked in id order, numbers from the locked row, everything of a transaction visible
/// at one moment (its commit) or never, and all of it gone that had not committed when the server crashed.
/// </summary>
internal sealed class SimulatedStore(Scheduler scheduler, Tally tally, PlantedDefect defect)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<long, StoredChat> _chats = [];
    private readonly Dictionary<long, long> _inboxes = []; // principal -> chat
    private readonly Dictionary<(long Chat, long Epoch), IReadOnlyList<EventRow>> _voided = [];
    private Dictionary<long, long> _backup = [];
    private long _nextEpoch = 1_000;

    /// <summary>The server's process: stopped while the store hangs.</summary>
    public SimulatedProcess Process { get; } = new(scheduler, number: 1, clockSkew: TimeSpan.Zero);

    /// <summary>Grows with each crash: what ran before it is rolled back.</summary>
    public int Generation { get; private set; }

    /// <summary>Grows with each restored backup: what was acked before is not promised any more.</summary>
    public int Restores { get; private set; }

    public bool IsDown { get; private set; }

    /// <summary>Every node that has signed in to the registry; its incarnation is its process number.</summary>
    public List<SimulatedProcess> Nodes { get; } = [];

    /// <summary>Told of each committed row, for a trace.</summary>
    public Action<EventRow>? OnCommitted { get; init; }

    /// <summary>Every transaction is refused as long as this says why.</summary>
    public string? RefusesWith { get; set; }

    public StoreReads Reads => new(this, tally, defect);

    public IReadOnlyCollection<StoredChat> Chats => _chats.Values;

    public StoredChat? Find(long chatId) => _chats.GetValueOrDefault(chatId);

    public long InboxOf(long principalId) => _inboxes[principalId];

    /// <summary>The events of a numbering, present or past; null when it never was.</summary>
    public IReadOnlyList<EventRow>? Log(long chatId, long epoch) =>
        Find(chatId) is { } chat && chat.Epoch == epoch ? chat.Events : _voided.GetValueOrDefault((chatId, epoch));

    public long NowMs => scheduler.Now / TimeSpan.TicksPerMillisecond;

    /// <summary>A chat with its first event, before the schedule starts.</summary>
    public StoredChat Create(long chatId, short kind, IEnumerable<long> members, short firstKind = EventKinds.ChatCreated)
    {
        StoredChat chat = new(chatId, kind, _nextEpoch++);
        _chats.Add(chatId, chat);
        foreach (long principal in members)
        {
            chat.Members.Add(new Interval(principal, MemberRoles.Admin, 1, null));
            if (kind == ChatKinds.Inbox) _inboxes[principal] = chatId;
        }

        chat.Commit(new EventRow(chatId, 1, firstKind, chat.Members[0].PrincipalId, NowMs, null, null, "chat", null, null));
        return chat;
    }

    public Task<T> ReadAsync<T>(Func<StoreReads, T> read)
    {
        if (IsDown) throw new StoreDownException();
        return Task.FromResult(read(Reads));
    }

    /// <summary>How far chats go once nobody holds their rows.</summary>
    public async Task<IReadOnlyList<ChatHead>> ReadSettledAsync(IReadOnlyList<long> chatIds)
    {
        int generation = Begin(CommitFault.None);
        long[] ids = [.. chatIds.Where(_chats.ContainsKey).Order()];
        await LockAsync(ids, generation);
        tally.Add(Happening.DoubtSettled);
        IReadOnlyList<ChatHead> heads = [.. ids.Select(id => new ChatHead(id, _chats[id].Head))];
        Unlock(ids);
        return heads;
    }

    /// <summary>Appends messages in one transaction.</summary>
    /// <param name="plain">Expects that every id is new and every sender a member; null when that is wrong, and nothing is stored.</param>
    public async Task<IReadOnlyList<Appended>?> AppendAsync(IReadOnlyList<NewEvent> events, bool plain, CommitFault fault)
    {
        int generation = Begin(fault);
        long[] ids = [.. events.Select(e => e.ChatId).Where(_chats.ContainsKey).Distinct().Order()];
        await LockAsync(ids, generation);
        try
        {
            List<EventRow> fresh = [];
            Appended[] answers = [.. events.Select(e => Judge(e, fresh))];
            if (plain && answers.Any(answer => answer.Outcome.Status != AppendStatus.Appended)) return null;

            await CommitAsync(generation, fault, () => Store(fresh));
            return answers;
        }
        finally
        {
            if (generation == Generation) Unlock(ids);
        }
    }

    /// <summary>Adds somebody to a group, or ends their membership, and tells their inbox: one transaction.</summary>
    /// <returns>What the sink is told; empty when there was nothing to change.</returns>
    public async Task<IReadOnlyList<EventRow>> ChangeMemberAsync(long chatId, long actorId, long principalId, bool joins, CommitFault fault)
    {
        int generation = Begin(fault);
        long inboxId = _inboxes[principalId];
        long[] ids = [.. new[] { chatId, inboxId }.Order()];
        await LockAsync(ids, generation);
        try
        {
            StoredChat chat = _chats[chatId], inbox = _chats[inboxId];
            if (chat.IsMember(principalId) == joins) return [];
            EventRow change = new(
                chatId, chat.Head + 1, joins ? EventKinds.MemberAdded : EventKinds.MemberRemoved, actorId, NowMs, null, null, null,
                principalId,
                joins ? MemberRoles.Member : null);
            EventRow notice = new(
                inboxId, inbox.Head + 1, joins ? EventKinds.ChatAdded : EventKinds.ChatRemoved, actorId, NowMs, null, null, null, chatId,
                null);
            await CommitAsync(generation, fault, () =>
            {
                Commit(change);
                Commit(notice);
                if (joins) chat.Members.Add(new Interval(principalId, MemberRoles.Member, change.Sequence, null));
                else EndInterval(chat, principalId, change.Sequence);
            });
            return change.ChatId < notice.ChatId ? [change, notice] : [notice, change];
        }
        finally
        {
            if (generation == Generation) Unlock(ids);
        }
    }

    /// <summary>Kill and restart of the server: what had not committed is gone.</summary>
    public void Crash()
    {
        Generation++;
        IsDown = true;
        foreach (StoredChat chat in _chats.Values)
        {
            chat.IsLocked = false;
            while (chat.Waiting.TryDequeue(out TaskCompletionSource<bool>? waiter)) waiter.TrySetException(new StoreDownException());
        }
    }

    public void Recover() => IsDown = false;

    /// <summary>Remembers this moment as the newest backup.</summary>
    public void BackUp() => _backup = _chats.ToDictionary(chat => chat.Key, chat => chat.Value.Head);

    /// <summary>Goes back to the newest backup, under new epochs, as operators are told to (F-31).</summary>
    public void RestoreBackup()
    {
        Crash();
        Restores++;
        foreach (StoredChat chat in _chats.Values)
        {
            _voided[(chat.Id, chat.Epoch)] = chat.Events;
            chat.Restore(_backup[chat.Id], defect == PlantedDefect.EpochKeptOnRestore ? chat.Epoch : _nextEpoch++);
        }
    }

    private static void EndInterval(StoredChat chat, long principalId, long sequence)
    {
        int at = chat.Members.FindIndex(interval => interval.PrincipalId == principalId && interval.Left is null);
        chat.Members[at] = chat.Members[at] with { Left = sequence };
    }

    private int Begin(CommitFault fault)
    {
        if (IsDown) throw new StoreDownException();
        if (RefusesWith is { } state) throw new PostgresException($"refused with {state}", "ERROR", state);
        if (fault == CommitFault.Race) throw new PostgresException("deadlock detected", "ERROR", "40P01");
        return Generation;
    }

    private Appended Judge(in NewEvent e, List<EventRow> fresh)
    {
        StoredChat? chat = Find(e.ChatId);
        if (chat is null) return Refused(AppendStatus.ChatNotFound);
        NewEvent wanted = e;
        EventRow? known = chat.FindByClientId(e.SenderId, e.ClientMessageId)
            ?? fresh.Find(
                row => row.ChatId == wanted.ChatId && row.SenderId == wanted.SenderId && row.ClientMessageId == wanted.ClientMessageId);
        if (known is not null && defect != PlantedDefect.NoDeduplication)
        {
            if (known.Text != e.Text) return Refused(AppendStatus.ClientMessageIdReused);
            bool isNear = chat.Head - known.Sequence < 128;
            return new Appended(
                new AppendOutcome(AppendStatus.Duplicate, known.Sequence, known.CreatedAtMs, TimeSpan.Zero), isNear ? known : null);
        }

        if (!chat.IsMember(e.SenderId)) return Refused(AppendStatus.NotAMember);
        long place = chat.Head + 1 + fresh.Count(row => row.ChatId == wanted.ChatId);
        if (defect == PlantedDefect.NumbersWithoutLock) place = chat.CarelessNumber = Math.Max(chat.CarelessNumber, chat.Head) + 1;
        EventRow stored = new(e.ChatId, place, e.Kind, e.SenderId, NowMs, e.ClientMessageId, e.ReplyTo, e.Text, null, null);
        fresh.Add(stored);
        return new Appended(new AppendOutcome(AppendStatus.Appended, stored.Sequence, stored.CreatedAtMs, TimeSpan.Zero), stored);
    }

    private static Appended Refused(AppendStatus status) => new(new AppendOutcome(status, 0, 0, TimeSpan.Zero), null);

    private void Store(List<EventRow> fresh)
    {
        foreach (EventRow row in fresh) Commit(row);
    }

    private void Commit(EventRow row)
    {
        _chats[row.ChatId].Commit(row);
        OnCommitted?.Invoke(row);
    }

    private async Task CommitAsync(int generation, CommitFault fault, Action apply)
    {
        await SleepAsync(scheduler.Random.Between(0.2, 2));
        if (fault == CommitFault.CutBefore || generation != Generation) throw new StoreDownException();
        apply();
    }

    private async Task LockAsync(long[] ids, int generation)
    {
        if (defect == PlantedDefect.NumbersWithoutLock) return;
        for (int i = 0; i < ids.Length; i++)
        {
            StoredChat chat = _chats[ids[i]];
            if (!chat.IsLocked)
            {
                chat.IsLocked = true;
                continue;
            }

            TaskCompletionSource<bool> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            chat.Waiting.Enqueue(turn);
            scheduler.After(LockTimeout, Process, () => turn.TrySetResult(false));
            bool isOurs = await turn.Task;
            if (generation != Generation) throw new StoreDownException();
            if (isOurs) continue;
            Unlock(ids[..i]);
            throw new PostgresException("canceling statement due to lock timeout", "ERROR", "55P03");
        }
    }

    private void Unlock(long[] ids)
    {
        if (defect == PlantedDefect.NumbersWithoutLock) return;
        foreach (long id in ids) UnlockOne(_chats[id]);
    }

    private static void UnlockOne(StoredChat chat)
    {
        while (chat.Waiting.TryDequeue(out TaskCompletionSource<bool>? next))
            if (next.TrySetResult(true)) return;
        chat.IsLocked = false;
    }

    private Task SleepAsync(TimeSpan time)
    {
        TaskCompletionSource awake = new(TaskCreationOptions.RunContinuationsAsynchronously);
        scheduler.After(time, Process, () => awake.TrySetResult());
        return awake.Task;
    }
}

/// <summary>The server went away: the connection ends without an answer.</summary>
internal sealed class StoreDownException() : Exception("The store is down.");

/// <summary>What goes wrong with one transaction.</summary>
internal enum CommitFault : byte
{
    None,

    /// <summary>The connection is cut before the commit: nothing is stored, and the client cannot know.</summary>
    CutBefore,

    /// <summary>Committed, and the answer is lost.</summary>
    ReplyLost,

    /// <summary>Rolled back by a deadlock (40P01).</summary>
    Race,
}
