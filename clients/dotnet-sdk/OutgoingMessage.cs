using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Outbox;
using Chat.Sdk.Sync;

namespace Chat.Sdk;

/// <summary>How far a message of one's own has come.</summary>
public enum OutgoingState : byte
{
    /// <summary>Waits for the connection, or for its turn.</summary>
    Queued = 0,

    /// <summary>On its way; whether it is stored is not known yet.</summary>
    Sending = 1,

    /// <summary>Stored: it has its sequence, for good.</summary>
    Sent = 2,

    /// <summary>Every other member has got it.</summary>
    Delivered = 3,

    /// <summary>Every other member has read it.</summary>
    Read = 4,

    /// <summary>Refused for good: it does not exist and will not, unless <see cref="OutgoingMessage.Retry"/> is called.</summary>
    Failed = 5,
}

/// <summary>
/// A message that the app sent. It is kept over lost connections, with <see cref="ChatClientOptions.OutboxStore"/> over restarts of the app too,
/// and sent again under the same id, until the service says that it is stored or refused. Thread-safe.
/// </summary>
public sealed class OutgoingMessage
{
    private readonly MessageOutbox _outbox;
    private volatile OutgoingState _state;
    private TaskCompletionSource<SentMessage> _sent = NewOutcome();

    internal OutgoingMessage(
        MessageOutbox outbox, long number, DateTimeOffset queuedAt, long chatId, string text, long? replyTo, MessageContent? content)
    {
        (_outbox, Number, QueuedAt, ChatId, Text, ReplyTo, Content) = (outbox, number, queuedAt, chatId, text, replyTo, content);
        Wire = ContentMapping.ToWire(content);
        ClientMessageId = Guid.NewGuid();
    }

    /// <summary>One that an earlier run left.</summary>
    internal OutgoingMessage(MessageOutbox outbox, in OutboxEntry entry)
    {
        SendMessageRequest request = entry.Request;
        (_outbox, Number, QueuedAt) = (outbox, entry.Number, entry.QueuedAt);
        (ChatId, ClientMessageId, Text, ReplyTo) = (request.ChatId, request.ClientMessageId, request.Text, request.ReplyTo);
        (Wire, Content, Error) = (request.Content, ContentMapping.ToContent(request.Content), entry.Failure);
        Place.WentOut = entry.WentOut;
    }

    /// <summary>Raised on every change of <see cref="State"/>, in order.</summary>
    public event Action<OutgoingState>? StateChanged;

    /// <summary>The chat.</summary>
    public long ChatId { get; }

    /// <summary>The key that makes sending it again safe.</summary>
    public Guid ClientMessageId { get; internal set; }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>The message that this one answers.</summary>
    public long? ReplyTo { get; }

    /// <summary>What it is beside its text. Its link is left out when the service does not take it any more.</summary>
    public MessageContent? Content { get; private set; }

    /// <summary>When the app sent it, or sent it again, by the system's clock.</summary>
    public DateTimeOffset QueuedAt { get; internal set; }

    /// <summary>How far it has come.</summary>
    public OutgoingState State => _state;

    /// <summary>The sequence, once stored.</summary>
    public long? Sequence { get; internal set; }

    /// <summary>Why it was refused.</summary>
    public ChatException? Error { get; internal set; }

    /// <summary>Completes when the message is stored; fails with <see cref="ChatException"/> when it is refused for good.</summary>
    public Task<SentMessage> Sent => Volatile.Read(ref _sent).Task;

    /// <summary>The order in which the app sent; the outbox keeps it within a chat.</summary>
    internal long Number { get; set; }

    /// <summary>The content as it goes out.</summary>
    internal WireContent? Wire { get; private set; }

    /// <summary>As it is sent.</summary>
    internal SendMessageRequest Request => new(ChatId, ClientMessageId, Text, ReplyTo, Wire);

    /// <summary>What the outbox knows of its way. Guarded by the outbox.</summary>
    internal OutboxPlace Place { get; } = new();

    /// <summary>
    /// Sends a failed message once more, at the end of the queue. False: it has not failed, or cannot be taken at the moment (a full outbox, a
    /// store that cannot be written, a closed client); then it stays as it is.
    /// </summary>
    public bool Retry() => _outbox.Retry(this);

    /// <summary>
    /// Takes a message back that did not go out yet; of those that failed, forgets one that <see cref="ChatClientOptions.OutboxStore"/> keeps.
    /// False: it did go out, or the store cannot be written and it stays as it is.
    /// </summary>
    public bool Cancel() => _outbox.Cancel(this);

    internal bool SetState(OutgoingState state)
    {
        if (_state == state) return false;

        _state = state;
        return true;
    }

    internal void RaiseStateChanged(OutgoingState state) => StateChanged?.Invoke(state);

    internal void Succeed(SentMessage sent) => _sent.TrySetResult(sent);

    internal void Fail(ChatException error)
    {
        _sent.TrySetException(error);
        _ = _sent.Task.Exception; // seen: an app that watches State only must not get an unobserved exception
    }

    /// <summary>Leaves out a link that was refused for good, so that the text may go (protocol-spec.md §8.16). False: it was not the link.</summary>
    internal bool DropLink(ChatException refused)
    {
        if (Content?.Link is not { } link) return false;
        if (refused.Code != (int)ErrorCode.LinkTokenInvalid && (refused.Code != (int)ErrorCode.BlobNotFound || link.Image is null)) return false;

        Content = Content with { Link = null };
        Wire = ContentMapping.ToWire(Content);
        return true;
    }

    internal void Renew() => Volatile.Write(ref _sent, NewOutcome());

    private static TaskCompletionSource<SentMessage> NewOutcome() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
