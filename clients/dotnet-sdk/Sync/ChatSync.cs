using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Sdk.Connection;

namespace Chat.Sdk.Sync;

/// <summary>
/// Applies the rule of a receiver, protocol-spec.md §8.2, to every chat: the next event is taken, a known one dropped, a later one kept
/// aside until the gap before it is read. Thread-safe: one gate.
/// </summary>
internal sealed class ChatSync
{
    /// <summary>Room that a repair wants: a page and what was kept aside behind it.</summary>
    private const int RepairRoom = 512;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, ChatLog> _logs = [];

    /// <summary>Where the log of a chat ended that one is not in any longer.</summary>
    private readonly Dictionary<long, (long Epoch, long Sequence)> _left = [];

    private readonly EventStreams _streams;
    private readonly ILogObserver _observer;
    private readonly GapRepair _repair;
    private readonly ChatListing _listing;
    private WireSession? _session;
    private long _me;
    private long _inboxId;

    public ChatSync(ChatClientOptions options, EventStreams streams, ILogObserver observer)
    {
        (_streams, _observer) = (streams, observer);
        var backoff = new Backoff(options.Random);
        _repair = new GapRepair(this, backoff, options.TimeProvider);
        _listing = new ChatListing(this, backoff, options.TimeProvider, isContinued: options.Positions.Count > 0);
        foreach (ChatPosition known in options.Positions)
        {
            var log = new ChatLog(known.ChatId);
            log.Place(known.Epoch, known.Sequence);
            _logs[known.ChatId] = log;
            _streams.HandedOut.Begin(known.ChatId, known.Epoch, known.Sequence);
        }
    }

    /// <summary>Completes when the chats are known for the first time.</summary>
    public Task Ready => _listing.Ready;

    /// <summary>What the app has been given; of the inbox, which only the client reads, what was taken.</summary>
    public IReadOnlyList<ChatPosition> Positions()
    {
        // The inbox first: a chat that it names and that has no place yet is found by the next run's listing.
        ChatPosition? inbox = null;
        lock (_gate)
        {
            if (_logs.TryGetValue(_inboxId, out ChatLog? log) && log.IsPlaced) inbox = new ChatPosition(log.ChatId, log.Epoch, log.Sequence);
        }

        IEnumerable<ChatPosition> chats = _streams.HandedOut.Snapshot().Where(position => position.ChatId != inbox?.ChatId);
        return inbox is { } first ? [first, .. chats] : [.. chats];
    }

    /// <summary>Begins a new connection: the positions for its hello, the inbox first, then as the caller ranks them.</summary>
    public IReadOnlyList<WirePosition> BeginConnection(Func<long, long> rank, int limit)
    {
        lock (_gate)
        {
            _session = null;
            foreach (ChatLog log in _logs.Values)
            {
                log.ForgetAside();
                log.RepairedBy = null;
            }

            return
            [
                .. _logs.Values.Where(log => log.IsPlaced)
                    .OrderByDescending(log => log.ChatId == _inboxId ? long.MaxValue : rank(log.ChatId))
                    .Take(limit)
                    .Select(log => new WirePosition(log.ChatId, log.Epoch, log.Sequence)),
            ];
        }
    }

    /// <summary>False of every chat before the first welcome.</summary>
    public bool IsInbox(long chatId)
    {
        lock (_gate) return chatId == _inboxId;
    }

    public void OnWelcome(WireSession session, in WelcomeReply welcome)
    {
        bool listAll;
        lock (_gate)
        {
            (_session, _me, _inboxId) = (session, welcome.PrincipalId, welcome.InboxChatId);
            listAll = _logs.Count > welcome.Limits.MaxPositions;
            foreach (WireResumed resumed in welcome.Resumed)
            {
                if (!_logs.TryGetValue(resumed.ChatId, out ChatLog? log) || !log.IsPlaced) continue;

                if (resumed.Recovered)
                {
                    log.RaiseTarget(resumed.HeadSequence);
                    RepairIfBehind(log);
                }
                else
                {
                    log.Unplace("The service could not continue from the position.");
                    listAll |= resumed.ChatId == _inboxId;
                    if (resumed.ChatId != _inboxId) _listing.Want(resumed.ChatId);
                }
            }
        }

        _listing.Start(session, welcome.InboxChatId, listAll);
    }

