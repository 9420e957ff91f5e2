using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>Gives a group or channel another name: <see cref="UpdateChat"/> of which the name cannot be left out.</summary>
public sealed class RenameGroup(UpdateChat update)
{
    public async Task<Result<ChatRow>> ExecuteAsync(Caller caller, long chatId, string? name, CancellationToken ct) =>
        await update.ExecuteAsync(caller, chatId, new ChatDetailsChange { Name = name ?? "" }, ct);
}
