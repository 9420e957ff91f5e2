using System.Runtime.CompilerServices;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Chats;
using Chat.Sdk.Rest;
using Chat.Sdk.Sync;

namespace Chat.Sdk;

/// <summary>One chat: send, read, and who is in it. Made by <see cref="ChatClient.Chat"/>. Thread-safe.</summary>
public sealed class ChatHandle
{
    private readonly ClientCore _core;
    private readonly ChatRest _rest;

    private readonly DraftKeeper _draft;

    internal ChatHandle(long id, ClientCore core, ChatRest rest, ChatSettingsRest settings)
    {
        (Id, _core, _rest) = (id, core, rest);
        Settings = new ChatSettings(id, settings, () => Summary?.ReadUpTo);
        _draft = new DraftKeeper(id, settings, core);
    }

    /// <summary>The chat's id.</summary>
    public long Id { get; }

    /// <summary>The chat as a list shows it; null before the client knows it.</summary>
    public ChatSummary? Summary => _core.Directory.Find(Id);

    /// <summary>What the chat is to the signed-in principal alone, and what a group or channel is to all.</summary>
    public ChatSettings Settings { get; }

    /// <summary>Who types at the moment, oneself apart.</summary>
    public IReadOnlyList<long> Typists => _core.Typing.Typists(Id);

    /// <summary>
    /// One's own messages of this chat that are not stored yet, in the order in which they were sent; they belong behind those of the log. With
    /// <see cref="ChatClientOptions.OutboxStore"/> from the client's start on, and with those that failed. A snapshot. One that history or an event
    /// shows to be stored is not in it any more.
    /// </summary>
    public IReadOnlyList<OutgoingMessage> Outbox => _core.Outbox.Snapshot(Id);

    /// <summary>
    /// Sends a message. Returns at once; the client keeps it until the service has stored or refused it. With
    /// <see cref="ChatClientOptions.OutboxStore"/> it is written there before this returns.
    /// </summary>
    /// <param name="text">1 … 16,384 bytes of UTF-8, without U+0000.</param>
    /// <param name="replyTo">The sequence of a message of this chat.</param>
    /// <param name="content">What it is beside its text; null for plain text. With kinds other than text, <paramref name="text"/> may be empty.</param>
    /// <exception cref="ArgumentException">A place is not on the earth, or another number is none that can be sent. What was typed stays a draft.</exception>
    public OutgoingMessage Send(string text, long? replyTo = null, MessageContent? content = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        OutgoingMessage message = _core.Outbox.Add(Id, text, replyTo, content);
        _core.Typing.Stop(Id);
        _draft.Sent(text);
        return message;
    }

    /// <summary>
    /// Keeps what the principal began to write, for all its devices, once it paused for 3 s; at every keystroke. Null or empty takes the draft
    /// away, and so does <see cref="Send"/>. <see cref="ChatOwnSettings.Draft"/> is the stored one.
    /// </summary>
    public void SetDraft(string? text, long? replyTo = null) => _draft.Set(text ?? "", replyTo);

    /// <summary>
    /// Stores the draft now: the person leaves the chat. Returns when it is stored; that it failed is told by <see cref="ChatClient.HandlerFailed"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task FlushDraftAsync(CancellationToken cancellationToken = default) => _draft.FlushAsync(cancellationToken);

    /// <summary>Sends a message of any chat to this one, marked as passed on; without what it answered. A draft stays.</summary>
    /// <exception cref="ArgumentException">The message was deleted.</exception>
    public OutgoingMessage Forward(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.IsDeleted) throw new ArgumentException("The message was deleted: there is nothing to pass on.", nameof(message));

