using System.Text;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Connection;
using Chat.Sdk.Sync;

namespace Chat.Sdk.Outbox;

/// <summary>
/// Sends messages in the order of their chat and keeps each until its fate is known: over lost connections, through <c>busy</c>, and with a
/// store over restarts, always under the same id (protocol-spec.md §6.4). Thread-safe.
/// </summary>
internal sealed class MessageOutbox(ChatClientOptions options, Notifier notifier, Action<OutgoingMessage> onStored)
{
    /// <summary>Messages on the way at once: half of what the server takes, so that other requests find room.</summary>
    private const int Window = 32;

    /// <summary>What fits in a frame at all; the service's own, lower bound is the service's to judge.</summary>
    private const int MaxTextBytes = ProtocolLimits.MaxClientFrameBytes - 64;

    /// <summary>
    /// A service that answers "not now" is there, and says itself how long to wait; after a restart of its database chats are to live again
    /// within seconds, so a pause between two tries does not grow as it does between two connections.
    /// </summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long an attempt without an answer may be under way somewhere and be judged anew when it arrives, protocol-spec.md §6.4.
    /// </summary>
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, ChatQueue> _chats = [];
    private readonly LinkedList<ChatQueue> _turns = []; // the chat that was answered last is at the end
    private readonly Dictionary<Guid, OutgoingMessage> _byId = []; // those in a queue; with a store also those that failed
    private readonly OutboxLedger _ledger = new(options, notifier);
    private readonly Backoff _backoff = new(options.Random);
    private WireSession? _session;
    private bool _isLeaving;
    private long _lastNumber;
    private int _queuedBytes;
    private int _onTheWay;
    private ChatException? _closedBecause;
    private ChatException? _ofAnother;

    /// <summary>Takes up what an earlier run left.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            foreach (OutboxEntry entry in _ledger.Load())
            {
                var message = new OutgoingMessage(this, in entry);
                message.Place.Bytes = Encoding.UTF8.GetByteCount(message.Text);
                message.Place.IsOwners = true;
                if (message.Place.WentOut) message.Place.InDoubtSince = options.TimeProvider.GetTimestamp();
                _lastNumber = Math.Max(_lastNumber, message.Number);
                if (message.Error is not { } failure)
                {
                    Enqueue(message);
                    continue;
                }

                Keep(message);
                ShowFailed(message, failure);
            }

