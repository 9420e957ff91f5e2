using Npgsql;

namespace Chat.Storage.Jobs;

/// <summary>
/// Who runs which job when. A lease is one UPDATE: of many nodes that ask, one gets it. All times are PostgreSQL's, so a node whose clock
/// is wrong changes nothing. Thread-safe.
/// </summary>
public sealed class JobStore(NpgsqlDataSource source)
{
    private const string Enter = "insert into jobs (name) select unnest($1) on conflict (name) do nothing";

    private const string Take = """
        update jobs set run = run + 1, lease_owner = $2, lease_until = clock_timestamp() + $3, last_started_at = clock_timestamp()
        where name = $1 and next_at <= clock_timestamp() and (lease_until is null or lease_until < clock_timestamp())
        returning run
        """;

    // A lease that ran out and was not taken by anybody is still this run's.
    private const string Renew =
        "update jobs set lease_until = clock_timestamp() + $3 where name = $1 and run = $2 and lease_owner is not null";

    private const string End = """
        update jobs set lease_owner = null, lease_until = null, last_ended_at = clock_timestamp(), last_outcome = $3,
            next_at = clock_timestamp() + $4
        where name = $1 and run = $2 and lease_owner is not null
        """;

    private const string List = "select name, lease_owner, last_ended_at, last_outcome, next_at from jobs order by name";

    /// <summary>Makes rows for jobs that are not known yet; those are due at once.</summary>
    public async Task EnterAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Enter);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. names] });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Takes a job that is due and that nobody runs.</summary>
    /// <returns>The number of this run, by which it is renewed and ended; null when the job is not to be had.</returns>
    public async Task<long?> TryTakeAsync(string name, string owner, TimeSpan lease, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Take);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = owner });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = lease });
        return (long?)await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Makes the lease last from now; false when another run has begun since.</summary>
    public async Task<bool> RenewAsync(string name, long run, TimeSpan lease, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Renew);
        AddRun(command, name, run);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = lease });
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>Notes how the run ended and when the job is due again; nothing, and false, when another run has begun since.</summary>
    public async Task<bool> EndAsync(string name, long run, string outcome, TimeSpan dueAgainIn, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(End);
        AddRun(command, name, run);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = outcome });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = dueAgainIn });
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    public async Task<IReadOnlyList<JobRow>> ListAsync(CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(List);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<JobRow> rows = [];
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new JobRow(
                reader.GetString(0),
                await reader.IsDBNullAsync(1, ct) ? null : reader.GetString(1),
                await reader.IsDBNullAsync(2, ct) ? null : await reader.GetFieldValueAsync<DateTimeOffset>(2, ct),
                await reader.IsDBNullAsync(3, ct) ? null : reader.GetString(3),
                await reader.GetFieldValueAsync<DateTimeOffset>(4, ct)));
        }

        return rows;
    }

    private static void AddRun(NpgsqlCommand command, string name, long run)
    {
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = run });
    }
}

/// <summary>A job as it stands.</summary>
/// <param name="Owner">Who runs it, or ran it when its lease was given; null while nobody does.</param>
public sealed record JobRow(string Name, string? Owner, DateTimeOffset? LastEndedAt, string? LastOutcome, DateTimeOffset NextAt);