        MessageContent content = message.Content ?? new MessageContent { Kind = ContentKind.Text };
        return _core.Outbox.Add(Id, message.Text, replyTo: null, content with { Forwarded = Math.Min(255, (content.Forwarded ?? 0) + 1), Status = null });
    }

    /// <summary>Gives one's own message another text. Returns when it is stored; until then it is tried again, also over other connections.</summary>
    /// <exception cref="ChatException"><c>too_late</c>, <c>not_allowed</c>, <c>message_not_found</c>, <c>message_deleted</c>, a text that may not be.</exception>
    public Task EditAsync(long sequence, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _core.ChangeAsync(new EditMessageRequest(Id, Guid.NewGuid(), sequence, text), cancellationToken);
    }

    /// <summary>Deletes a message for everyone: one's own, or as an admin of the group any.</summary>
    /// <exception cref="ChatException"><c>too_late</c>, <c>not_allowed</c>, <c>message_not_found</c>, <c>message_deleted</c>.</exception>
    public Task DeleteAsync(long sequence, CancellationToken cancellationToken = default) =>
        _core.ChangeAsync(new DeleteMessageRequest(Id, Guid.NewGuid(), sequence), cancellationToken);

    /// <summary>Reacts to a message with one emoji, in place of one's earlier one; null takes that back.</summary>
    /// <exception cref="ChatException"><c>message_not_found</c>, <c>message_deleted</c>, <c>invalid_argument</c>.</exception>
    public Task ReactAsync(long sequence, string? emoji, CancellationToken cancellationToken = default) =>
        _core.ChangeAsync(new ReactRequest(Id, Guid.NewGuid(), sequence, emoji), cancellationToken);

    /// <summary>Who reacted to a message with what.</summary>
    public Task<IReadOnlyList<Reaction>> ReactionsAsync(long sequence, CancellationToken cancellationToken = default) =>
        _rest.ReactionsAsync(Id, sequence, cancellationToken);

    /// <summary>Pins a message in the chat for all; in a group for admins.</summary>
    public Task PinAsync(long sequence, CancellationToken cancellationToken = default) => _rest.PinAsync(Id, sequence, cancellationToken);

    /// <summary>Takes a pin away; in a group for admins.</summary>
    public Task UnpinAsync(long sequence, CancellationToken cancellationToken = default) => _rest.UnpinAsync(Id, sequence, cancellationToken);

    /// <summary>Stars a message for oneself; all one's devices follow (<see cref="ChatClient.StarChanged"/>).</summary>
    public Task StarAsync(long sequence, CancellationToken cancellationToken = default) => _rest.StarAsync(Id, sequence, cancellationToken);

    /// <summary>Takes one's star away.</summary>
    public Task UnstarAsync(long sequence, CancellationToken cancellationToken = default) => _rest.UnstarAsync(Id, sequence, cancellationToken);

    /// <summary>Deletes a message for oneself alone, for good; all one's devices follow (<see cref="ChatClient.MessageHidden"/>).</summary>
    public Task HideAsync(long sequence, CancellationToken cancellationToken = default) => _rest.HideAsync(Id, sequence, cancellationToken);

    /// <summary>The sequences of the pinned messages, oldest first.</summary>
    public Task<IReadOnlyList<long>> PinnedAsync(CancellationToken cancellationToken = default) => _rest.PinnedAsync(Id, cancellationToken);

    /// <summary>Tells that the person has seen everything up to a sequence, or up to the newest event.</summary>
    public async Task MarkReadAsync(long? sequence = null, CancellationToken cancellationToken = default)
    {
        long upTo = sequence ?? Summary?.HeadSequence ?? 0;
        if (upTo <= 0) return;

        await _core.CallAsync<MarkReadRequest, OkReply>(new MarkReadRequest(Id, upTo), cancellationToken).ConfigureAwait(false);
        _core.ApplyRead(Id, upTo, upTo);
    }

    /// <summary>Says that the person types: now, and again by itself until <see cref="StopTyping"/> or <see cref="Send"/>, for a minute at most.</summary>
    public void StartTyping() => _core.Typing.Start(Id);

    /// <summary>Says that the person stopped typing.</summary>
    public void StopTyping() => _core.Typing.Stop(Id);

    /// <summary>A page of the log: after a sequence, before one, or the newest.</summary>
    /// <param name="after">Events above this, the lowest first wanted.</param>
    /// <param name="before">Events below this, the highest first wanted. Not together with <paramref name="after"/>.</param>
    /// <param name="limit">1 … 200.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HistoryPage> HistoryAsync(
        long? after = null, long? before = null, int limit = ProtocolLimits.DefaultHistoryLimit, CancellationToken cancellationToken = default)
    {
        HistoryReply reply = await _core.CallAsync<GetHistoryRequest, HistoryReply>(
            new GetHistoryRequest(Id, after, before, limit), cancellationToken).ConfigureAwait(false);
        HistoryPage page = WireMapping.ToPage(in reply, _core.Directory.Me);
        _core.OnShown(Id, page.Events);
        return page;
    }

    /// <summary>The events of this chat from the moment on that an enumerator is made, each once and in order.</summary>
    public IAsyncEnumerable<ChatEvent> ReadEventsAsync(CancellationToken cancellationToken = default) =>
        _core.Streams.ReadAsync(Id, cancellationToken);

    /// <summary>The events of this chat after a sequence: first the stored ones, then, without a seam, those that come.</summary>
    /// <param name="after">0 for all that may be seen.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<ChatEvent> ReadEventsAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // The live reader is there before the first page is asked for: what comes meanwhile waits in it.
        IAsyncEnumerator<ChatEvent> live = _core.Streams.ReadAsync(Id, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (live.ConfigureAwait(false))
        {
            ValueTask<bool> moving = live.MoveNextAsync();
            long taken = after;
            await foreach (ChatLogEvent stored in ReadStoredAsync(taken, long.MaxValue, cancellationToken).ConfigureAwait(false))
            {
                taken = stored.Sequence;
                yield return stored;
            }

            while (await moving.ConfigureAwait(false))
            {
                ChatEvent next = live.Current;
                if (next is ChatLogEvent log && log.Sequence > taken)
                {
                    await foreach (ChatLogEvent stored in ReadStoredAsync(taken, log.Sequence - 1, cancellationToken).ConfigureAwait(false))
                        yield return stored;
                    taken = log.Sequence;
                    yield return log;
                }
                else if (next is ChatDiscontinuity seam)
                {
                    taken = seam.ContinuesAfter;
                    yield return next;
                }

                moving = live.MoveNextAsync();
            }
        }
    }

    /// <summary>The members, in the order of their ids.</summary>
    public async Task<IReadOnlyList<ChatMember>> MembersAsync(CancellationToken cancellationToken = default)
    {
        List<ChatMember> members = [];
        MembersReply page;
        do
        {
            long? after = members.Count == 0 ? null : members[^1].PrincipalId;
            page = await _core.CallAsync<GetMembersRequest, MembersReply>(new GetMembersRequest(Id, after), cancellationToken)
                .ConfigureAwait(false);
            foreach (WireMember member in page.Members)
            {
                _core.People.SetName(member.PrincipalId, member.Name);
                members.Add(WireMapping.ToMember(in member));
            }
        }
        while (page.HasMore && page.Members.Count > 0);

        return members;
    }

    /// <summary>Gives a group another name; for admins.</summary>
    public Task RenameAsync(string name, CancellationToken cancellationToken = default) => _rest.RenameAsync(Id, name, cancellationToken);

    /// <summary>Adds people to a group; for admins.</summary>
    public Task AddMembersAsync(IReadOnlyList<long> principalIds, CancellationToken cancellationToken = default) =>
        _rest.AddMembersAsync(Id, principalIds, cancellationToken);

    /// <summary>Removes someone from a group; for admins.</summary>
    public Task RemoveMemberAsync(long principalId, CancellationToken cancellationToken = default) =>
        _rest.RemoveMemberAsync(Id, principalId, cancellationToken);

    /// <summary>Leaves a group.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken = default) => _rest.LeaveAsync(Id, cancellationToken);

    /// <summary>Makes a member an admin, or an admin a member; for admins.</summary>
    public Task SetRoleAsync(long principalId, MemberRole role, CancellationToken cancellationToken = default) =>
        _rest.SetRoleAsync(Id, principalId, role, cancellationToken);

    /// <summary>The stored events above <paramref name="after"/> and up to <paramref name="upTo"/>.</summary>
    private async IAsyncEnumerable<ChatLogEvent> ReadStoredAsync(
        long after, long upTo, [EnumeratorCancellation] CancellationToken ct)
    {
        while (after < upTo)
        {
            HistoryPage page = await HistoryAsync(after, limit: ProtocolLimits.MaxHistoryLimit, cancellationToken: ct).ConfigureAwait(false);
            foreach (ChatLogEvent stored in page.Events)
                if (stored.Sequence > after && stored.Sequence <= upTo) yield return stored;
            after = Math.Max(after, page.CoversTo);
            if (!page.HasMore) yield break;
        }
    }
}
