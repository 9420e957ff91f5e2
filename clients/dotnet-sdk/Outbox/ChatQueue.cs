namespace Chat.Sdk.Outbox;

/// <summary>The messages of one chat that are not stored yet, in the order in which the app sent them. Guarded by the outbox.</summary>
internal sealed class ChatQueue
{
    private Hold? _hold;

    public ChatQueue(long chatId) => (ChatId, Turn) = (chatId, new LinkedListNode<ChatQueue>(this));

    public long ChatId { get; }

    /// <summary>Its place among the chats.</summary>
    public LinkedListNode<ChatQueue> Turn { get; }

    public LinkedList<OutgoingMessage> Messages { get; } = [];

    /// <summary>Sends that the present session has not answered.</summary>
    public int OnTheWay { get; set; }

    /// <summary>Nothing waits, and no answer is missing.</summary>
    public bool IsIdle => Messages.Count == 0 && OnTheWay == 0;

    /// <summary>Whether one more may go out. After a refusal it is one alone, once the pause is over.</summary>
    public bool MayDepart(int limit) => OnTheWay < limit && _hold is null or { IsPaused: false, Probe: null };

    public void Depart(OutgoingMessage message)
    {
        OnTheWay++;
        if (_hold is not null) _hold.Probe = message;
    }

    /// <summary>A message got its final answer. Only the one that went ahead after a refusal lets the others follow.</summary>
    public void Settle(OutgoingMessage message)
    {
        if (_hold?.Probe == message) _hold = null;
    }

    /// <summary>Lets all messages wait, so that the refused one keeps its place before those behind it. Null: they wait already.</summary>
    public Hold? Refuse(OutgoingMessage message, TimeSpan? retryAfter)
    {
        if (_hold is not null && _hold.Probe != message)
        {
            _hold.Raise(retryAfter);
            return null;
        }

        _hold ??= new Hold();
        _hold.Pause(retryAfter);
        return _hold;
    }

    /// <summary>A new session: what an older one refused is no reason to wait.</summary>
    public void Reset() => (_hold, OnTheWay) = (null, 0);

    /// <summary>Why the chat's messages wait: a pause, then one that goes ahead.</summary>
    internal sealed class Hold
    {
        public bool IsPaused { get; private set; }

        public int Refusals { get; private set; }

        /// <summary>The least pause that the service asked for.</summary>
        public TimeSpan Least { get; private set; }

        public OutgoingMessage? Probe { get; set; }

        public void Pause(TimeSpan? least)
        {
            (IsPaused, Probe, Least) = (true, null, least ?? TimeSpan.Zero);
            Refusals++;
        }

        /// <summary>Another message, on its way with the refused one, was refused too.</summary>
        public void Raise(TimeSpan? least)
        {
            if (IsPaused && least > Least) Least = least.Value;
        }

        public void Resume() => IsPaused = false;
    }
}
