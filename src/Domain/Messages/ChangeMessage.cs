using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>
/// What editing, deleting, reacting and pinning have in common: a change counts as a send for the rates, is stored once however often it is
/// asked for under its id, and is answered with the sequence of the event that says so. Thread-safe.
/// </summary>
public sealed class ChangeMessage(MessageChangeStore store, RequestLimits limits)
{
    internal async Task<Result<SentMessage>> ExecuteAsync(Caller caller, MessageChange change, CancellationToken ct)
    {
        if (change.ClientMessageId == Guid.Empty) return Failures.NoClientMessageId();
        if (change.Sequence <= 0) return Failures.MessageNotFound(change.ChatId);
        if (limits.JudgeSend(caller, change.ChatId) is { } limited) return limited;

        LimitSettings settings = limits.Settings;
        ChangeWindows windows = new(Window(settings.EditWindowMinutes), Window(settings.DeleteWindowMinutes));
        ChangeOutcome outcome = await store.ApplyAsync(change, windows, ct);
        if (outcome.Status == ChangeStatus.Done) return new SentMessage(change.ChatId, outcome.Sequence, outcome.CreatedAtMs);

        limits.NoteRefusal(change.ActorId, change.ChatId); // it locked the chat all the same: a stranger must not get to do that often
        return Refuse(change, outcome.Status);
    }

    private static TimeSpan? Window(int minutes) => minutes == 0 ? null : TimeSpan.FromMinutes(minutes);

    private static Failure Refuse(MessageChange change, ChangeStatus status) => status switch
    {
        ChangeStatus.ChatNotFound => Failures.ChatNotFound(change.ChatId),
        ChangeStatus.NotAMember => Failures.NotAMember(change.ChatId),
        ChangeStatus.Blocked => Failures.Blocked("chat_id"),
        ChangeStatus.ClientMessageIdReused => Failures.ClientMessageIdReused(),
        ChangeStatus.MessageNotFound => Failures.MessageNotFound(change.ChatId),
        ChangeStatus.NotAllowed => new Failure(ErrorCode.NotAllowed, Rule(change.Kind), Field: "sequence"),
        ChangeStatus.TooLate => new Failure(
            ErrorCode.TooLate, "The time in which an author may do this is over: send another message.", Field: "sequence"),
        ChangeStatus.MessageDeleted => new Failure(
            ErrorCode.MessageDeleted, "The message was deleted for everyone: nothing can be done to it.", Field: "sequence"),
        ChangeStatus.NothingThere when change.Kind == EventKinds.Unpinned => Failures.Invalid("sequence", "The message is not pinned."),
        ChangeStatus.NothingThere => Failures.Invalid("emoji", "You have not reacted to this message: there is nothing to take back."),
        ChangeStatus.TooManyEmoji => Failures.Invalid(
            "emoji", $"The message has {MessageChangeStore.MaxEmoji} different emoji already: choose one of them."),
        ChangeStatus.TooManyPins => Failures.Invalid(
            "sequence", $"The chat has {MessageChangeStore.MaxPins} pinned messages already: unpin one of them."),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This status is no failure."),
    };

    private static string Rule(short kind) => kind switch
    {
        EventKinds.Edited => "Only its author may edit a message, and only while they may write in the chat.",
        EventKinds.Deleted => "Only its author, or an admin of the group, may delete a message for everyone.",
        _ => "Only an admin of a group may pin its messages.",
    };
}
