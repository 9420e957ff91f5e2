using System.Text;
using Chat.Domain.Receipts;
using Chat.Protocol.Framing;
using Chat.Storage.Chats;
using Chat.Storage.Receipts;

namespace Chat.Domain.Chats;

/// <summary>
/// Pages the caller's direct chats, groups and channels, most recently active first. A page whose texts would not fit into one frame
/// of the wire is cut shorter than asked for; the cursor goes on from there.
/// </summary>
public sealed class ListChats(ChatStore chats, ReceiptWriter receipts)
{
    // What a row takes beside its texts: 20 elements with 10 and 7 of their own, an event's 13 and 7 of its changes, the widest integer 9 bytes,
    // headers.
    private const int RowOverheadBytes = 500;
    private const int MaxPageBytes = ProtocolLimits.MaxServerFrameBytes - 1024;

    public async Task<Result<ChatList>> ExecuteAsync(
        Caller caller, string? cursor, int? limit, CancellationToken ct, bool groupsOnly = false)
    {
        int count = limit ?? ProtocolLimits.DefaultChatsLimit;
        if (count is < 1 or > ProtocolLimits.MaxChatsLimit)
            return Failures.PageLimit(count, ProtocolLimits.MaxChatsLimit);

        ChatListCursor? after = null;
        if (!string.IsNullOrEmpty(cursor))
        {
            if (!ChatListCursor.TryParse(cursor, out ChatListCursor parsed))
                return Failures.UnknownCursor();
            after = parsed;
        }

        while (true)
        {
            ChatPage page = await chats.ListAsync(caller.PrincipalId, after, count, ct, groupsOnly);
            int fitting = CountFitting(page.Chats);
            if (fitting == page.Chats.Count || count == 1)
                return new ChatList(await WithOwnMarksAsync(caller, page.Chats, ct), page.Next?.ToString());

            count = Math.Max(1, fitting); // asked again, for only the store knows the cursor of a row
        }
    }

    private async Task<IReadOnlyList<ChatRow>> WithOwnMarksAsync(Caller caller, IReadOnlyList<ChatRow> rows, CancellationToken ct)
    {
        var counted = new ChatRow[rows.Count];
        for (int i = 0; i < counted.Length; i++)
            counted[i] = await rows[i].WithOwnMarksAsync(receipts, chats, caller.PrincipalId, ct);
        return counted;
    }

    private static int CountFitting(IReadOnlyList<ChatRow> rows)
    {
        int bytes = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            bytes += RowOverheadBytes + Utf8Bytes(rows[i].Name) + Utf8Bytes(rows[i].PeerName) + (rows[i].LastEvent?.CountTextBytes() ?? 0)
                + Utf8Bytes(rows[i].Own?.Draft?.Text) + DetailBytes(rows[i].Details);
            if (bytes > MaxPageBytes) return i;
        }

        return rows.Count;
    }

    private static int DetailBytes(ChatDetailsRow? details) =>
        details is null ? 0 : Utf8Bytes(details.Description) + Utf8Bytes(details.Avatar);

    private static int Utf8Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
