using Chat.Domain.Fanout;

namespace Chat.Domain.Limits;

/// <summary>
/// Says who may do what now: by the rates of <see cref="LimitSettings"/>, counted for each principal, by those of its kind, and for each chat on
/// this node, and by how much the node has to do (<see cref="Overload"/>). What gives way first: typing, then older history, then catching up, then sends (promise
/// P12). It judges before acceptance only: a message that was taken is never refused.
/// </summary>
/// <remarks>Thread-safe. Nothing is allocated for what is admitted.</remarks>
public sealed class RequestLimits(LiveSettings settings, Overload overload, IEphemeralFanout fanout, TimeProvider time)
{
    private const int MaxPrincipals = 200_000;
    private const int MaxChats = 200_000;

    /// <summary>Pages that close a gap come first, and a reconnect asks for many at once: this many times the rate of history.</summary>
    private const int CatchUpFactor = 10;

    /// <summary>
    /// Refused messages of one principal that may reach the chat log: a refusal makes it judge its next batches one by one.
    /// </summary>
    private const double RefusalsPerSecond = 2;
    private const int RefusalBurst = 10;

    private readonly KeyedBuckets _requests = new(MaxPrincipals);
    private readonly KeyedBuckets _sends = new(MaxPrincipals);
    private readonly KeyedBuckets _chats = new(MaxChats);
    private readonly KeyedBuckets _history = new(MaxPrincipals);
    private readonly KeyedBuckets _catchUps = new(MaxPrincipals);
    private readonly KeyedBuckets _typing = new(MaxPrincipals);
    private readonly KeyedBuckets _lookups = new(MaxPrincipals);
    private readonly KeyedBuckets _uploads = new(MaxPrincipals);
    private readonly KeyedBuckets _parts = new(MaxPrincipals);
    private readonly KeyedBuckets _links = new(MaxPrincipals);
    private readonly KeyedBuckets _downloads = new(MaxPrincipals);
    private readonly KeyedBuckets _statuses = new(MaxPrincipals);
    private readonly KeyedBuckets _scheduled = new(MaxPrincipals);
    private readonly KeyedBuckets _calls = new(MaxPrincipals);
    private readonly KeyedBuckets _callSignals = new(MaxPrincipals);
    private readonly KeyedBuckets _searches = new(MaxPrincipals);
    private readonly KeyedBuckets _previews = new(MaxPrincipals);
    private readonly KeyedBuckets _messageInfos = new(MaxPrincipals);
    private readonly KeyedBuckets _refusals = new(MaxPrincipals);
    private readonly KeyedBuckets _refusalsInChats = new(MaxPrincipals);
    private readonly TokenBucket _refusal = new(RefusalsPerSecond, RefusalBurst, time.TimestampFrequency);
    private int _hasRefusals;

    public LimitSettings Settings => settings.Limits;

    /// <summary>Null when the principal may send a message to the chat now.</summary>
    public Failure? JudgeSend(Caller caller, long chatId)
    {
        if (overload.Level >= LoadLevel.Full) return Busy("send");
        LimitSettings limits = settings.Limits;
        Rate rate = settings.RatesOf(caller.Kind).Sends;
        long principalId = caller.PrincipalId;
        bool isLimited = rate.PerSecond > 0 || limits.ChatMessagesPerSecond > 0;
        if (!isLimited && Volatile.Read(ref _hasRefusals) == 0) return null;

        long now = time.GetTimestamp();
        if (Volatile.Read(ref _hasRefusals) == 1)
        {
            // Known here as a member is reason enough; not known proves nothing, so this is never an answer to the question itself.
            TimeSpan refused = _refusals.Peek(principalId, _refusal, now);
            if (refused > TimeSpan.Zero && !fanout.IsMemberOnline(chatId, principalId)) return Limited("refusals", refused);
            refused = _refusalsInChats.Peek(PairKey(principalId, chatId), _refusal, now); // a member may be one who only reads
            if (refused > TimeSpan.Zero) return Limited("refusals", refused);
        }

        TokenBucket sends = Bucket(rate.PerSecond, rate.Burst);
        TimeSpan wait = _sends.Take(principalId, sends, now);
        if (wait > TimeSpan.Zero) return Limited("send", wait);
        wait = _chats.Take(chatId, Bucket(limits.ChatMessagesPerSecond, limits.ChatMessagesBurst), now);
        if (wait == TimeSpan.Zero) return null;
        _sends.Return(principalId, sends); // a busy chat is no reason to be slower in another one
        return Limited("chat", wait);
    }