    public void OnEvent(in WireEvent pushed)
    {
        lock (_gate)
        {
            ChatLog log = GetOrAdd(pushed.ChatId);
            if (!log.IsPlaced)
            {
                log.KeepAside(in pushed);
                if (Ready.IsCompleted) _listing.Want(pushed.ChatId, _session);
                return;
            }

            if (pushed.Sequence <= log.Sequence) return;

            if (pushed.Sequence == log.Sequence + 1 && _streams.HasRoom(log.ChatId, RepairRoom / 2))
            {
                Take(log, in pushed);
                TakeAside(log);
            }
            else
            {
                log.KeepAside(in pushed);
            }

            RepairIfBehind(log);
        }
    }

    public void OnGap(long chatId, long headSequence)
    {
        lock (_gate)
        {
            ChatLog log = GetOrAdd(chatId);
            log.RaiseTarget(headSequence);
            if (log.IsPlaced) RepairIfBehind(log);
            else if (Ready.IsCompleted) _listing.Want(chatId, _session);
        }
    }

    /// <summary>Takes a chat's present state; gives its log a place if it has none.</summary>
    /// <param name="session">Where the state came from; one that is over is not listened to.</param>
    /// <param name="chat">The state.</param>
    /// <param name="fromItsStart">Whether the chat is new to this client, so that its first event is news.</param>
    /// <returns>How far the log is taken.</returns>
    public long Adopt(WireSession session, in WireChat chat, bool fromItsStart)
    {
        lock (_gate)
        {
            if (session != _session) return chat.HeadSequence;

            // Read before one's own departure, taken after it: who came back since is above it.
            if (_left.TryGetValue(chat.ChatId, out (long Epoch, long Sequence) end)
                && end.Epoch == chat.Epoch && chat.HeadSequence <= end.Sequence)
                return chat.HeadSequence;

            ChatLog log = GetOrAdd(chat.ChatId);
            if (log.IsLeft)
            {
                log.IsLeft = false;
                _left.Remove(chat.ChatId);
            }

            if (log.ChatId != _inboxId) _observer.OnChat(in chat);
            if (log.IsPlaced && log.Epoch != chat.Epoch) log.Unplace("The chat's numbering was replaced.");
            log.RaiseTarget(chat.HeadSequence); // before anything is taken: a departure below it is not the last word
            if (!log.IsPlaced) Place(log, in chat, fromItsStart);

            RepairIfBehind(log);
            return log.Sequence;
        }
    }

    /// <summary>Asks for the present state of a chat that is followed; without a connection the next one brings it.</summary>
    public void Refresh(long chatId)
    {
        lock (_gate)
        {
            if (_session is { } session && _logs.TryGetValue(chatId, out ChatLog? log) && log.IsPlaced)
                _listing.Want(chatId, session, isKnown: true);
        }
    }

    /// <summary>The principal is not in the chat; what it may see of it is read to its end, which is its departure.</summary>
    public void Leave(long chatId)
    {
        lock (_gate)
        {
            if (!_logs.TryGetValue(chatId, out ChatLog? log) || !log.IsPlaced)
            {
                ReadToEnd(chatId, log);
                return;
            }

            _observer.OnChatGone(chatId);
            log.RaiseTarget(log.Sequence + 1);
            RepairIfBehind(log);
        }
    }

    /// <summary>The service shows nothing of the chat to this principal.</summary>
    public void Forget(long chatId)
    {
        lock (_gate)
        {
            if (_logs.TryGetValue(chatId, out ChatLog? log)) ForgetLocked(log);
        }
    }

