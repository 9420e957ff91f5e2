using Chat.Storage;
using Chat.Storage.Chats;

namespace Chat.Domain.Fanout;

/// <summary>Finds out of one transaction's events since when somebody is in a chat.</summary>
internal static class Joinings
{
    /// <param name="transaction">All events of the transaction, ascending within each chat.</param>
    /// <returns>False when it does not tell.</returns>
    public static bool TryFind(IReadOnlyList<EventRow> transaction, long chatId, long principalId, out JoinedChat joined)
    {
        long joinedAt = 0, head = 0;
        for (int i = 0; i < transaction.Count; i++)
        {
            EventRow row = transaction[i];
            if (row.ChatId != chatId) continue;
            head = row.Sequence;
            bool isNew = row.Kind == EventKinds.ChatCreated; // the first members see a chat from its first event
            if (joinedAt == 0 && (isNew || (row.Kind == EventKinds.MemberAdded && row.SubjectId == principalId))) joinedAt = row.Sequence;
        }

        joined = new JoinedChat(chatId, joinedAt, head);
        return joinedAt > 0;
    }
}
