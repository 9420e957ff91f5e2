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

    private readonly Lock _gate = new();
    private readonly LinkedList<OutgoingMessage> _queue = [];
    private readonly Dictionary<Guid, OutgoingMessage> _byId = [];
    private readonly Dictionary<long, ChatHold> _holds = [];
    private readonly Backoff _backoff = new(options.Random);
    private WireSession? _session;
    private long _lastNumber;
    private int _queuedBytes;
    private int _onTheWay;
    private ChatException? _closedBecause;

    public OutgoingMessage Add(long chatId, string text, long? replyTo)
    {
        lock (_gate)
        {
            var message = new OutgoingMessage(this, ++_lastNumber, chatId, text, replyTo);
            message.Place.Bytes = Encoding.UTF8.GetByteCount(text);
            if (_closedBecause is not null)
                Settle(message, _closedBecause);
            else if (message.Place.Bytes > MaxTextBytes)
                Settle(message, new ChatException(ErrorCode.TextTooLong, $"The text has {message.Place.Bytes} bytes; no frame holds it."));
            else if (_queuedBytes + message.Place.Bytes > options.MaxOutboxBytes)
                Settle(message, new ChatException(ErrorCode.Busy, $"Over {options.MaxOutboxBytes} bytes wait to be sent already."));
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
            _session = session;
            _holds.Clear();
            Pump();
        }
    }

    /// <summary>Sends nothing more over the present session; what is on its way may still be answered.</summary>
    public void OnGoodbye(WireSession session)
    {
        lock (_gate)
        {
            if (_session == session) _session = null;
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
            while (_queue.First is { } first) Settle(first.Value, reason);
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

            Settle(message, new ChatException(0, "cancelled", "The app took the message back.", retryable: false));
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
        message.Place.Node = _queue.AddLast(message);
        _byId[message.ClientMessageId] = message;
        _queuedBytes += message.Place.Bytes;
        SetState(message, OutgoingState.Queued);
        Pump();
    }

    /// <summary>Takes back what the last session carried: it goes out again on the next one.</summary>
    private void Recall()
    {
        _onTheWay = 0;
        foreach (OutgoingMessage message in _queue)
        {
            if (message.Place.CarriedBy is null) continue;

            message.Place.CarriedBy = null;
            SetState(message, OutgoingState.Queued);
        }
    }

    private void Pump()
    {
        if (_session is not { } session || session.Ended.IsCancellationRequested) return;

        for (LinkedListNode<OutgoingMessage>? node = _queue.First; node is not null && _onTheWay < Window; node = node.Next)
        {
            OutgoingMessage message = node.Value;
            if (message.Place.CarriedBy is not null) continue;
            if (_holds.TryGetValue(message.ChatId, out ChatHold? hold) && !hold.TryPass(message)) continue;

            message.Place.CarriedBy = session;
            message.Place.WentOut = true;
            _onTheWay++;
            SetState(message, OutgoingState.Sending);
            var request = new SendMessageRequest(message.ChatId, message.ClientMessageId, message.Text, message.ReplyTo);
            _ = FollowAsync(message, session, session.CallAsync<SendMessageRequest, SentReply>(in request));
        }
    }

    private async Task FollowAsync(OutgoingMessage message, WireSession session, Task<SentReply> reply)
    {
        try
        {
            SentReply sent = await reply.ConfigureAwait(false);
            lock (_gate)
            {
                _holds.Remove(message.ChatId);
                Release(message, session);
                Settle(message, new SentMessage(sent.ChatId, sent.Sequence, WireMapping.ToTime(sent.CreatedAtMs)));
                Pump();
            }
        }
        catch (ChatException refused)
        {
            lock (_gate)
            {
                Release(message, session);
                if (refused.Retryable)
                {
                    HoldChat(message, refused.RetryAfter);
                }
                else
                {
                    _holds.Remove(message.ChatId);
                    Settle(message, refused);
                }

                Pump();
            }
        }
        catch (ConnectionLostException)
        {
            // Recalled when the client noticed; the next session carries it.
        }
    }

    /// <summary>The session does not carry the message any longer.</summary>
    private void Release(OutgoingMessage message, WireSession session)
    {
        if (message.Place.CarriedBy != session) return;

        message.Place.CarriedBy = null;
        if (session == _session) _onTheWay--;
    }

    /// <summary>Lets the chat's messages wait, so that the refused one keeps its place before those behind it.</summary>
    private void HoldChat(OutgoingMessage message, TimeSpan? retryAfter)
    {
        if (message.Place.Node is null) return; // its push was faster

        SetState(message, OutgoingState.Queued);
        if (!_holds.TryGetValue(message.ChatId, out ChatHold? hold)) _holds.Add(message.ChatId, hold = new ChatHold());
        if (hold.IsHeld || (hold.Probe is not null && hold.Probe != message)) return;

        (hold.IsHeld, hold.Probe) = (true, null);
        TimeSpan pause = _backoff.Next(hold.Refusals++);
        if (retryAfter > pause) pause = retryAfter.Value;
        _ = UnholdAsync(hold, pause);
    }

    private async Task UnholdAsync(ChatHold hold, TimeSpan pause)
    {
        await Task.Delay(pause, options.TimeProvider).ConfigureAwait(false);
        lock (_gate)
        {
            hold.IsHeld = false;
            Pump();
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

        _queue.Remove(node);
        message.Place.Node = null;
        _byId.Remove(message.ClientMessageId);
        _queuedBytes -= message.Place.Bytes;
        return true;
    }

    /// <summary>A chat whose messages wait after a refusal; then one goes ahead, and the others follow when it was taken.</summary>
    private sealed class ChatHold
    {
        public bool IsHeld { get; set; }

        public int Refusals { get; set; }

        public OutgoingMessage? Probe { get; set; }

        public bool TryPass(OutgoingMessage message)
        {
            if (IsHeld || Probe is not null) return false;

            Probe = message;
            return true;
        }
    }
}
