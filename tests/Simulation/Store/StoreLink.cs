using Chat.Simulation.Scheduling;
using Chat.Simulation.Schedules;
using Chat.Storage;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Npgsql;

namespace Chat.Simulation.Store;

/// <summary>
/// A node's way to the store: requests and answers take time, may be lost on either way, and time out at the node while the store goes on
/// with what it got.
/// </summary>
internal sealed class StoreLink(Scheduler scheduler, SimulatedStore store, SimulatedProcess node, PlantedDefect defect)
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Linux's least time until a segment is sent again; it doubles.</summary>
    private static readonly TimeSpan FirstResend = TimeSpan.FromMilliseconds(200);

    /// <summary>Faults of the transactions to come, the next one first.</summary>
    public Queue<CommitFault> NextCommits { get; } = new();

    /// <summary>The network between the two is cut: what is sent meanwhile arrives late, when TCP sends it again.</summary>
    public bool IsCut { get; set; }

    /// <summary>Told of the steps of a transaction, for kills that aim at one.</summary>
    public Action<NodeStep>? OnStep { get; set; }

    public Task OpenAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return CallAsync(_ => Task.FromResult(true), CommitFault.None, ReadTimeout);
    }

    public Task<T> ReadAsync<T>(Func<StoreReads, T> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return CallAsync(to => to.ReadAsync(read), CommitFault.None, ReadTimeout);
    }

    /// <summary>As <see cref="SimulatedStore.ReadSettledAsync"/>, from here.</summary>
    public Task<IReadOnlyList<ChatHead>> ReadSettledAsync(IReadOnlyList<long> chatIds, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return CallAsync(to => to.ReadSettledAsync(chatIds), CommitFault.None, ReadTimeout);
    }

    /// <summary>As <see cref="SimulatedStore.AppendAsync"/>, from here.</summary>
    public async Task<IReadOnlyList<Appended>?> AppendAsync(IReadOnlyList<NewEvent> events, bool plain, TimeSpan timeout)
    {
        CommitFault fault = NextFault();
        OnStep?.Invoke(NodeStep.BeforeCommit);
        Task<IReadOnlyList<Appended>?> committing = CallAsync(to => to.AppendAsync(events, plain, fault), fault, timeout);
        IReadOnlyList<Appended>? answers = defect == PlantedDefect.AckBeforeCommit ? Foresee(events) : await committing;
        OnStep?.Invoke(NodeStep.AfterCommit);
        return answers is null
            ? null
            : [.. answers.Select(answer => answer with { Told = answer.Told is { } row ? store.Reads.Heard(row) : null })];
    }

    public async Task<IReadOnlyList<EventRow>> ChangeMemberAsync(long chatId, long actorId, long principalId, bool joins)
    {
        CommitFault fault = NextFault();
        OnStep?.Invoke(NodeStep.BeforeCommit);
        IReadOnlyList<EventRow> told = await CallAsync(
            to => to.ChangeMemberAsync(chatId, actorId, principalId, joins, fault), fault, ReadTimeout);
        OnStep?.Invoke(NodeStep.AfterCommit);
        return [.. told.Select(store.Reads.Heard)];
    }

    /// <summary>The planted mistake of answering before the commit is through: what will be, if all goes well.</summary>
    private IReadOnlyList<Appended> Foresee(IReadOnlyList<NewEvent> events)
    {
        Dictionary<long, long> heads = [];
        List<Appended> answers = [];
        foreach (NewEvent e in events)
        {
            long sequence = heads[e.ChatId] = heads.GetValueOrDefault(e.ChatId, store.Find(e.ChatId)?.Head ?? 0) + 1;
            EventRow row = new(e.ChatId, sequence, e.Kind, e.SenderId, store.NowMs, e.ClientMessageId, e.ReplyTo, e.Text, null, null);
            answers.Add(new Appended(new AppendOutcome(AppendStatus.Appended, sequence, row.CreatedAtMs, TimeSpan.Zero), row));
        }

        return answers;
    }

    private CommitFault NextFault() => NextCommits.TryDequeue(out CommitFault fault) ? fault : CommitFault.None;

    private Task<T> CallAsync<T>(Func<SimulatedStore, Task<T>> work, CommitFault fault, TimeSpan timeout)
    {
        TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        scheduler.After(timeout, node, () => outcome.TrySetException(new NpgsqlException("timeout", new TimeoutException())));
        Carry(store.Process, () => _ = ServeAsync(work, fault, outcome), Travel(), FirstResend);
        return outcome.Task;
    }

    private async Task ServeAsync<T>(Func<SimulatedStore, Task<T>> work, CommitFault fault, TaskCompletionSource<T> outcome)
    {
        try
        {
            T result = await work(store);
            if (fault == CommitFault.ReplyLost) Answer(() => outcome.TrySetException(LostReply()));
            else Answer(() => outcome.TrySetResult(result));
        }
        catch (StoreDownException)
        {
            Answer(() => outcome.TrySetException(new NpgsqlException("the connection was closed", new IOException())));
        }
        catch (PostgresException refusal)
        {
            Answer(() => outcome.TrySetException(refusal));
        }
    }

    private Exception LostReply() => defect == PlantedDefect.LostReplyTakenForRefusal
        ? new PostgresException("taken for a refusal", "ERROR", "22021")
        : new NpgsqlException("the connection was reset", new IOException());

    private void Answer(Action answer) => Carry(node, answer, Travel(), FirstResend);

    private void Carry(SimulatedProcess to, Action arrive, TimeSpan after, TimeSpan resend) => scheduler.After(after, to, () =>
    {
        bool isSentAgain = to != store.Process || !node.IsDead; // a dead node sends nothing again
        if (!IsCut) arrive();
        else if (isSentAgain) Carry(to, arrive, resend, resend * 2);
    });

    private TimeSpan Travel() => scheduler.Random.Chance(3) ? scheduler.Random.Between(5, 60) : scheduler.Random.Between(0.05, 0.6);
}

/// <summary>Steps of a node on the way of one message, at which it may be killed.</summary>
internal enum NodeStep : byte
{
    /// <summary>The transaction is about to be sent.</summary>
    BeforeCommit,

    /// <summary>It is known to be committed, and nobody was told.</summary>
    AfterCommit,

    /// <summary>The push is in the rings and on the bus, the ack is not out.</summary>
    AfterPublish,
}
