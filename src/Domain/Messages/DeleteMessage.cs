using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>
/// Deletes a message for everyone: the author for as long as <see cref="Limits.LimitSettings.DeleteWindowMinutes"/> says, an admin of the group
/// always. The log keeps what was written; nobody is shown it any more.
/// </summary>
public sealed class DeleteMessage(ChangeMessage change)
{
    /// <summary>What is shown in the place of its text; clients show it in the person's language.</summary>
    public const string Placeholder = "This message was deleted";

    /// <returns>The event that tells of it.</returns>
    public Task<Result<SentMessage>> ExecuteAsync(Caller caller, long chatId, Guid clientMessageId, long sequence, CancellationToken ct) =>
        change.ExecuteAsync(caller, new MessageChange(chatId, caller.PrincipalId, EventKinds.Deleted, clientMessageId, sequence), ct);
}
