using Chat.Storage.Chats;

namespace Chat.Storage.Tests.Chats;

/// <summary>The shortest change of a chat, for tests that need any.</summary>
internal static class Renaming
{
    public static Task<MembershipOutcome> RenameAsync(
        this ChatDetailsStore store, long chatId, long actorId, string name, CancellationToken ct) =>
        store.ChangeAsync(chatId, actorId, new ChatDetailsChange { Name = name }, ct);
}
