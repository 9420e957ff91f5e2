using Chat.Domain.Limits;
using Npgsql;

namespace Chat.Server.Limits;

/// <summary>
/// Asks PostgreSQL something that waits for no lock while the log's batch is late, over the pool of the reads: a batch behind a lock is no
/// reason to refuse what reads. One question at a time; it is left alone, as one that is given up would hold a thread. Not thread-safe.
/// </summary>
internal sealed class StoragePulse
{
    private readonly Func<Task> _ask;
    private readonly Overload _overload;
    private readonly ILogger<StoragePulse> _log;
    private Task _asking = Task.CompletedTask;

    public StoragePulse(NpgsqlDataSource reads, Overload overload, ILogger<StoragePulse> log)
        : this(() => AskAsync(reads), overload, log)
    {
    }

    /// <param name="ask">Ends with the answer of PostgreSQL, or with the fault that it is.</param>
    internal StoragePulse(Func<Task> ask, Overload overload, ILogger<StoragePulse> log) => (_ask, _overload, _log) = (ask, overload, log);

    /// <summary>Called several times a second.</summary>
    public void Follow()
    {
        if (_overload.IsStorageLate && _asking.IsCompleted) _asking = FeelAsync();
    }

    private static async Task AskAsync(NpgsqlDataSource reads)
    {
        await using NpgsqlCommand command = reads.CreateCommand("select 1");
        await command.ExecuteScalarAsync();
    }

    private async Task FeelAsync()
    {
        try
        {
            await _ask();
            _overload.NoteAnswer();
        }
        catch (PostgresException answer) when (answer.InvariantSeverity == "ERROR")
        {
            _overload.NoteAnswer();
        }
        catch (Exception fault)
        {
            OverloadLog.NoPulse(_log, fault); // whatever it is, it is no answer; the log's writer says what matters of it
        }
    }
}
