using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Statuses;

namespace Chat.Domain.Statuses;

/// <summary>
/// Says whether a message may answer a status (R-133, protocol-spec.md §6.38): one that its sender may see just now, in the direct chat with its
/// author. What the message says of the status must be so, for it is all that is left of it tomorrow. Thread-safe.
/// </summary>
public sealed class StatusReplies(StatusReads reads)
{
    /// <summary>Null when the message may be stored.</summary>
    public async Task<Failure?> JudgeAsync(Caller caller, SendMessageInput input, WireStatusReference status, CancellationToken ct)
    {
        StatusToAnswer found = await reads.FindToAnswerAsync(status.StatusId, caller.PrincipalId, input.ChatId, input.ClientMessageId, ct);
        if (found.IsRetry) return null; // the log answers it as the first time, whatever became of the status
        if (!found.IsVisible) return StatusFailures.NotFound("content");
        if (!found.IsHere) return Failures.Invalid("content", "content.status goes to the direct chat with its author, and nowhere else.");

        bool isSo = (ContentKind)found.Kind == status.Kind && found.Text.StartsWith(status.Text ?? "", StringComparison.Ordinal);
        return isSo ? null : Failures.Invalid("content", "content.status has another kind or text than the status: send how its text begins.");
    }
}
