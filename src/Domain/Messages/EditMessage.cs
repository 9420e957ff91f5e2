using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Gives one's own message another text, for as long as <see cref="Limits.LimitSettings.EditWindowMinutes"/> says .</summary>
public sealed class EditMessage(ChangeMessage change)
{
    /// <returns>The event that tells of it.</returns>
    public async Task<Result<SentMessage>> ExecuteAsync(
        Caller caller, long chatId, Guid clientMessageId, long sequence, string? text, CancellationToken ct) =>
        MessageText.Judge(text) is { } failure
            ? failure
            : await change.ExecuteAsync(caller, new MessageChange(chatId, caller.PrincipalId, EventKinds.Edited, clientMessageId, sequence, text), ct);
}
