using Chat.Storage.Messages;
using Npgsql;

namespace Chat.Storage.Search;

/// <summary>Asks the index, and reads what was found. A statement that takes longer than it may throws (57014). Thread-safe.</summary>
public sealed class SearchStore(NpgsqlDataSource source)
{
    /// <summary>What a statement may take.</summary>
    public static readonly TimeSpan StatementLimit = TimeSpan.FromMilliseconds(700);

    /// <summary>A word that every message is to have, and no text has.</summary>
    public const string AnyMessage = SearchSql.AnyMessage;

    private const long Forever = 9_007_199_254_740_991; // ShownEvent.Forever

    /// <summary>Whoever came and went more often finds what was said in the last so many of their stays.</summary>
    private const int MaxIntervalsOfChat = 1_000;

    /// <summary>Whether a statement took longer than it may.</summary>
    public static bool TookTooLong(PostgresException fault) => fault.SqlState == PostgresErrorCodes.QueryCanceled;

    /// <summary>The person's intervals of membership in the chats below an id, the highest first.</summary>
    /// <param name="limit">Most intervals; those of the last chat may be cut.</param>
    public Task<IReadOnlyList<SearchInterval>> ListIntervalsAsync(long principalId, long belowChat, int limit, CancellationToken ct) =>
        ListAsync(SearchSql.Intervals, principalId, belowChat, limit, ct);

    /// <summary>The person's intervals of membership in one chat; none if it never was there.</summary>
    public Task<IReadOnlyList<SearchInterval>> ListIntervalsOfChatAsync(long principalId, long chatId, CancellationToken ct) =>
        ListAsync(SearchSql.IntervalsOfChat, principalId, chatId, MaxIntervalsOfChat, ct);

    /// <summary>Looks into all of these intervals; one answer for each, in their order.</summary>
    /// <param name="entries">How many entries of the index are looked at in each.</param>
    public async Task<IReadOnlyList<SearchProbed>> ProbeAsync(
        IReadOnlyList<SearchProbe> probes, SearchPlan plan, int entries, CancellationToken ct)
    {
        IReadOnlyList<(int Index, long SentAtMs, long Sequence, bool Fits)> rows = await ReadAsync(SearchSql.Probe, parameters =>
        {
            Add(parameters, probes, probe => probe.Interval.ChatId);
            Add(parameters, probes, probe => probe.Interval.From);
            Add(parameters, probes, probe => probe.Interval.To);
            Add(parameters, probes, probe => probe.Interval.FromMs);
            Add(parameters, probes, probe => Math.Min(probe.BeforeMs, probe.Interval.ToMs == Forever ? long.MaxValue : probe.Interval.ToMs + 1));
            Add(parameters, probes, probe => probe.BeforeSequence);
            parameters.Add(new NpgsqlParameter<string[]> { TypedValue = plan.Words.Count == 0 ? [""] : [.. plan.Words] });
            AddText(parameters, plan.Prefix);
            AddText(parameters, plan.Prefix is { } prefix ? prefix + SearchSql.Above : null);
            parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. plan.AnyOf] });
            Add(parameters, entries);
            Add(parameters, Completions(plan.Prefix));
        }, reader => ((int)reader.GetInt64(0) - 1, reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3)), ct);

        List<SearchPlace>[] found = [.. probes.Select(_ => new List<SearchPlace>())];
        SearchPlace?[] lookedTo = new SearchPlace?[probes.Count];
        int[] counted = new int[probes.Count];
        foreach ((int index, long sentAtMs, long sequence, bool fits) in rows)
        {
            SearchPlace place = new(sentAtMs, probes[index].Interval.ChatId, sequence);
            if (fits) found[index].Add(place);
            else lookedTo[index] = place;
            counted[index]++;
        }

        // As many matches as entries: the last of them is how far the look went.
        for (int i = 0; i < found.Length; i++)
            if (counted[i] >= entries) lookedTo[i] ??= found[i][^1];
        return [.. found.Select((places, i) => new SearchProbed(places, lookedTo[i]))];
    }

    /// <summary>Those of the messages that the person sees, as it sees them; deleted ones are none. In no order.</summary>
    public Task<IReadOnlyList<EventRow>> ReadMessagesAsync(long principalId, IReadOnlyList<SearchPlace> places, CancellationToken ct) =>
        ReadAsync(SearchSql.Read, parameters =>
        {
            Add(parameters, principalId);
            Add(parameters, places, place => place.ChatId);
            Add(parameters, places, place => place.Sequence);
        }, reader => ShownEvent.Read(reader, 0), ct);

    /// <summary>
    /// Words of a chat that a beginning is looked up for, one leap along the key each. Where there are more, many messages are matches, and reading
    /// them costs less: all the sooner the shorter it is, for a letter alone has its words in every chat.
    /// </summary>
    private static int Completions(string? prefix) => prefix?.EnumerateRunes().Count() switch
    {
        1 => 12,
        2 => 24,
        _ => 64,
    };

    private Task<IReadOnlyList<SearchInterval>> ListAsync(string sql, long principalId, long chatId, int limit, CancellationToken ct) =>
        ReadAsync(
            sql,
            parameters =>
            {
                Add(parameters, principalId);
                Add(parameters, chatId);
                Add(parameters, limit);
            },
            reader => new SearchInterval(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)),
            ct);

    /// <summary>A statement with its limit, in one round trip and one transaction.</summary>
    private async Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql, Action<NpgsqlParameterCollection> fill, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var limit = new NpgsqlBatchCommand(SearchSql.LimitTime);
        var command = new NpgsqlBatchCommand(sql);
        fill(command.Parameters);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { limit, command } };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        List<T> rows = [];
        while (await reader.ReadAsync(ct)) rows.Add(read(reader));
        return rows;
    }

    private static void Add(NpgsqlParameterCollection parameters, long value) => parameters.Add(new NpgsqlParameter<long> { TypedValue = value });

    private static void Add<T>(NpgsqlParameterCollection parameters, IReadOnlyList<T> of, Func<T, long> value) =>
        parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. of.Select(value)] });

    private static void AddText(NpgsqlParameterCollection parameters, string? value) =>
        parameters.Add(new NpgsqlParameter<string?> { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, TypedValue = value });
}
