using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Pins a message in its chat for all who are in it, or unpins it: either of two, or an admin of a group.</summary>
public sealed class PinMessage(ChangeMessage change)
{
    /// <returns>The event that tells of it.</returns>
    public Task<Result<SentMessage>> ExecuteAsync(
        Caller caller, long chatId, Guid clientMessageId, long sequence, bool pinned, CancellationToken ct)
    {
        short kind = pinned ? EventKinds.Pinned : EventKinds.Unpinned;
        return change.ExecuteAsync(caller, new MessageChange(chatId, caller.PrincipalId, kind, clientMessageId, sequence), ct);
    }
}
