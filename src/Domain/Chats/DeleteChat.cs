using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>
/// Deletes a group or channel for everyone, for an admin of it; who deletes it again is answered as the first time. Every member's
/// devices are told, so it counts as a message to the chat for the rates. Thread-safe.
/// </summary>
public sealed class DeleteChat(ChatDeletionStore deletions, RequestLimits limits)
{
    /// <summary>
    /// Of a larger chat the rest is told by a job: who asked does not wait for it, and what is to be seen of the chat has ended anyway.
    /// </summary>
    private const int MaxToldAtOnce = 1_000;

    public async Task<Result<Done>> ExecuteAsync(Caller caller, long chatId, CancellationToken ct)
    {
        if (limits.JudgeSend(caller, chatId) is { } limited) return limited;
        MembershipOutcome outcome = await deletions.DeleteAsync(chatId, caller.PrincipalId, ct);
        if (outcome.Status is not (MembershipStatus.Done or MembershipStatus.AlreadyThere))
        {
            limits.NoteRefusal(caller.PrincipalId, chatId); // a member's has locked the chat all the same
            return Failures.FromMembership(outcome.Status, chatId, "chat_id");
        }

        try
        {
            int told = 0;
            while (told < MaxToldAtOnce && await TellNextAsync(chatId, ct)) told += ChatDeletionStore.PeopleAtOnce;
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            // It is deleted; the job tells the rest.
        }

        return Done.Value;
    }

    /// <summary>Tells the next few who were in a deleted chat; false when nobody is left, or another node tells the rest.</summary>
    /// <param name="chatId">Null for any chat.</param>
    public Task<bool> TellNextAsync(long? chatId, CancellationToken ct) =>
        deletions.TellNextAsync(chatId, (short)ErrorCode.ChatDeleted, ct);
}
