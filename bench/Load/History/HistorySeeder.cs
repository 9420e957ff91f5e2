using System.Diagnostics;
using System.Text.Json;

using Chat.Storage.Managed;
using Chat.Storage.Schema;

using Microsoft.Extensions.Logging.Abstractions;

using Npgsql;

namespace Chat.Load.History;

/// <summary>
/// Makes the database below a server's data directory, once: a folder that holds one is taken as it is. PostgreSQL gets room while it is
/// filled; the server starts it with the product's own settings afterwards. The indexes are there from the start, so that they look as if
/// the rows had come one by one.
/// </summary>
internal sealed class HistorySeeder(HistorySize size, TextWriter progress, TimeProvider time)
{
    private const int Writers = 2;

    private static readonly string[] RoomToFill =
    [
        "shared_buffers=2GB", "max_wal_size=16GB", "checkpoint_timeout=30min", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
        "autovacuum=off", "work_mem=256MB", "maintenance_work_mem=512MB", "synchronous_commit=off",
    ];

    /// <returns>How long it took; null when the folder was filled before.</returns>
    /// <exception cref="InvalidOperationException">The folder holds something else.</exception>
    public async Task<TimeSpan?> SeedAsync(string directory, CancellationToken ct)
    {
        string note = Path.Combine(directory, "history.json");
        if (File.Exists(note))
        {
            HistorySize? there = JsonSerializer.Deserialize<HistorySize>(await File.ReadAllTextAsync(note, ct));
            if (there == size) return null;
            throw new InvalidOperationException(
                $"'{directory}' holds {there?.Messages} messages in {there?.Chats} chats: ask for as many, or choose another folder for --keep.");
        }

        if (Directory.Exists(Path.Combine(directory, "postgres")))
            throw new InvalidOperationException($"'{directory}' holds a database that was not made, or not finished, by this scenario: choose another folder for --keep.");

        long started = time.GetTimestamp();
        await using (ManagedPostgres postgres = await ManagedPostgres.StartAsync(
            new ManagedPostgresOptions { DataDirectory = directory, ExtraSettings = RoomToFill }, time, NullLogger.Instance, ct))
        {
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(postgres.ConnectionString + ";Command Timeout=0");
            await new Migrator(source, NullLogger<Migrator>.Instance, allowUnsafe: true).UpAsync(ct);
            await FillAsync(source, ct);
        }

        await File.WriteAllTextAsync(note, JsonSerializer.Serialize(size), ct);
        return time.GetElapsedTime(started);
    }

    private async Task FillAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        long everybody = size.BusyPerson;
        await RunAsync("plan", source, ct, (HistorySql.CreateScratch, []),
            (HistorySql.PlanChats, [size.People, size.Directs, size.Groups, size.BusyDirects, size.BusyGroups, size.Messages]),
            (HistorySql.PlanMembers, [size.People, HistorySize.Stride]), (HistorySql.PlanTexts, []), ("analyze", []));
        await RunAsync("people, chats, members", source, ct, (HistorySql.InsertPeople, [everybody]), (HistorySql.InsertPrincipals, [everybody]),
            (HistorySql.InsertAccounts, [everybody]), (HistorySql.InsertDevices, [everybody]), (HistorySql.InsertTokens, [everybody]),
            (HistorySql.InsertChats, []), (HistorySql.InsertMembers, []), (HistorySql.InsertInboxMembers, [everybody]),
            (HistorySql.SetInboxHeads, [everybody]), (HistorySql.InsertInboxEvents, []), (HistorySql.InsertMakingEvents, []));
        long started = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteMessagesAsync(source, writer, ct)));
        Say("messages", started);
        await RunAsync("finish", source, ct, ("analyze", []), (HistorySql.SetActivity, [everybody]), (HistorySql.DropScratch, []),
            (HistorySql.MoveIdentities, []), ("vacuum (analyze)", []), ("checkpoint", []));
        await VerifyAsync(source, ct);
    }

    private async Task WriteMessagesAsync(NpgsqlDataSource source, int writer, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        for (int slice = 0; slice < size.Slices; slice++)
        {
            await ExecuteAsync(connection, HistorySql.InsertMessages, [slice, size.Slices, writer, Writers, size.People, HistorySize.Stride], ct);
            if (writer == 0 && (slice + 1) % 10 == 0)
                await progress.WriteLineAsync($"  {100 * (slice + 1) / size.Slices} % of the messages");
        }
    }

    private async Task RunAsync(string step, NpgsqlDataSource source, CancellationToken ct, params (string Sql, long[] Values)[] statements)
    {
        long started = time.GetTimestamp();
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        foreach ((string sql, long[] values) in statements) await ExecuteAsync(connection, sql, values, ct);
        Say(step, started);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, long[] values, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (long value in values) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task VerifyAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        long started = time.GetTimestamp();
        await using NpgsqlCommand command = source.CreateCommand(HistorySql.CountFaults);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        (long logs, long members) = (reader.GetInt64(0), reader.GetInt64(1));
        if (logs + members > 0)
            throw new UnreachableException($"The seeded rows do not fit each other: {logs} chats with a wrong log, {members} with wrong members.");
        Say("verified", started);
    }

    private void Say(string step, long started) => progress.WriteLine($"  {step}: {time.GetElapsedTime(started).TotalSeconds:0.0} s");
}
