using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;

namespace Chat.Sdk.Sync;

/// <summary>Keeps the summaries of the principal's chats up to date. Thread-safe; never calls out with its gate held.</summary>
internal sealed class ChatDirectory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Entry> _chats = [];

    /// <summary>The signed-in principal.</summary>
    public long Me { get; set; }

    /// <summary>The pinned ones, then the others, the most recently active first.</summary>
    public IReadOnlyList<ChatSummary> Snapshot()
    {
        IEnumerable<ChatSummary> chats;
        lock (_gate) chats = [.. _chats.Values.Select(entry => entry.Summary)];
        return
        [
            .. chats.OrderByDescending(chat => chat.Own.IsPinned).ThenByDescending(chat => chat.LastActivity)
                .ThenByDescending(chat => chat.ChatId),
        ];
    }

    public ChatSummary? Find(long chatId)
    {
        lock (_gate) return _chats.GetValueOrDefault(chatId)?.Summary;
    }

    /// <summary>A chat's rank among those that one wants to be resumed.</summary>
    public long Rank(long chatId) => Find(chatId)?.LastActivity.UtcTicks ?? 0;

    public ChatListChangeKind Set(in WireChat chat)
    {
        ChatLogEvent? last = chat.LastEvent is { } e ? WireMapping.ToEvent(in e, chat.Epoch, Me) : null;
        lock (_gate)
        {
            bool isListed = _chats.TryGetValue(chat.ChatId, out Entry? entry);
            ChatSummary? old = entry?.Epoch == chat.Epoch ? entry.Summary : null;
            if (old is null) _chats[chat.ChatId] = entry = new Entry(chat.Epoch);
            entry!.Unread.Settle(chat.HeadSequence, chat.ReadUpTo, chat.Unread);
            var fresh = new ChatSummary
            {
                ChatId = chat.ChatId,
                Kind = chat.Kind,
                Name = chat.Name ?? chat.PeerName,
                PeerName = chat.PeerName,
                Role = chat.Role,
                JoinedAtSequence = chat.JoinedAtSequence,
                HeadSequence = chat.HeadSequence,
                DeliveredUpTo = Math.Max(chat.DeliveredUpTo, old?.DeliveredUpTo ?? 0),
                ReadUpTo = Math.Max(chat.ReadUpTo, old?.ReadUpTo ?? 0),
                OthersDeliveredUpTo = Math.Max(chat.OthersDeliveredUpTo, old?.OthersDeliveredUpTo ?? 0),
                OthersReadUpTo = Math.Max(chat.OthersReadUpTo, old?.OthersReadUpTo ?? 0),
                MemberCount = chat.MemberCount,
                PeerId = chat.PeerId,
                LastEvent = last,
                LastActivity = WireMapping.ToTime(chat.LastActivityMs),
                Own = OwnSince(in chat, old),
                Mentions = entry.NewestMentions(in chat),
                Details = WireMapping.ToDetails(chat.Details),
            };
            entry.Set(old is not null && old.HeadSequence > chat.HeadSequence ? Since(fresh, old) : fresh);
            return isListed ? ChatListChangeKind.Updated : ChatListChangeKind.Added;
        }
    }

    public bool Remove(long chatId)
    {
        lock (_gate) return _chats.Remove(chatId);
    }

    /// <summary>Brings a summary up to an event that was taken. False: the chat has no summary yet.</summary>
    public bool Apply(in WireEvent e, long epoch)
    {
        lock (_gate)
        {
            if (!_chats.TryGetValue(e.ChatId, out Entry? entry)) return false;
            ChatSummary chat = entry.Summary;
            entry.Unread.Take(e.Sequence, e.Kind);
            // One's own message counts as read, from whichever device (protocol-spec.md §8.5).
            if (e.SenderId == Me && e.Kind == EventKind.Message) chat = RaiseOwn(chat, e.Sequence, e.Sequence);
            if (e.Sequence < chat.HeadSequence)
            {
                entry.Set(chat); // the summary is newer than what the log is still taking
                return true;
            }

            ChatLogEvent next = WireMapping.ToEvent(in e, epoch, Me);
            entry.Set(chat with
            {
                HeadSequence = e.Sequence,
                LastEvent = After(chat.LastEvent, next),
                LastActivity = IsQuiet(next) ? chat.LastActivity : WireMapping.ToTime(e.CreatedAtMs),
                Name = e.Kind == EventKind.Renamed ? e.Text : chat.Name,
                Role = e.Kind == EventKind.RoleChanged && e.SubjectId == Me ? e.Role ?? chat.Role : chat.Role,
                Own = e.Kind == EventKind.Message && e.Sequence > chat.HeadSequence ? AfterMessage(chat.Own, WireMapping.ToTime(e.CreatedAtMs)) : chat.Own,
                MemberCount = e.Sequence == chat.HeadSequence ? chat.MemberCount : chat.MemberCount + MemberDelta(e.Kind),
            });
            return true;
        }
    }

    /// <summary>Takes a newer picture of a chat's last event.</summary>
    public bool Replace(ChatLogEvent fresh)
    {
        lock (_gate)
        {
            if (!_chats.TryGetValue(fresh.ChatId, out Entry? entry) || entry.Summary.LastEvent?.Sequence != fresh.Sequence) return false;

            entry.Set(entry.Summary with { LastEvent = fresh });
            return true;
        }
    }

    /// <summary>What is done to a message is shown with it, not in place of it.</summary>
    private static ChatLogEvent? After(ChatLogEvent? last, ChatLogEvent next) =>
        !IsQuiet(next) ? next : last is ChatMessage message && next is ChatMessageChange change ? message.With(change) : last;

    /// <summary>It neither is shown in a list nor brings the chat to its top.</summary>
    private static bool IsQuiet(ChatLogEvent e) => e is ChatMessageChange || e.Kind == EventKind.ReaderRemoved;

    /// <summary>
    /// Whether an event that was taken leaves open how much is unread, or what of it mentions one, which is for the service to say
    /// (protocol-spec.md §8.18). An answer about a mention that is on its way may be of before the event.
    /// </summary>
    public bool IsOpenAfter(in WireEvent e)
    {
        lock (_gate)
        {
            return _chats.TryGetValue(e.ChatId, out Entry? entry)
                && ((e.SenderId == Me && !entry.IsCounted) || (e.Kind is EventKind.Edited or EventKind.Deleted && entry.MayMention));
        }
    }

    /// <summary>Whether a message that one deleted for oneself may have been the last one, or have mentioned one.</summary>
    public bool IsOpenWithout(long chatId, long sequence)
    {
        lock (_gate) return _chats.TryGetValue(chatId, out Entry? entry) && (entry.Summary.LastEvent?.Sequence == sequence || entry.MayMention);
    }

    /// <summary>
    /// Whether an answer of before what was taken since does not show the last message any more, which one deleted for oneself, or cleared: what it
    /// shows in its place may have changed since.
    /// </summary>
    public bool IsOpenBehind(in WireChat chat)
    {
        lock (_gate)
        {
            return _chats.GetValueOrDefault(chat.ChatId)?.Summary.LastEvent is { } last
                && last.Sequence <= chat.HeadSequence && last.Sequence > (chat.LastEvent?.Sequence ?? 0);
        }
    }

    /// <summary>
    /// Whether an event of a chat may be a notice of one's own (protocol-spec.md §8.21). Whose message is answered, or reacted to, it does not say.
    /// </summary>
    public bool IsNotice(in WireEvent e) => e.Kind switch
    {
        EventKind.RoleChanged => e.SenderId != Me && e.SubjectId == Me,
        EventKind.Message => IsNamed(in e),
        _ => false,
    };

    private bool IsNamed(in WireEvent e) =>
        e.SenderId != Me && e.Content is { Forwarded: null } content && content.Marks.Any(mark => mark.PrincipalId == Me);

    /// <summary>Takes note of another's message that names one: whether that mentions one is for the service to say (protocol-spec.md §8.18).</summary>
    public bool NoteMark(in WireEvent e)
    {
        if (!IsNamed(in e)) return false;
        lock (_gate)
        {
            if (!_chats.TryGetValue(e.ChatId, out Entry? entry) || entry.Summary.Kind == ChatKind.Channel) return false;
            entry.NamedAt = e.Sequence;
            return true;
        }
    }

    /// <summary>Whether what is not read is counted, and not only the most that it can be: otherwise the service has to be asked.</summary>
    public bool IsCounted(long chatId)
    {
        lock (_gate) return _chats.GetValueOrDefault(chatId)?.IsCounted ?? true;
    }

    /// <summary>How far the principal has got and read, on whichever device.</summary>
    public void ApplyOwn(long chatId, long deliveredUpTo, long readUpTo) => Update(
        chatId, chat => RaiseOwn(chat, Math.Min(deliveredUpTo, chat.HeadSequence), Math.Min(readUpTo, chat.HeadSequence)));

    public void ApplyOthers(long chatId, long deliveredUpTo, long readUpTo) =>
        Update(chatId, chat => chat with
        {
            OthersDeliveredUpTo = Math.Max(chat.OthersDeliveredUpTo, deliveredUpTo),
            OthersReadUpTo = Math.Max(chat.OthersReadUpTo, readUpTo),
        });

    private void Update(long chatId, Func<ChatSummary, ChatSummary> change)
    {
        lock (_gate)
        {
            if (_chats.TryGetValue(chatId, out Entry? entry)) entry.Set(change(entry.Summary));
        }
    }

    private static ChatSummary RaiseOwn(ChatSummary chat, long deliveredUpTo, long readUpTo) => chat with
    {
        DeliveredUpTo = Math.Max(chat.DeliveredUpTo, Math.Max(deliveredUpTo, readUpTo)),
        ReadUpTo = Math.Max(chat.ReadUpTo, readUpTo),
        Own = readUpTo > chat.ReadUpTo && chat.Own.IsMarkedUnread ? chat.Own with { IsMarkedUnread = false } : chat.Own,
    };

    /// <summary>A snapshot that is older than the events that were taken: what they said since stays.</summary>
    private static ChatSummary Since(ChatSummary fresh, ChatSummary old) => fresh with
    {
        Name = old.Kind == ChatKind.Direct ? fresh.Name : old.Name,
        Role = fresh.JoinedAtSequence > old.JoinedAtSequence ? fresh.Role : old.Role, // one came anew, in what role it says
        HeadSequence = old.HeadSequence,
        MemberCount = old.MemberCount,
        LastEvent = old.LastEvent,
        LastActivity = old.LastActivity > fresh.LastActivity ? old.LastActivity : fresh.LastActivity,
    };

    /// <summary>What a snapshot says, and what was read or came since: it may be older than the pushes that were taken.</summary>
    private static ChatOwnSettings OwnSince(in WireChat chat, ChatSummary? old)
    {
        ChatOwnSettings own = WireMapping.ToOwn(chat.Own, isReadSince: old?.ReadUpTo > chat.ReadUpTo);
        return old?.LastEvent is ChatMessage last && last.Sequence > chat.HeadSequence ? AfterMessage(own, last.CreatedAt) : own;
    }

    /// <summary>A message takes a chat out of the archive, unless that is muted, by the service's clock (protocol-spec.md §6.36).</summary>
    private static ChatOwnSettings AfterMessage(ChatOwnSettings own, DateTimeOffset at) =>
        own.IsArchived && !(own.MutedUntil > at) ? own with { IsArchived = false } : own;

    private static int MemberDelta(EventKind kind) => kind switch
    {
        EventKind.MemberAdded => 1,
        EventKind.MemberRemoved or EventKind.MemberLeft => -1,
        _ => 0,
    };

    /// <summary>One chat. Caller holds the gate.</summary>
    private sealed class Entry(long epoch)
    {
        private (long HeadSequence, long ReadUpTo) _mentionsAsOf;

        /// <summary>The last message that was taken and names one.</summary>
        public long NamedAt { get; set; }

        /// <summary>An unread message mentions one, or one names one of which no answer has said yet whether it does.</summary>
        public bool MayMention => Summary.Mentions is not null || NamedAt > _mentionsAsOf.HeadSequence;

        public long Epoch { get; } = epoch;

        public UnreadCount Unread { get; } = new();

        public ChatSummary Summary { get; private set; } = null!; // set by whoever makes the entry

        public bool IsCounted { get; private set; }

        public void Set(ChatSummary summary)
        {
            bool isKnown = Unread.TryCount(summary.HeadSequence, summary.ReadUpTo, out long unread);
            UnreadMentions? mentions = unread == 0 ? null : summary.Mentions;
            IsCounted = isKnown && !(mentions?.First <= summary.ReadUpTo);
            Summary = summary.Unread == unread && summary.Mentions == mentions ? summary : summary with { Unread = unread, Mentions = mentions };
        }

        /// <summary>An answer that is older than the one before says nothing new.</summary>
        public UnreadMentions? NewestMentions(in WireChat chat)
        {
            (long, long) asOf = (chat.HeadSequence, chat.ReadUpTo);
            if (asOf.CompareTo(_mentionsAsOf) < 0) return Summary.Mentions;
            _mentionsAsOf = asOf;
            return chat.Mentions is { } mentions ? new UnreadMentions(mentions.Count, mentions.First) : null;
        }
    }
}
