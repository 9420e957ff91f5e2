using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

using Chat.Chaos.Cluster;
using Chat.Load.Seed;

namespace Chat.Chaos.Faults;

/// <summary>What one request was answered.</summary>
/// <param name="Status">0 when there was no answer.</param>
/// <param name="Sequence">Of an acked message.</param>
internal readonly record struct ProbeAnswer(HttpStatusCode Status, TimeSpan Took, long Sequence)
{
    public bool IsAck => Status == HttpStatusCode.OK;

    /// <summary>Refused for now, before acceptance.</summary>
    public bool IsBusy => Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
}

/// <summary>
/// Sends single messages through REST, in a chat of its own, and tells exactly what the node answered: the SDK would try again until the
/// answer is an ack. Thread-safe.
/// </summary>
internal sealed class RestProbe : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly long _chatId;

    private RestProbe(HttpClient http, long chatId) => (_http, _chatId) = (http, chatId);

    public static async Task<RestProbe> CreateAsync(ChaosCluster cluster, CancellationToken ct)
    {
        (HttpClient http, long chatId) = await EnterAsync(cluster, ct);
        return new RestProbe(http, chatId);
    }

    /// <summary>Makes two people and a chat directly in the database.</summary>
    /// <returns>What asks as one of them, for the caller to dispose of, and the chat.</returns>
    public static async Task<(HttpClient Http, long ChatId)> EnterAsync(ChaosCluster cluster, CancellationToken ct)
    {
        var target = new LoadTarget(cluster.Nodes[0].Url, cluster.Postgres.ConnectionString, cluster.SigningKey, ProcessId: null);
        SeededChats made = await new Seeder(target, TimeProvider.System).SeedAsync(2, [[0, 1]], ct);
        var http = new HttpClient { Timeout = Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Accounts[0].Token);
        return (http, made.Chats[0].ChatId);
    }

    /// <param name="clientMessageId">The same again is a retry. Default: a new one.</param>
    public async Task<ProbeAnswer> SendAsync(Uri node, CancellationToken ct, Guid? clientMessageId = null)
    {
        Guid id = clientMessageId ?? Guid.NewGuid();
        long began = Stopwatch.GetTimestamp();
        try
        {
            Uri address = new(node, string.Create(CultureInfo.InvariantCulture, $"/api/chats/{_chatId}/messages"));
            using HttpResponseMessage answer = await _http.PostAsJsonAsync(address, new { clientMessageId = id, text = $"probe {id}" }, ct);
            TimeSpan took = Stopwatch.GetElapsedTime(began);
            long sequence = answer.StatusCode == HttpStatusCode.OK ? await ReadSequenceAsync(answer, ct) : 0;
            return new ProbeAnswer(answer.StatusCode, took, sequence);
        }
        catch (Exception none) when (
            none is HttpRequestException or IOException || (none is TaskCanceledException && !ct.IsCancellationRequested))
        {
            return new ProbeAnswer(0, Stopwatch.GetElapsedTime(began), 0);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<long> ReadSequenceAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
        JsonElement sequence = body.RootElement.GetProperty("sequence");
        return sequence.ValueKind == JsonValueKind.String
            ? long.Parse(sequence.GetString()!, CultureInfo.InvariantCulture)
            : sequence.GetInt64();
    }
}
