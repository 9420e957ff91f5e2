using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Connection;

namespace Chat.Sdk.Sync;

/// <summary>
/// Tells when a message of one's own has reached, and been read by, every other member (protocol-spec.md §8.5). A chat's members are
/// asked for only when one of one's messages waits for them, from whichever device it is. Thread-safe.
/// </summary>
internal sealed class ReceiptBook(
    ChatDirectory directory, Action<OutgoingMessage, OutgoingState> setState, Backoff backoff, TimeProvider time)
{
    private const int MaxWaitingPerChat = 1_000;

    /// <summary>Chats whose members are asked for again on a new connection; of the others when something is to be told or shown of them.</summary>
    private const int MaxAskedAgain = 20;

    /// <summary>As long as the outbox waits at most when the service cannot answer.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Page> _pages = [];

    /// <summary>An own message was stored: from now on its receipts count. In a channel there are none of others (§8.9).</summary>
    public void OnStored(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (IsChannel(message.ChatId)) return;

            Page page = GetOrAdd(message.ChatId);
            page.Waiting.Enqueue(message, message.Sequence ?? 0);
            if (page.Waiting.Count > MaxWaitingPerChat) page.Waiting.Dequeue(); // its state stays what it is
            Judge(message.ChatId, page);
        }
    }

    /// <summary>
    /// A message of one's own is there, from whichever device: how far the others are with it is to be known from now on. True: the members'
    /// list is needed to judge it.
    /// </summary>
    public bool OnOwn(long chatId, long sequence)
    {
        lock (_gate)
        {
            if (directory.Find(chatId) is not { Kind: ChatKind.Group } chat || sequence <= chat.OthersReadUpTo) return false;

            Page page = GetOrAdd(chatId);
            page.OwnUpTo = Math.Max(page.OwnUpTo, sequence);
            return !page.IsComplete;
        }
    }

    /// <summary>
    /// A new connection: receipts were missed, and no later push repeats them. So nobody's watermarks are known for sure any more, and
    /// who is in the chats where messages wait is asked again.
    /// </summary>
    public async Task OnOnlineAsync(WireSession session)
    {
        long[] waiting;
        lock (_gate)
        {
            foreach (Page page in _pages.Values) page.Forget();
            waiting = [.. _pages.Where(one => IsWaiting(one.Key, one.Value)).Select(one => one.Key).OrderByDescending(directory.Rank).Take(MaxAskedAgain)];
        }

        foreach (long chatId in waiting) await LoadMembersAsync(session, chatId).ConfigureAwait(false);
    }

    /// <summary>A push of receipts. True: the members' list is needed to judge it.</summary>
    public bool OnReceipts(in ReceiptsPush push)
    {
        lock (_gate)
        {
            Page page = GetOrAdd(push.ChatId);
            foreach (WireReceipt r in push.Receipts)
                if (r.PrincipalId != directory.Me) page.Take(r.PrincipalId, r.DeliveredUpTo, r.ReadUpTo);
            return JudgeRaised(push.ChatId, page);
        }
    }

    /// <summary>Somebody else's message was taken: its sender has read what came before (§8.5). True: the members' list is needed.</summary>
    public bool OnMessage(long chatId, long senderId, long sequence)
    {
        lock (_gate)
        {
            if (_pages.TryGetValue(chatId, out Page? page))
            {
                page.Take(senderId, sequence, sequence);
                return JudgeRaised(chatId, page);
            }

            // No message of one's own waits here: there is nothing to tell, and a group's members are asked for when one does.
            if (directory.Find(chatId)?.Kind == ChatKind.Direct) directory.ApplyOthers(chatId, sequence, sequence);
            return false;
        }
    }

    /// <summary>Who counts has changed: who comes has got and read what was before, and for who went nobody waits.</summary>
    public void OnMembership(in WireEvent e)
    {
        lock (_gate)
        {
            if (e.SubjectId is not { } subject || !_pages.TryGetValue(e.ChatId, out Page? page)) return;

            page.Change(subject, isThere: e.Kind == EventKind.MemberAdded, e.Sequence, directory.Me);
            Judge(e.ChatId, page);
        }
    }

    /// <summary>Asks who is in the chat, until the service answers or the session ends; once at a time for a chat.</summary>
    public async Task LoadMembersAsync(WireSession session, long chatId)
    {
        lock (_gate)
        {
            Page page = GetOrAdd(chatId);
            if (page.LoadedBy == session) return;

            page.LoadedBy = session;
        }

        while (true)
        {
            int changes;
            lock (_gate) changes = GetOrAdd(chatId).Changes;
            List<WireMember> members = await InsistAsync(session, chatId).ConfigureAwait(false);
            lock (_gate)
            {
                Page page = GetOrAdd(chatId);
                if (page.LoadedBy != session) return; // the next connection asks
                if (members.Count > 0 && page.Changes != changes) continue; // somebody came or went meanwhile

                page.LoadedBy = null;
                if (members.Count == 0) return;

                page.Fill(members, directory.Me);
                Judge(chatId, page);
                return;
            }
        }
    }

    /// <returns>Empty when it cannot be known now: the next push of receipts asks again.</returns>
    private async Task<List<WireMember>> InsistAsync(WireSession session, long chatId)
    {
        for (int failures = 0; ;)
        {
            try
            {
                return await ReadMembersAsync(session, chatId).ConfigureAwait(false);
            }
            catch (ChatException refused) when (refused.Retryable)
            {
                TimeSpan pause = backoff.Next(failures++);
                if (pause > LongestPause) pause = LongestPause;
                if (refused.RetryAfter > pause) pause = refused.RetryAfter.Value;
                await Task.Delay(pause, time, session.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (session.Ended.IsCancellationRequested) return [];
            }
            catch (Exception unknown) when (unknown is ChatException or ConnectionLostException)
            {
                return [];
            }
        }
    }

    private static async Task<List<WireMember>> ReadMembersAsync(WireSession session, long chatId)
    {
        List<WireMember> members = [];
        MembersReply reply;
        do
        {
            var request = new GetMembersRequest(chatId, members.Count == 0 ? null : members[^1].PrincipalId);
            reply = await session.CallAsync<GetMembersRequest, MembersReply>(in request).ConfigureAwait(false);
            members.AddRange(reply.Members);
        }
        while (reply.HasMore && reply.Members.Count > 0);

        return members;
    }

    private bool JudgeRaised(long chatId, Page page)
    {
        Judge(chatId, page);
        return !page.IsComplete && directory.Find(chatId)?.Kind != ChatKind.Direct && IsWaiting(chatId, page);
    }

    /// <summary>Whether a message of one's own is not known to be read by everybody.</summary>
    private bool IsWaiting(long chatId, Page page) =>
        directory.Find(chatId) is { } chat && chat.Kind != ChatKind.Channel && (page.Waiting.Count > 0 || page.OwnUpTo > chat.OthersReadUpTo);

    private bool IsChannel(long chatId) => directory.Find(chatId)?.Kind == ChatKind.Channel;

    private void Judge(long chatId, Page page)
    {
        ChatSummary? chat = directory.Find(chatId);
        (long delivered, long read) = page.IsComplete || chat?.Kind == ChatKind.Direct ? page.Lowest() : (0, 0);
        if (chat is not null) (delivered, read) = (Math.Max(delivered, chat.OthersDeliveredUpTo), Math.Max(read, chat.OthersReadUpTo));
        directory.ApplyOthers(chatId, delivered, read);

        foreach ((OutgoingMessage message, long sequence) in page.Waiting.UnorderedItems)
        {
            if (sequence <= read) setState(message, OutgoingState.Read);
            else if (sequence <= delivered) setState(message, OutgoingState.Delivered);
        }

        while (page.Waiting.TryPeek(out _, out long first) && first <= read) page.Waiting.Dequeue();
    }

    private Page GetOrAdd(long chatId)
    {
        if (!_pages.TryGetValue(chatId, out Page? page)) _pages.Add(chatId, page = new Page());
        return page;
    }

    /// <summary>One chat's watermarks and the messages that wait for them.</summary>
    private sealed class Page
    {
        private readonly Dictionary<long, (long Delivered, long Read)> _others = [];

        public PriorityQueue<OutgoingMessage, long> Waiting { get; } = new();

        /// <summary>Whether every other member is known.</summary>
        public bool IsComplete { get; set; }

        /// <summary>The connection over which the members are being asked for.</summary>
        public WireSession? LoadedBy { get; set; }

        /// <summary>The newest message of one's own that is known of, from whichever device.</summary>
        public long OwnUpTo { get; set; }

        /// <summary>How often who counts has changed, or what is known of them has become doubtful.</summary>
        public int Changes { get; private set; }

        public void Forget()
        {
            Changes++;
            IsComplete = false;
        }

        /// <summary>What a push says. One of a member that has left may come behind the event that says so: nobody waits for it.</summary>
        public void Take(long principalId, long delivered, long read)
        {
            if (!IsComplete || _others.ContainsKey(principalId)) Raise(principalId, delivered, read);
        }

        private void Raise(long principalId, long delivered, long read)
        {
            (long d, long r) = _others.GetValueOrDefault(principalId);
            _others[principalId] = (Math.Max(d, Math.Max(delivered, read)), Math.Max(r, read));
        }

        public void Fill(IReadOnlyList<WireMember> members, long me)
        {
            HashSet<long> present = [.. members.Select(member => member.PrincipalId)];
            foreach (long gone in _others.Keys.Where(id => !present.Contains(id)).ToArray()) _others.Remove(gone);
            foreach (WireMember member in members)
                if (member.PrincipalId != me) Raise(member.PrincipalId, member.DeliveredUpTo, member.ReadUpTo);
            IsComplete = true;
        }

        public void Change(long principalId, bool isThere, long sequence, long me)
        {
            Changes++;
            if (principalId == me) IsComplete = false; // one was away: others may have come and gone
            else if (isThere) Raise(principalId, sequence, sequence);
            else _others.Remove(principalId);
        }

        public (long Delivered, long Read) Lowest() =>
            _others.Count == 0 ? (0, 0) : (_others.Values.Min(other => other.Delivered), _others.Values.Min(other => other.Read));
    }
}
