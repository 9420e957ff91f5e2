using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Lists the pinned messages of a chat that the caller is in, oldest first; there are at most <see cref="MessageChangeStore.MaxPins"/>.</summary>
public sealed class ListPinned(EventStore events)
{
    public async Task<Result<IReadOnlyList<EventRow>>> ExecuteAsync(Caller caller, long chatId, CancellationToken ct) =>
        await events.ReadPinnedAsync(chatId, caller.PrincipalId, ct) is { } pinned
            ? Result.Ok(pinned)
            : Failures.ChatNotFound(chatId);
}
