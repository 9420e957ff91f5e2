using Chat.Domain.Fanout;
using Chat.Domain.Wire;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Storage.Receipts;

namespace Chat.Domain.Receipts;

/// <summary>
/// Tells the members of a chat about watermarks that moved: one push a chat and stored batch, encoded once (protocol-spec.md §6.26). Called by
/// the receipt writer's loop alone. What a member hides from the others goes to the member's own devices, through the inbox.
/// </summary>
public sealed class ReceiptFanout(IEphemeralFanout fanout) : IReceiptSink
{
    /// <summary>Larger chats get no receipts: each would be told to everybody for everybody.</summary>
    public const int MaxChatMembers = 256;

    public void OnStored(IReadOnlyList<ReceiptRow> changed)
    {
        Dictionary<long, List<WireReceipt>> byChat = [];
        foreach (ReceiptRow row in changed)
        {
            if (row.MemberCount is < 2 or > MaxChatMembers) continue; // alone, as in an inbox, there is nobody to tell

            if (row.Audience != ReceiptAudience.Everybody)
                fanout.PublishEphemeral(row.InboxChatId, FrameEncoder.EncodeWebSocket(new ReceiptsPush(row.ChatId, [row.ToWire()])));
            if (row.Audience == ReceiptAudience.OwnDevices) continue;

            if (!byChat.TryGetValue(row.ChatId, out List<WireReceipt>? receipts)) byChat[row.ChatId] = receipts = [];
            receipts.Add(row.Audience == ReceiptAudience.ReadsAreHidden ? (row with { ReadUpTo = 0 }).ToWire() : row.ToWire());
        }

        foreach ((long chatId, List<WireReceipt> receipts) in byChat)
            fanout.PublishEphemeral(chatId, FrameEncoder.EncodeWebSocket(new ReceiptsPush(chatId, receipts)));
    }
}