    /// <summary>
    /// Null when the principal may change something of their own now: a star, a block, their profile, a draft. It is an event of their inbox, and
    /// counts as a message for their rate; no chat of others becomes busy by it.
    /// </summary>
    public Failure? JudgeOwnChange(Caller caller) => Judge(_sends, caller, RatesOf(caller).Sends, "own_change");

    /// <summary>Null when the principal may make another request over REST now, whatever it asks for.</summary>
    public Failure? JudgeRequest(Caller caller) => Judge(_requests, caller, RatesOf(caller).Requests, "request");

    /// <summary>
    /// A message of this principal that was admitted, or a change of one, was refused: not a member, not one who writes here, no such chat, a
    /// used id. It costs the chat nothing: or else a few who may only read would keep it full for those who may write.
    /// </summary>
    public void NoteRefusal(long principalId, long chatId)
    {
        long now = time.GetTimestamp();
        Volatile.Write(ref _hasRefusals, 1);
        _refusals.Take(principalId, _refusal, now);
        _refusalsInChats.Take(PairKey(principalId, chatId), _refusal, now);
        LimitSettings limits = settings.Limits;
        if (limits.ChatMessagesPerSecond > 0) _chats.Return(chatId, Bucket(limits.ChatMessagesPerSecond, limits.ChatMessagesBurst));
    }

    /// <summary>Null when the principal may read a page now.</summary>
    /// <param name="isCatchingUp">The page closes a gap: what comes after a sequence.</param>
    public Failure? JudgeHistory(Caller caller, bool isCatchingUp)
    {
        string kind = isCatchingUp ? "catch_up" : "history";
        if (overload.Level >= (isCatchingUp ? LoadLevel.Full : LoadLevel.High)) return Busy(kind);
        Rate rate = RatesOf(caller).History;
        return isCatchingUp
            ? Judge(_catchUps, caller, new Rate(rate.PerSecond * CatchUpFactor, rate.Burst * CatchUpFactor), kind)
            : Judge(_history, caller, rate, kind);
    }

    /// <summary>Null when the principal may look somebody up now.</summary>
    public Failure? JudgeLookup(Caller caller) => Judge(_lookups, caller, RatesOf(caller).Lookups, "lookup");

    /// <summary>Null when the principal may search now. Under load it gives way with older history.</summary>
    public Failure? JudgeSearch(Caller caller)
    {
        if (overload.Level >= LoadLevel.High) return Busy("search");
        return Judge(_searches, caller, RatesOf(caller).Searches, "search");
    }

    /// <summary>Null when the principal may ask now who has got and read a message. Under load it gives way with older history.</summary>
    public Failure? JudgeMessageInfo(Caller caller)
    {
        if (overload.Level >= LoadLevel.High) return Busy("message_info");
        return Judge(_messageInfos, caller, RatesOf(caller).MessageInfos, "message_info");
    }

    /// <summary>Null when the principal may begin an upload now. Under load it gives way with older history: it can be tried
    /// again.</summary>
    public Failure? JudgeUpload(Caller caller)
    {
        if (overload.Level >= LoadLevel.High) return Busy("upload");
        return Judge(_uploads, caller, RatesOf(caller).Uploads, "upload");
    }

    /// <summary>Null when the principal may post a status now. Each is told to all whom it is for, so it gives way with older history.</summary>
    public Failure? JudgeStatus(Caller caller)
    {
        if (overload.Level >= LoadLevel.High) return Busy("status");
        return Judge(_statuses, caller, RatesOf(caller).Statuses, "status");
    }