            FailExpired();
        }
    }

    /// <summary>Tells the app what of the store could not be read.</summary>
    public void ReportDamage()
    {
        lock (_gate) _ledger.ReportDamage();
    }

    /// <summary>What is not stored yet, of a chat or of all, in the order in which the app sent.</summary>
    public IReadOnlyList<OutgoingMessage> Snapshot(long? chatId)
    {
        lock (_gate) return [.. _byId.Values.Where(message => chatId is null || message.ChatId == chatId).OrderBy(message => message.Number)];
    }

    /// <exception cref="ArgumentOutOfRangeException">A number in it cannot be sent: nobody is to find it out once it waits.</exception>
    public OutgoingMessage Add(long chatId, string text, long? replyTo, MessageContent? content = null)
    {
        lock (_gate)
        {
            var message = new OutgoingMessage(this, ++_lastNumber, options.TimeProvider.GetUtcNow(), chatId, text, replyTo, content);
            if (replyTo is not null || content is not null) RequestCheck.ThrowIfUnreadable(message.Request);
            message.Place.Bytes = Encoding.UTF8.GetByteCount(text);
            message.Place.IsOwners = _session is not null;
            if ((Refusal(message) ?? _ledger.Save(message)) is { } refusal) ShowFailed(message, refusal);
            else Enqueue(message);
            Pump();
            return message;
        }
    }

    /// <summary>Sends what waits over a new session, the oldest first.</summary>
    public void OnOnline(WireSession session, long principalId)
    {
        lock (_gate)
        {
            Recall();
            (_session, _isLeaving) = (session, false);
            _ofAnother = _ledger.Owner is { } owner && owner != principalId
                ? ChatException.Local(LocalErrorCode.OutboxOfAnother, $"The outbox is of principal {owner}, and {principalId} is signed in.")
                : null;
            if (_ofAnother is { } reason)
            {
                Disown();
                Abandon(reason);
            }
            else
            {
                foreach (OutgoingMessage message in _byId.Values) message.Place.IsOwners = true;
                FailExpired();
            }

            Pump();
        }
    }

    /// <summary>Sends nothing more over the present session; what is on its way may still be answered.</summary>
    public void OnGoodbye(WireSession session)
    {
        lock (_gate)
        {
            if (_session == session) _isLeaving = true;
        }
    }

    public void OnOffline()
    {
        lock (_gate)
        {
            _session = null;
            Recall();
        }
    }

    /// <summary>The client is closed: what waits has no future in this run.</summary>
    public void Close(ChatException reason)
    {
        lock (_gate)
        {
            _session = null;
            _closedBecause = reason;
            Recall();
            Abandon(reason);
        }
    }

    /// <summary>The push of an own message tells its fate as well as the reply does; whichever is first counts.</summary>
    public void OnOwnEvent(in WireEvent e)
    {
        if (e.ClientMessageId is { } id) OnStored(id, new SentMessage(e.ChatId, e.Sequence, WireMapping.ToTime(e.CreatedAtMs)));
    }

    /// <summary>So does history.</summary>
    public void OnShown(ChatMessage own) => OnStored(own.ClientMessageId, new SentMessage(own.ChatId, own.Sequence, own.CreatedAt));

    public bool Retry(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (message.State != OutgoingState.Failed) return false;

            bool wasKept = Leave(message);
            var before = (message.ClientMessageId, message.Number, message.QueuedAt, message.Error, message.Place.WentOut);
            // An id that was used for another content can never succeed.
            if (message.Error?.Code == (int)ErrorCode.ClientMessageIdReused) message.ClientMessageId = Guid.NewGuid();
            message.Place.WentOut &= message.Error?.Code == (int)LocalErrorCode.Expired; // of that one it is not known
            (message.Number, message.QueuedAt, message.Error) = (++_lastNumber, options.TimeProvider.GetUtcNow(), null);
            if ((Refusal(message) ?? _ledger.Save(message)) is not null)
            {
                (message.ClientMessageId, message.Number, message.QueuedAt, message.Error, message.Place.WentOut) = before;
                if (wasKept) Keep(message);
                return false;
            }

            if (message.ClientMessageId != before.ClientMessageId) _ledger.Remove(before.ClientMessageId);
            message.Renew();
            Enqueue(message);
            Pump();
            return true;
        }
    }

    public bool Cancel(OutgoingMessage message)
    {
        lock (_gate)
        {
            bool isFailed = message.State == OutgoingState.Failed;
            if (!IsKnown(message) || (message.Place.WentOut && !isFailed) || !_ledger.Remove(message.ClientMessageId)) return false;

            Leave(message);
            if (!isFailed) ShowFailed(message, ChatException.Local(LocalErrorCode.Cancelled, "The app took the message back."));
            Pump();
            return true;
        }
    }

    /// <summary>Changes a state and tells the app, in order.</summary>
    public void SetState(OutgoingMessage message, OutgoingState state)
    {
        if (message.SetState(state)) notifier.Post(() => message.RaiseStateChanged(state));
    }

    private void Enqueue(OutgoingMessage message)
    {
        if (!_chats.TryGetValue(message.ChatId, out ChatQueue? chat))
        {
            _chats.Add(message.ChatId, chat = new ChatQueue(message.ChatId));
            _turns.AddLast(chat.Turn);
        }

        message.Place.Node = chat.Messages.AddLast(message);
        Keep(message);
        SetState(message, OutgoingState.Queued);
    }

    private void Keep(OutgoingMessage message)
    {
        _byId[message.ClientMessageId] = message;
        _queuedBytes += message.Place.Bytes;
    }

    private bool IsKnown(OutgoingMessage message) => _byId.GetValueOrDefault(message.ClientMessageId) == message;

    /// <summary>Why a message is not taken; null if it is.</summary>
    private ChatException? Refusal(OutgoingMessage message)
    {
        if ((_closedBecause ?? _ofAnother) is { } reason) return reason;
        if (message.Place.Bytes > MaxTextBytes)
            return new ChatException(ErrorCode.TextTooLong, $"The text has {message.Place.Bytes} bytes; no frame holds it.");
        if (_queuedBytes + message.Place.Bytes > options.MaxOutboxBytes)
            return ChatException.Local(LocalErrorCode.OutboxFull, $"Over {options.MaxOutboxBytes} bytes wait already.");
        return _byId.Count < options.MaxOutboxMessages ? null
            : ChatException.Local(LocalErrorCode.OutboxFull, $"{options.MaxOutboxMessages} messages wait already.");
    }

    /// <summary>Takes back what the last session carried: it goes out again on the next one.</summary>
    private void Recall()
    {
        _onTheWay = 0;
        foreach (ChatQueue chat in _turns)
        {
            chat.Reset();
            foreach (OutgoingMessage message in chat.Messages)
            {
                if (message.Place.CarriedBy is null) continue;

                message.Place.CarriedBy = null;
                message.Place.InDoubtSince = options.TimeProvider.GetTimestamp();
                SetState(message, OutgoingState.Queued);
            }
        }
    }

    /// <summary>Gives every chat its turn, until the window is full.</summary>
    private void Pump()
    {
        if (_session is not { } session || _isLeaving || session.Ended.IsCancellationRequested) return;

        LinkedListNode<ChatQueue>? next;
        for (LinkedListNode<ChatQueue>? turn = _turns.First; turn is not null && _onTheWay < Window; turn = next)
        {
            next = turn.Next;
            SendFrom(turn.Value, session);
            if (!turn.Value.IsIdle) continue;

            _turns.Remove(turn);
            _chats.Remove(turn.Value.ChatId);
        }
    }

    private void SendFrom(ChatQueue chat, WireSession session)
    {
        foreach (OutgoingMessage message in chat.Messages)
        {
            if (_onTheWay >= Window || !chat.MayDepart(options.SendsInFlightPerChat)) return;
            if (message.Place.CarriedBy is not null) continue;

            message.Place.CarriedBy = session;
            if (!message.Place.WentOut)
            {
                message.Place.WentOut = true;
                _ledger.Update(message); // before it does: the next run must know that it may be stored
            }

            _onTheWay++;
            chat.Depart(message);
            SetState(message, OutgoingState.Sending);
            _ = FollowAsync(chat, message, session, session.CallAsync<SendMessageRequest, SentReply>(message.Request));
        }
    }

    private async Task FollowAsync(ChatQueue chat, OutgoingMessage message, WireSession session, Task<SentReply> reply)
    {
        try
        {
            // Forced off this stack: a call that fails at once must not change the queue that the caller goes through.
            SentReply sent = await reply.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            lock (_gate)
            {
                if (Release(chat, message, session)) chat.Settle(message);
                Settle(message, new SentMessage(sent.ChatId, sent.Sequence, WireMapping.ToTime(sent.CreatedAtMs)));
                Pump();
            }
        }
        catch (ChatException refused)
        {
            lock (_gate)
            {
                bool isPresent = Release(chat, message, session);
                bool isFinal = !refused.Retryable && !MayStillBeStored(message, refused) && !DropLink(message, refused);
                if (refused.Retryable && refused.Code is not ((int)ErrorCode.Busy or (int)ErrorCode.RateLimited))
                    message.Place.InDoubtSince = options.TimeProvider.GetTimestamp();
                if (isFinal || message.Place.Node is null) // null: its push was faster, it is stored
                {
                    if (isPresent) chat.Settle(message);
                    if (message.Place.Node is not null) Settle(message, refused);
                }
                else if (isPresent)
                {
                    HoldChat(chat, message, refused.RetryAfter);
                }

                Pump();
            }
        }
        catch (ConnectionLostException)
        {
            // Recalled when the client noticed; the next session carries it.
        }
    }

    /// <summary>
    /// A refusal that hangs on who is in the chat at the moment says nothing of an attempt that is still on its way: one that was not a
    /// member may be one when that is judged. So of a file or status that was there.
    /// </summary>
    private bool MayStillBeStored(OutgoingMessage message, ChatException refused) =>
        refused.Code is (int)ErrorCode.NotAMember or (int)ErrorCode.ChatNotFound or (int)ErrorCode.ReplyTargetNotFound
            or (int)ErrorCode.Blocked or (int)ErrorCode.NotAllowed or (int)ErrorCode.BlobNotFound or (int)ErrorCode.StatusNotFound
            or (int)ErrorCode.LinkTokenInvalid
        && message.Place.InDoubtSince is { } since && options.TimeProvider.GetElapsedTime(since) < LongestDoubt;

    /// <summary>The session does not carry the message any longer. False: it is not the present one, whose answers alone count.</summary>
    private bool Release(ChatQueue chat, OutgoingMessage message, WireSession session)
    {
        if (message.Place.CarriedBy != session || session != _session) return false;

        message.Place.CarriedBy = null;
        _onTheWay--;
        chat.OnTheWay--;
        _turns.Remove(chat.Turn);
        _turns.AddLast(chat.Turn);
        return true;
    }

    private void HoldChat(ChatQueue chat, OutgoingMessage message, TimeSpan? retryAfter)
    {
        SetState(message, OutgoingState.Queued);
        if (chat.Refuse(message, retryAfter) is not { } hold) return;

        TimeSpan pause = _backoff.Next(hold.Refusals - 1);
        _ = ResumeAsync(hold, pause < LongestPause ? pause : LongestPause);
    }

    private async Task ResumeAsync(ChatQueue.Hold hold, TimeSpan pause)
    {
        TimeSpan waited = TimeSpan.Zero;
        while (true)
        {
            lock (_gate)
            {
                if (hold.Least > pause) pause = hold.Least;
                if (waited >= pause)
                {
                    hold.Resume();
                    Pump();
                    return;
                }
            }

            await Task.Delay(pause - waited, options.TimeProvider).ConfigureAwait(false);
            waited = pause;
        }
    }

    /// <summary>What is kept goes without the link from now on: with it, it would be another message of the same id.</summary>
    private bool DropLink(OutgoingMessage message, ChatException refused)
    {
        if (!message.DropLink(refused)) return false;

        if (message.Place.Node is not null) _ledger.Update(message);
        return true;
    }

    private void OnStored(Guid id, SentMessage sent)
    {
        lock (_gate)
        {
            if (_byId.TryGetValue(id, out OutgoingMessage? message) && message.ChatId == sent.ChatId) Settle(message, sent);
        }
    }

    private void FailExpired()
    {
        foreach (OutgoingMessage message in _byId.Values.Where(message => message.Place.Node is not null && _ledger.IsExpired(message)).ToArray())
            Settle(message, ChatException.Local(LocalErrorCode.Expired, $"The message waited since {message.QueuedAt:u}: the person is to say whether it still goes out."));
    }

    /// <summary>
    /// Somebody else is signed in than the outbox is of. What was written before anybody was welcomed was theirs: the owner's next run must not
    /// find it there.
    /// </summary>
    private void Disown()
    {
        foreach (OutgoingMessage message in _byId.Values.Where(message => !message.Place.IsOwners)) _ledger.Remove(message.ClientMessageId);
    }

    /// <summary>Nothing goes out in this run any more; what is in the store stays there.</summary>
    private void Abandon(ChatException reason)
    {
        foreach (OutgoingMessage message in _byId.Values.OrderBy(message => message.Number).ToArray())
        {
            bool isFailed = message.Place.Node is null;
            Leave(message);
            if (!isFailed) ShowFailed(message, reason);
        }
    }

    private void Settle(OutgoingMessage message, SentMessage sent)
    {
        if (!Leave(message)) return;

        _ledger.Remove(message.ClientMessageId);
        if (message.State == OutgoingState.Failed) message.Renew(); // given up too early: it is stored after all
        (message.Sequence, message.Error) = (sent.Sequence, null);
        SetState(message, OutgoingState.Sent);
        message.Succeed(sent);
        onStored(message);
    }

    private void Settle(OutgoingMessage message, ChatException error)
    {
        if (!Leave(message)) return;

        ShowFailed(message, error);
        if (!_ledger.IsKept) return;

        Keep(message);
        _ledger.Update(message);
    }

    private void ShowFailed(OutgoingMessage message, ChatException error)
    {
        message.Error = error;
        SetState(message, OutgoingState.Failed);
        message.Fail(error);
    }

    private bool Leave(OutgoingMessage message)
    {
        if (!IsKnown(message)) return false;

        if (message.Place.Node is { } node)
        {
            node.List!.Remove(node);
            message.Place.Node = null;
        }

        _byId.Remove(message.ClientMessageId);
        _queuedBytes -= message.Place.Bytes;
        return true;
    }
}
