using Dapper;
using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>
/// Takes away what is left of chats that were deleted for everyone: files, messages, what was done to them, what people kept of them. In
/// statements of a bounded number of rows each, none of which must be the first or the last: whoever dies in between is followed by
/// another. Thread-safe.
/// </summary>
public sealed class ChatPurgeStore(NpgsqlDataSource source)
{
    /// <summary>Rows of one statement.</summary>
    public const int RowsAtOnce = 5_000;

    /// <summary>Messages of one statement whose files are taken away: each file is looked for in all chats.</summary>
    private const int FilesAtOnce = 500;

    /// <summary>Goes on with one of the chats that were deleted first.</summary>
    /// <param name="grace">How long ago a chat must have been deleted.</param>
    /// <param name="most">Statements of a run that find something; a chat of millions of messages takes many runs.</param>
    public async Task<PurgeReport> RunAsync(TimeSpan grace, int most, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        Run run = new(connection, most, ct);
        int chats = 0;
        while (await run.FindAsync<Deleted>(ChatDeletionSql.NextToPurge, new { grace }) is { } chat)
        {
            if (!await PurgeAsync(run, chat)) return new PurgeReport(chats, run.Rows, IsDone: false);
            await run.DeleteAsync(ChatDeletionSql.Purged, new { chatId = chat.ChatId });
            chats++;
        }

        return new PurgeReport(chats, run.Rows, IsDone: true);
    }

    /// <returns>False when the run may make no more statements.</returns>
    private static async Task<bool> PurgeAsync(Run run, Deleted chat)
    {
        var keys = new { chatId = chat.ChatId, sequence = chat.Sequence, limit = RowsAtOnce };
        if (!await run.DropFilesAsync(chat.ChatId, FilesAtOnce)) return false;
        string[] statements =
            [ChatDeletionSql.DropPictures, .. ChatDeletionSql.OfIndexing, ChatDeletionSql.DropEvents, .. ChatDeletionSql.OfChats];
        foreach (string statement in statements)
            if (!await run.DropAllAsync(chat.ChatId, statement, keys, RowsAtOnce)) return false;
        while (await run.FindAsync<long?>(ChatDeletionSql.NextPart, keys) is { } id)
        {
            var own = new { chatId = chat.ChatId, id, limit = RowsAtOnce };
            foreach (string statement in ChatDeletionSql.OfPeople)
                if (!await run.DropAllAsync(chat.ChatId, statement, own, RowsAtOnce)) return false;
            await run.DeleteAsync(ChatDeletionSql.DropPart, own);
        }

        return true;
    }

    /// <summary>Counts what is done and what may still be.</summary>
    private sealed class Run(NpgsqlConnection connection, int most, CancellationToken ct)
    {
        private int _left = most;

        public long Rows { get; private set; }

        public Task<T?> FindAsync<T>(string sql, object values) => connection.QuerySingleOrDefaultAsync<T>(Command(sql, values));

        public Task<int> DeleteAsync(string sql, object values) => connection.ExecuteAsync(Command(sql, values));

        /// <summary>Makes a statement, which tells its rows, until it finds no more; false when the run is over before.</summary>
        public async Task<bool> DropAllAsync(long chatId, string sql, object values, int limit)
        {
            while (_left > 0)
            {
                await using NpgsqlTransaction transaction = await BeginStepAsync(chatId);
                long rows = await connection.ExecuteScalarAsync<long>(Command(sql, values, transaction));
                await transaction.CommitAsync(ct);
                if (rows > 0) Count(rows);
                if (rows < limit) return true;
            }

            return false;
        }

        /// <summary>The files are locked before it is looked which of them are shown elsewhere.</summary>
        public async Task<bool> DropFilesAsync(long chatId, int limit)
        {
            var values = new { chatId, limit };
            while (_left > 0)
            {
                await using NpgsqlTransaction transaction = await BeginStepAsync(chatId);
                long shown = await connection.ExecuteScalarAsync<long>(Command(ChatDeletionSql.CountFiles, values, transaction));
                if (shown == 0) return true;
                await connection.ExecuteAsync(Command(ChatDeletionSql.LockFiles, values, transaction));
                await connection.ExecuteAsync(Command(ChatDeletionSql.DropFiles, values, transaction));
                await transaction.CommitAsync(ct);
                Count(shown);
            }

            return false;
        }

        /// <summary>What follows sees all that another run has done to the chat.</summary>
        private async Task<NpgsqlTransaction> BeginStepAsync(long chatId)
        {
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
            await connection.ExecuteAsync(Command(ChatDeletionSql.LockPurge, new { chatId }, transaction));
            return transaction;
        }

        private void Count(long rows)
        {
            Rows += rows;
            _left--;
        }

        private CommandDefinition Command(string sql, object values, NpgsqlTransaction? transaction = null) =>
            new(sql, values, transaction, cancellationToken: ct);
    }

    private sealed record Deleted(long ChatId, long Sequence);
}

/// <summary>What a run has taken away.</summary>
/// <param name="Chats">Of which nothing is left.</param>
/// <param name="IsDone">Nothing is left of any, as far as it is time.</param>
public sealed record PurgeReport(int Chats, long Rows, bool IsDone);
