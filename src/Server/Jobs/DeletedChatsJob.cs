using Chat.Domain.Chats;
using Chat.Storage.Chats;

namespace Chat.Server.Jobs;

/// <summary>
/// Tells the members of chats that were deleted for everyone, as far as who deleted them has not, and takes away what is left of the chats
/// (ADR 0035). A run ends after a number of statements, so that the jobs behind it have their turn.
/// </summary>
internal sealed class DeletedChatsJob(DeleteChat deletion, ChatPurgeStore purge) : IJob
{
    /// <summary>Nodes may have to read the chat's last events, and devices be in the middle of hearing of them.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private const int MaxStatements = 500;

    public string Name => "deleted_chats";

    /// <summary>Who was in a large chat hears of it by its log at once, if they are connected; the inbox is for the others.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds(10);

    public async Task<string> RunAsync(CancellationToken ct)
    {
        int told = 0;
        while (told < MaxStatements && await deletion.TellNextAsync(chatId: null, ct)) told++;
        PurgeReport report = await purge.RunAsync(Grace, MaxStatements, ct);
        return $"{told} groups of members told, {report.Rows} rows of chats deleted, {report.Chats} chats to the end";
    }
}
