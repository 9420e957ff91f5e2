using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Sdk.Connection;
using Chat.Sdk.People;
using Chat.Sdk.Scheduled;
using Chat.Sdk.Statuses;

namespace Chat.Sdk.Sync;

/// <summary>
/// Turns what the inbox says (protocol-spec.md §6.25) into the client's events: stars, hidden messages, settings, people, statuses, scheduled
/// messages and calls. Handlers run on the <see cref="Notifier"/>, but for <see cref="CallHeard"/>.
/// </summary>
internal sealed class InboxNews
{
    private readonly ChatDirectory _directory;
    private readonly Notifier _notifier;
    private readonly Action<long> _refresh;
    private readonly RefreshTurns _statusTurns;

    /// <param name="refresh">Asks the service for a chat's present state.</param>
    public InboxNews(ChatDirectory directory, Notifier notifier, Action<long> refresh, Backoff backoff, TimeProvider time)
    {
        _directory = directory;
        _notifier = notifier;
        _refresh = refresh;
        _statusTurns = new RefreshTurns(backoff, time, author => TellStatuses(new StatusChange(author, author, null)));
    }

    public event Action<StarChange>? StarChanged;

    public event Action<HiddenMessage>? MessageHidden;

    public event Action<ClearedHistory>? HistoryCleared;

    public event Action<PeopleChange>? PeopleChanged;

    public event Action<StatusChange>? StatusesChanged;

    public event Action<ScheduledChange>? ScheduledChanged;

    /// <summary>On the connection's loop, in the order of arrival.</summary>
    public event Action<WireEvent>? CallHeard;

    /// <summary>
    /// An event that is in no log. Thousands hear at once that somebody's statuses changed: not all of them are to ask at once, nor twice for
    /// two of them.
    /// </summary>
    public void OnHint(in WireEvent hint)
    {
        if (hint is { Kind: EventKind.StatusesChanged, SubjectId: { } author }) _statusTurns.Want(author, int.MaxValue);
        else if (hint.Kind == EventKind.StatusViewed) OnEvent(in hint);
    }

    /// <summary>An event of the inbox, in order and once; one of a kind that came after this version has no effect.</summary>
    public void OnEvent(in WireEvent taken)
    {
        switch (taken)
        {
            case { Kind: >= EventKind.CallRinging and <= EventKind.CallEnded }:
                CallHeard?.Invoke(taken);
                break;
            case { Kind: EventKind.Starred or EventKind.Unstarred, SubjectId: { } chatId, ReplyTo: { } sequence }:
                var star = new StarChange(chatId, sequence, taken.Kind == EventKind.Starred);
                _notifier.Post(() => StarChanged?.Invoke(star));
                break;
            case { Kind: EventKind.Hidden, SubjectId: { } chatId, ReplyTo: { } hidden }:
                _notifier.Post(() => MessageHidden?.Invoke(new HiddenMessage(chatId, hidden)));
                if (_directory.IsOpenWithout(chatId, hidden)) _refresh(chatId); // the one before is shown now
                break;
            case { Kind: EventKind.HistoryCleared, SubjectId: { } chatId, ReplyTo: { } upTo }:
                _notifier.Post(() => HistoryCleared?.Invoke(new ClearedHistory(chatId, upTo)));
                _refresh(chatId);
                break;
            case { Kind: >= EventKind.ChatSettingsChanged and <= EventKind.HistoryCleared, SubjectId: { } chatId }:
                _refresh(chatId);
                break;
            case { Kind: EventKind.StatusesChanged or EventKind.StatusViewed, SubjectId: { } author }:
                TellStatuses(new StatusChange(author, taken.SenderId, taken.ReplyTo));
                break;
            case { Kind: EventKind.ScheduledChanged, SubjectId: { } chatId, ReplyTo: { } scheduled }:
                _notifier.Post(() => ScheduledChanged?.Invoke(new ScheduledChange(chatId, scheduled)));
                break;
            case { Kind: EventKind.ContactChanged }:
                TellPeople(new PeopleChange(PeopleChangeKind.Contact, taken.SubjectId));
                break;
            case { Kind: EventKind.BlockChanged }:
                TellPeople(new PeopleChange(PeopleChangeKind.Block, taken.SubjectId));
                break;
            case { Kind: EventKind.ProfileChanged }:
                TellPeople(new PeopleChange(PeopleChangeKind.Profile, null));
                break;
        }
    }

    private void TellStatuses(StatusChange change) => _notifier.Post(() => StatusesChanged?.Invoke(change));

    private void TellPeople(PeopleChange change) => _notifier.Post(() => PeopleChanged?.Invoke(change));
}