    /// <summary>Takes a page that was asked for with <c>after</c>.</summary>
    /// <param name="askedTarget">How far the log was to be taken when the page was asked for.</param>
    public RepairStep TakePage(ChatLog log, WireSession session, in HistoryReply page, long askedTarget)
    {
        lock (_gate)
        {
            if (IsStale(log, session)) return RepairStep.Done;

            if (page.ChatId != log.ChatId)
            {
                log.Stalls++; // an answer to another question is as good as none
                return RepairStep.Stalled;
            }

            if (page.Epoch != log.Epoch)
            {
                log.Unplace("The chat's numbering was replaced.");
                log.RepairedBy = null;
                _listing.Want(log.ChatId, session);
                return RepairStep.Done;
            }

            log.RaiseTarget(page.HeadSequence); // of one who left nobody else says how far it may see
            long before = log.Sequence;
            foreach (WireEvent e in page.Events)
            {
                if (e.ChatId == log.ChatId && e.Sequence > log.Sequence) Take(log, in e);
                if (log.IsDetached) return RepairStep.Done;
            }

            log.Advance(page.CoversTo);
            TakeAside(log);
            bool isLast = !page.HasMore && log.FirstAside is null && log.Sequence >= page.HeadSequence;
            if (isLast && log.Target == askedTarget) log.SettleTarget();
            if (!log.IsBehind)
            {
                bool isAtItsEnd = log.IsLeft && log.Sequence == _left.GetValueOrDefault(log.ChatId).Sequence;
                if (isAtItsEnd) Detach(log); // nothing came since
                return EndRepair(log);
            }

            log.Stalls = log.Sequence > before ? 0 : log.Stalls + 1;
            return log.Stalls == 0 ? RepairStep.Continue : RepairStep.Stalled;
        }
    }

    /// <summary>Gives a gap up that the service does not fill, and says so to the app.</summary>
    public void SkipGap(ChatLog log, WireSession session)
    {
        lock (_gate)
        {
            if (IsStale(log, session)) return;

            log.Place(log.Epoch, log.FirstAside is { } first ? first - 1 : log.Target);
            log.Stalls = 0;
            PublishDiscontinuity(log, "The service did not return events that it had announced.");
            TakeAside(log);
            EndRepair(log);
            RepairIfBehind(log);
        }
    }

    public void AbandonRepair(ChatLog log, WireSession session)
    {
        lock (_gate)
        {
            if (log.RepairedBy == session) log.RepairedBy = null;
        }
    }

    public Task WaitForRoomAsync(ChatLog log, CancellationToken ct) => _streams.WaitForRoomAsync(log.ChatId, RepairRoom, ct);

    private bool IsStale(ChatLog log, WireSession session) =>
        session != _session || log.RepairedBy != session || log.IsDetached || !log.IsPlaced;

    private static RepairStep EndRepair(ChatLog log)
    {
        log.RepairedBy = null;
        return RepairStep.Done;
    }

    private void Place(ChatLog log, in WireChat chat, bool fromItsStart)
    {
        string? voidReason = log.VoidReason;
        long sequence = voidReason is null && fromItsStart ? Math.Max(0, chat.JoinedAtSequence - 1)
            : Math.Min(chat.HeadSequence, (log.FirstAside ?? long.MaxValue) - 1); // what was pushed since the hello is news
        if (_left.Remove(chat.ChatId, out (long Epoch, long Sequence) end))
        {
            // One came back: what may be seen since that end, of whichever membership, is in history.
            if (end.Epoch != chat.Epoch) voidReason ??= "The chat's numbering was replaced.";
            else if (voidReason is null) sequence = end.Sequence;
        }

        log.Place(chat.Epoch, sequence);
        if (log.ChatId != _inboxId) _streams.HandedOut.Begin(log.ChatId, log.Epoch, log.Sequence);
        if (voidReason is not null) PublishDiscontinuity(log, voidReason);
        TakeAside(log);
    }

    private void PublishDiscontinuity(ChatLog log, string reason)
    {
        if (log.ChatId != _inboxId) _streams.Publish(new ChatDiscontinuity(log.ChatId, log.Epoch, log.Sequence, reason));
    }

    private void TakeAside(ChatLog log)
    {
        while (!log.IsDetached && log.TryTakeNextAside(out WireEvent next)) Take(log, in next);
    }

