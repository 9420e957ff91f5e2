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
/// Sends messages in the order of their chat and keeps each until its fate is known: over lost connections, and through
/// <c>busy</c>, always under the same id (protocol-spec.md §6.4). Thread-safe.
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
    private readonly Dictionary<Guid, OutgoingMessage> _byId = [];
    private readonly Backoff _backoff = new(options.Random);
    private WireSession? _session;
    private bool _isLeaving;
    private long _lastNumber;
    private int _queuedBytes;
    private int _onTheWay;
    private ChatException? _closedBecause;

    public OutgoingMessage Add(long chatId, string text, long? replyTo, MessageContent? content = null)
    {
        lock (_gate)
        {
            var message = new OutgoingMessage(this, ++_lastNumber, chatId, text, replyTo, content);
            message.Place.Bytes = Encoding.UTF8.GetByteCount(text);
            if (_closedBecause is not null)
                Settle(message, _closedBecause);
            else if (message.Place.Bytes > MaxTextBytes)
                Settle(message, new ChatException(ErrorCode.TextTooLong, $"The text has {message.Place.Bytes} bytes; no frame holds it."));
            else if (_queuedBytes + message.Place.Bytes > options.MaxOutboxBytes)
                Settle(message, ChatException.Local(LocalErrorCode.OutboxFull, $"Over {options.MaxOutboxBytes} bytes wait already."));
            else
                Enqueue(message);
            return message;
        }
    }

    /// <summary>Sends what waits over a new session, the oldest first.</summary>
    public void OnOnline(WireSession session)
    {
        lock (_gate)
        {
            Recall();
            (_session, _isLeaving) = (session, false);
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

    /// <summary>The client is closed: what waits has no future.</summary>
    public void Close(ChatException reason)
    {
        lock (_gate)
        {
            _session = null;
            _closedBecause = reason;
            Recall();
            foreach (OutgoingMessage message in _byId.Values.OrderBy(message => message.Number).ToArray()) Settle(message, reason);
        }
    }

    /// <summary>The push of an own message tells its fate as well as the reply does; whichever is first counts.</summary>
    public void OnOwnEvent(in WireEvent e)
    {
        if (e.ClientMessageId is not { } id) return;

        lock (_gate)
        {
            if (_byId.TryGetValue(id, out OutgoingMessage? message) && message.ChatId == e.ChatId)
                Settle(message, new SentMessage(e.ChatId, e.Sequence, WireMapping.ToTime(e.CreatedAtMs)));
        }
    }

    public bool Retry(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (message.State != OutgoingState.Failed || _closedBecause is not null) return false;

            // An id that was used for another content can never succeed.
            if (message.Error?.Code == (int)ErrorCode.ClientMessageIdReused) message.ClientMessageId = Guid.NewGuid();
            message.Error = null;
            message.Place.WentOut = false;
            message.Renew();
            Enqueue(message);
            return true;
        }
    }

    public bool Cancel(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (message.Place.Node is null || message.Place.WentOut) return false;

            Settle(message, ChatException.Local(LocalErrorCode.Cancelled, "The app took the message back."));
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
        _byId[message.ClientMessageId] = message;
        _queuedBytes += message.Place.Bytes;
        SetState(message, OutgoingState.Queued);
        Pump();
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
            message.Place.WentOut = true;
            _onTheWay++;
            chat.Depart(message);
            SetState(message, OutgoingState.Sending);
            var request = new SendMessageRequest(message.ChatId, message.ClientMessageId, message.Text, message.ReplyTo, message.Wire);
            _ = FollowAsync(chat, message, session, session.CallAsync<SendMessageRequest, SentReply>(in request));
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
                bool isFinal = !refused.Retryable && !MayStillBeStored(message, refused) && !message.DropLink(refused);
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

    private void Settle(OutgoingMessage message, SentMessage sent)
    {
        if (!Leave(message)) return;

        message.Sequence = sent.Sequence;
        SetState(message, OutgoingState.Sent);
        message.Succeed(sent);
        onStored(message);
    }

    private void Settle(OutgoingMessage message, ChatException error)
    {
        if (message.Place.Node is not null && !Leave(message)) return;

        message.Error = error;
        SetState(message, OutgoingState.Failed);
        message.Fail(error);
    }

    private bool Leave(OutgoingMessage message)
    {
        if (message.Place.Node is not { } node) return false;

        node.List!.Remove(node);
        message.Place.Node = null;
        _byId.Remove(message.ClientMessageId);
        _queuedBytes -= message.Place.Bytes;
        return true;
    }
}
