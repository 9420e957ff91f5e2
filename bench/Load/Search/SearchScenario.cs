using System.Globalization;
using System.Net.Http.Headers;

using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Search;
using Chat.Load.History;
using Chat.Load.Report;
using Chat.Storage;
using Chat.Storage.Managed;
using Chat.Storage.Schema;
using Chat.Storage.Search;

using Microsoft.Extensions.Logging.Abstractions;

using Npgsql;

namespace Chat.Load.Search;

/// <summary>
/// Searches of one who is in 200 chats and of one who is in 10,000 (or all groups that there are), over HTTP against the real server, on the database
/// of <see cref="HistoryScenario"/>. Seeds and indexes it, or takes one that was kept.
/// </summary>
internal sealed class SearchScenario(HistorySize size, string serverProgram, TextWriter progress)
{
    private const int Requests = 300;
    private const int WarmUp = 30;
    private const int OldEvents = 5_000;
    private const int Walked = 50_000;
    private const double MaxMs = 100;
    private const int FewChats = 200;
    private const int ManyChats = 10_000;

    private readonly TimeProvider _time = TimeProvider.System;

    // The first people are in about fourteen chats of their own.
    private const long InFew = 1;
    private const long InMany = 2;

    /// <summary>Each result as it is there.</summary>
    public async IAsyncEnumerable<HistoryResult> RunAsync(
        string directory, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await progress.WriteLineAsync($"{size.Messages} messages in {size.Chats} chats, in {directory}");
        TimeSpan? seeding = await new HistorySeeder(size, progress, _time).SeedAsync(directory, ct);
        await progress.WriteLineAsync(seeding is { } took ? $"seeded in {took.TotalSeconds:0} s" : "seeded before");
        var report = new HistoryResult("") { Scenario = "search", Messages = size.Messages, Chats = size.Chats };
        (TimeSpan indexing, long bytes, string[] words) = await PrepareAsync(directory, ct);
        yield return report with
        {
            Measure = "index",
            TotalMs = Math.Round(indexing.TotalMilliseconds),
            TableBytesPerMessage = Math.Round((double)bytes / size.Messages, 1),
        };

        await using HistoryServer server = await HistoryServer.StartAsync(serverProgram, directory, _time, ct);
        var tokens = new AccessTokens(new TokenOptions { SigningKey = server.Target.SigningKey }, _time);
        var random = new Random(1);
        foreach ((string name, long person) in ((string, long)[])[("member_200", InFew), ("member_10000", InMany)])
        {
            using HttpClient http = new() { BaseAddress = server.Target.Url };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Issue(new Caller(person, person), out _));
            foreach ((string kind, Func<string> query) in Queries(words, random))
            {
                LatencyHistogram latencies = await MeasureAsync(http, query, ct);
                yield return (report with { Measure = $"{name}_{kind}", Concurrency = 1 }).With(latencies);
            }
        }
    }

    /// <summary>A page within 100 ms, 99 times in 100, for the one in 200 chats.</summary>
    public static IEnumerable<Threshold> Thresholds(HistoryResult result)
    {
        if (result.P99Ms is { } p99 && result.Measure.StartsWith("member_200_", StringComparison.Ordinal))
            yield return new Threshold($"{result.Measure} p99_ms", p99, MaxMs);
    }

    private IEnumerable<(string Kind, Func<string> Query)> Queries(string[] words, Random random)
    {
        string Word() => words[random.Next(words.Length)];
        yield return ("word", () => $"/api/search?q={Word()}%20");
        yield return ("beginning", () => $"/api/search?q={Word()[..3]}");
        yield return ("letter", () => $"/api/search?q={Word()[..1]}");
        yield return ("two_words", () => $"/api/search?q={Word()}%20{Word()[..4]}");
        yield return ("nothing", () => $"/api/search?q=zz{Word()[..8]}");
        yield return ("sender", () => $"/api/search?sender={1 + random.NextInt64(size.People)}");
        yield return ("hot_chat", () => string.Create(CultureInfo.InvariantCulture, $"/api/chats/{size.HotChat}/search?q={Word()[..4]}"));
        yield return ("relevance", () => $"/api/search?order=relevance&q={Word()[..5]}");
        yield return ("names", () => "/api/search/names?q=person%20" + random.Next(10).ToString(CultureInfo.InvariantCulture));
    }

    private async Task<LatencyHistogram> MeasureAsync(HttpClient http, Func<string> query, CancellationToken ct)
    {
        var latencies = new LatencyHistogram();
        for (int request = -WarmUp; request < Requests; request++)
        {
            long started = _time.GetTimestamp();
            using HttpResponseMessage answer = await http.GetAsync(new Uri(query(), UriKind.Relative), ct);
            await answer.Content.ReadAsByteArrayAsync(ct);
            TimeSpan took = _time.GetElapsedTime(started);
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"A search was answered with {answer.StatusCode}.");
            if (request >= 0) latencies.Record(took);
        }

        return latencies;
    }

    /// <summary>Indexes what is not, and puts the two into their chats.</summary>
    private async Task<(TimeSpan Took, long Bytes, string[] Words)> PrepareAsync(string directory, CancellationToken ct)
    {
        await using ManagedPostgres postgres = await ManagedPostgres.StartAsync(
            new ManagedPostgresOptions { DataDirectory = directory, ExtraSettings = ["shared_buffers=2GB", "max_wal_size=16GB"] },
            _time, NullLogger.Instance, ct);
        await using NpgsqlDataSource source = ChatDataSource.Create(
            postgres.ConnectionString + ";Command Timeout=0;Options=-c statement_timeout=0 -c plan_cache_mode=force_generic_plan", "load", 4);
        await new Migrator(source, NullLogger<Migrator>.Instance, allowUnsafe: true).UpAsync(ct);
        long started = _time.GetTimestamp();
        await IndexAsync(source, ct);
        TimeSpan took = _time.GetElapsedTime(started);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        foreach ((long person, int chats) in ((long, int)[])[(InFew, FewChats), (InMany, ManyChats)])
        {
            await using var join = new NpgsqlCommand(SearchSeedSql.Join, connection);
            join.Parameters.Add(new NpgsqlParameter<long> { TypedValue = person });
            join.Parameters.Add(new NpgsqlParameter<int> { TypedValue = chats });
            await join.ExecuteNonQueryAsync(ct);
        }

        await using var ready = new NpgsqlCommand(SearchSeedSql.MakeReady, connection);
        await ready.ExecuteNonQueryAsync(ct);
        await using var vacuum = new NpgsqlCommand("vacuum (analyze) search_words, search_names, search_progress, members", connection);
        await vacuum.ExecuteNonQueryAsync(ct);
        await using var bytes = new NpgsqlCommand("select pg_total_relation_size('search_words')", connection);
        await using var words = new NpgsqlCommand(SearchSeedSql.Words, connection);
        words.Parameters.Add(new NpgsqlParameter<long> { TypedValue = size.HotChat });
        return (took, (long)(await bytes.ExecuteScalarAsync(ct))!, (string[])(await words.ExecuteScalarAsync(ct))!);
    }

    private async Task IndexAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        SearchIndexStore index = new(source, MessageWords.Of);
        NameStore names = new(source, MessageWords.OfName);
        for (long walked = 0; walked < size.Chats + size.People + Walked; walked += Walked) await index.WalkAsync(Walked, ct);
        while (await names.WalkAsync(Walked, ct) || await names.IndexAsync(await names.ListNewsAsync(Walked, ct), ct) > 0) continue;
        (long done, long said) = (0, 0);
        while ((await index.IndexOldAsync(OldEvents, null, ct)).Events is > 0 and int events)
        {
            done += events;
            if (done - said < 500_000) continue;
            said = done;
            await progress.WriteLineAsync($"  {done} events indexed");
        }
    }
}
