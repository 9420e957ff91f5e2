using Chat.Domain.Links;
using Chat.Domain.Media;
using Chat.Domain.Statuses;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Says whether a sender may name in a message what is kept elsewhere, or was made by the service: a file, a status, a page's card. Thread-safe.</summary>
public sealed class MessageReferences(MessageFiles files, StatusReplies statuses, LinkTokens links, EventStore events)
{
    /// <summary>Null when the sender may show the file, answer the status, and link to the page as it does.</summary>
    public async ValueTask<Failure?> JudgeAsync(Caller caller, SendMessageInput input, CancellationToken ct)
    {
        if (input.Content?.Link is { } link && links.Judge(in link) is { } made)
        {
            // Stored under another key, or by a node that has one: the log answers it as the first time.
            return await events.IsStoredAsync(input.ChatId, caller.PrincipalId, input.ClientMessageId, ct) ? null : made;
        }

        if (input.File is { } file && await files.JudgeAsync(caller, input, file, ct) is { } refusal) return refusal;
        return input.Content?.Status is { } status ? await statuses.JudgeAsync(caller, input, status, ct) : null;
    }
}
