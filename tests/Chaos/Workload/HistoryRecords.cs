using Chat.Chaos.History;
using Chat.Sdk;

namespace Chat.Chaos.Workload;

/// <summary>Turns what an SDK answers into entries.</summary>
internal static class HistoryRecords
{
    public static void WritePage(ChaosClient client, long chat, HistoryPage page, long invoked)
    {
        long done = HistoryClock.Now();
        foreach (ChatLogEvent e in page.Events) client.Write(ToEntry(e) with { Source = HistorySource.History }, invoked, done);
        HistoryEntry read = new()
        {
            Op = HistoryOp.HistoryPage,
            Source = HistorySource.History,
            Chat = chat,
            Cursor = page.CoversFrom,
            Seq = page.CoversTo,
            Count = page.Events.Count,
            Code = page.HasMore ? 1 : 0,
        };
        client.Write(read, invoked, done);
    }

    public static HistoryEntry ToEntry(ChatLogEvent e)
    {
        HistoryEntry entry = new() { Op = HistoryOp.Receive, Source = HistorySource.Live, Chat = e.ChatId, Seq = e.Sequence };
        return e is ChatMessage message
            ? entry with { ClientMessageId = message.ClientMessageId, Hash = ChaosPayload.Hash(message.Text) }
            : entry;
    }
}
