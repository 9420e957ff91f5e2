using Chat.Load.Report;
using Chat.Storage;

using Npgsql;

namespace Chat.Load.History;

/// <summary>
/// History, chat list and resume over a database of the size that a busy installation has. Seeds it, or takes one that was kept, starts
/// the real server on it, and measures over the wire.
/// </summary>
/// <param name="serverProgram">Chat.Server.dll.</param>
/// <param name="seed">Decides which chats and places are asked for.</param>
internal sealed class HistoryScenario(HistorySize size, string serverProgram, int seed, TextWriter progress)
{
    private const double MaxPageMs = 10;
    private const double MaxChatListMs = 30;

    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>Each result as it is there.</summary>
    /// <param name="directory">The data directory: filled unless it is.</param>
    public async IAsyncEnumerable<HistoryResult> RunAsync(string directory, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await progress.WriteLineAsync($"{size.Messages} messages in {size.Chats} chats of {size.People} people, in {directory}");
        TimeSpan? seeding = await new HistorySeeder(size, progress, _time).SeedAsync(directory, ct);
        await progress.WriteLineAsync(seeding is { } took ? $"seeded in {took.TotalSeconds:0} s" : "seeded before");
        await using HistoryServer server = await HistoryServer.StartAsync(serverProgram, directory, _time, ct);
        await using NpgsqlDataSource source = ChatDataSource.Create(server.Target.ConnectionString + ";Command Timeout=0;Options=-c statement_timeout=0", "load", 2);
        var database = new HistoryDatabase(source, _time);
        var report = new HistoryResult("") { Messages = await database.CountMessagesAsync(ct), Chats = size.Chats };
        if (seeding is { } time) yield return report with { Measure = "seed", TotalMs = Math.Round(time.TotalMilliseconds) };
        yield return await ReadSizesAsync(database, report, ct);

        var measures = new HistoryMeasures(server.Target, database, size, seed, _time);
        foreach (HistoryResult pages in await measures.MeasurePagesAsync(report, ct)) yield return pages;
        yield return await measures.MeasureDeepPagesAsync(report, ct);
        foreach (HistoryResult list in await measures.MeasureChatListAsync(report, ct)) yield return list;
        yield return await measures.MeasurePresenceAsync(report, ct);
        yield return await measures.MeasureResumeAsync(report, ct);
    }

    /// <summary>What a result must keep: a page of history 10 ms, a page of the chat list 30 ms, 99 times in 100.</summary>
    public static IEnumerable<Threshold> Thresholds(HistoryResult result)
    {
        if (result.P99Ms is not { } p99) yield break;
        if (result.Measure.StartsWith("page_", StringComparison.Ordinal)) yield return new Threshold($"{result.Measure} p99_ms", p99, MaxPageMs);
        if (result.Measure.StartsWith("chat_list_", StringComparison.Ordinal) && !result.Measure.EndsWith("_all_pages", StringComparison.Ordinal))
            yield return new Threshold($"{result.Measure} p99_ms", p99, MaxChatListMs);
    }

    private static async Task<HistoryResult> ReadSizesAsync(HistoryDatabase database, HistoryResult report, CancellationToken ct)
    {
        (long table, long key, long clientIds) = await database.ReadSizesAsync(ct);
        return report with
        {
            Measure = "disk",
            TableBytesPerMessage = Math.Round((double)table / report.Messages, 1),
            KeyBytesPerMessage = Math.Round((double)key / report.Messages, 1),
            ClientIdBytesPerMessage = Math.Round((double)clientIds / report.Messages, 1),
        };
    }
}