    private void Take(ChatLog log, in WireEvent e)
    {
        log.Advance(e.Sequence);
        if (log.ChatId == _inboxId)
        {
            TakeInbox(in e);
            return;
        }

        _observer.OnTaken(in e, log.Epoch);
        _streams.Publish(WireMapping.ToEvent(in e, log.Epoch, _me));

        if (e.Kind == EventKind.ChatDeleted)
        {
            DropLocked(e.ChatId);
            return;
        }

        // One who left and came back goes on in the same log; only the last word on it ends it.
        bool isOwnEnd = e.Kind is EventKind.MemberRemoved or EventKind.MemberLeft && e.SubjectId == _me;
        if (!isOwnEnd || log.Target > log.Sequence || log.FirstAside is not null) return;

        Detach(log);
    }

    private void ForgetLocked(ChatLog log)
    {
        if (log.VoidReason is { } reason) _streams.Publish(new ChatDiscontinuity(log.ChatId, 0, 0, reason));
        Detach(log);
    }

    /// <summary>
    /// The chat is deleted for everyone: nobody comes back to it, and there is no end of it to be read. What is missing in front of the end
    /// is said to be.
    /// </summary>
    private void DropLocked(long chatId)
    {
        _listing.Unwant(chatId);
        if (_logs.TryGetValue(chatId, out ChatLog? log))
        {
            if (log.VoidReason is null && (log.IsBehind || log.FirstAside is not null))
                PublishDiscontinuity(log, "The chat was deleted, and not all of it had been read.");
            ForgetLocked(log);
        }
        else
        {
            _observer.OnChatGone(chatId);
        }

        _left.Remove(chatId);
    }

    private void TakeInbox(in WireEvent e)
    {
        _observer.OnInbox(in e);
        if (e.SubjectId is not { } chatId) return;

        if (e.Kind == EventKind.ChatAdded)
        {
            _listing.Want(chatId, _session, isNew: true);
        }
        else if (e.Kind == EventKind.ChatRemoved)
        {
            if (e.Text is not null)
            {
                DropLocked(chatId);
                return;
            }

            bool wasComing = _listing.Unwant(chatId);
            _observer.OnChatGone(chatId);
            ChatLog? log = _logs.GetValueOrDefault(chatId);
            if (wasComing && log is not { IsPlaced: true }) ReadToEnd(chatId, log);
        }
    }

    /// <summary>
    /// A chat came and went before it was described. If one was in it before, what was to be seen of it since is in history, behind where
    /// one left; otherwise nothing of it was ever taken.
    /// </summary>
    private void ReadToEnd(long chatId, ChatLog? log)
    {
        if (!_left.TryGetValue(chatId, out (long Epoch, long Sequence) end))
        {
            if (log is not null) ForgetLocked(log);
            return;
        }

        log ??= GetOrAdd(chatId);
        log.IsLeft = true;
        log.Place(end.Epoch, end.Sequence);
        _streams.HandedOut.Begin(chatId, end.Epoch, end.Sequence);
        log.RaiseTarget(end.Sequence + 1);
        TakeAside(log);
        RepairIfBehind(log);
    }

    private void Detach(ChatLog log)
    {
        log.IsDetached = true;
        _logs.Remove(log.ChatId);
        if (log.IsPlaced)
        {
            _left[log.ChatId] = (log.Epoch, log.Sequence);
            _streams.HandedOut.End(log.ChatId, log.Sequence);
        }

        _observer.OnChatGone(log.ChatId);
    }

    private void RepairIfBehind(ChatLog log)
    {
        if (!log.IsBehind || log.RepairedBy is not null || log.IsDetached || _session is null) return;

        log.RepairedBy = _session;
        _repair.Start(log, _session);
    }

    private ChatLog GetOrAdd(long chatId)
    {
        if (!_logs.TryGetValue(chatId, out ChatLog? log)) _logs.Add(chatId, log = new ChatLog(chatId));
        return log;
    }
}

/// <summary>What a repair does next.</summary>
internal enum RepairStep : byte
{
    Done,
    Continue,
    Stalled,
}