    /// <summary>Null when the principal may schedule a message now, or change one. Under load it gives way with older history.</summary>
    public Failure? JudgeScheduled(Caller caller)
    {
        if (overload.Level >= LoadLevel.High) return Busy("scheduled");
        return Judge(_scheduled, caller, RatesOf(caller).Scheduled, "scheduled");
    }

    /// <summary>Null when the principal may ask for a page's preview now. Under load it gives way with older history: a message goes without it.</summary>
    public Failure? JudgePreview(Caller caller)
    {
        if (overload.Level >= LoadLevel.High) return Busy("preview");
        return Judge(_previews, caller, RatesOf(caller).Previews, "preview");
    }

    /// <summary>Null when the principal may send a part of an upload now, or complete one.</summary>
    public Failure? JudgePart(Caller caller) => Judge(_parts, caller, RatesOf(caller).UploadParts, "upload_part");

    /// <summary>Null when the principal may ask for a link to a file now.</summary>
    public Failure? JudgeLink(Caller caller) => Judge(_links, caller, RatesOf(caller).FileReads, "file_link");

    /// <summary>Null when a link that was given to the principal may open its file now, whoever holds it.</summary>
    public Failure? JudgeDownload(Caller caller) => Judge(_downloads, caller, RatesOf(caller).FileReads, "download");

    /// <summary>Null when the principal may start a call now. Under load it gives way with what is new: those that are live go on.</summary>
    public Failure? JudgeCall(Caller caller)
    {
        if (overload.Level >= LoadLevel.Full) return Busy("call");
        return Judge(_calls, caller, RatesOf(caller).Calls, "call");
    }

    /// <summary>Null when the principal may pass something on in its call now, or say that it is there.</summary>
    public Failure? JudgeCallSignal(Caller caller) => Judge(_callSignals, caller, RatesOf(caller).CallSignals, "call_signal");

    /// <summary>
    /// Whether a typing notice is passed on. One that is not is dropped without a word: the next one heals it (protocol-spec.md §8.6).
    /// </summary>
    public bool AdmitsTyping(Caller caller, long chatId)
    {
        Rate rate = RatesOf(caller).Typing;
        bool isAdmitted = overload.Level < LoadLevel.Raised;
        if (isAdmitted && rate.PerSecond > 0)
        {
            long key = PairKey(caller.PrincipalId, chatId);
            isAdmitted = _typing.Take(key, Bucket(rate.PerSecond, rate.Burst), time.GetTimestamp()) == TimeSpan.Zero;
        }

        if (!isAdmitted) LimitMetrics.DroppedTyping.Add(1);
        return isAdmitted;
    }

    /// <summary>
    /// One key for two ids. Spread by an odd number near 2^64 / golden ratio, so that small ids, which are what there are, share none: with a
    /// plain sum or a small factor, one person's typing would be counted as another's in the next chat.
    /// </summary>
    private static long PairKey(long principalId, long chatId) => unchecked((principalId * (long)0x9E3779B97F4A7C15UL) ^ chatId);

    /// <summary>Null when the principal has a token left, or the rate is no limit.</summary>
    private Failure? Judge(KeyedBuckets buckets, Caller caller, Rate rate, string kind)
    {
        if (rate.PerSecond <= 0) return null;

        TimeSpan wait = buckets.Take(caller.PrincipalId, Bucket(rate.PerSecond, rate.Burst), time.GetTimestamp());
        return wait > TimeSpan.Zero ? Limited(kind, wait) : null;
    }

    private PrincipalRates RatesOf(Caller caller) => settings.RatesOf(caller.Kind);

    private TokenBucket Bucket(double perSecond, double burst) => new(perSecond, burst, time.TimestampFrequency);

    private static Failure Limited(string kind, TimeSpan wait)
    {
        LimitMetrics.Limited(kind);
        return Failures.RateLimited(wait);
    }

    private Failure Busy(string kind)
    {
        LimitMetrics.Busy(kind);
        return Failures.Busy(overload.RetryAfter);
    }
}
