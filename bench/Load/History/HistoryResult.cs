using System.Text.Json;
using System.Text.Json.Serialization;

using Chat.Load.Report;

namespace Chat.Load.History;

/// <summary>One line of the report. Latencies are in milliseconds, from a request's first byte to its reply's last.</summary>
/// <param name="Measure">What was asked for.</param>
internal sealed record HistoryResult(string Measure)
{
    [JsonPropertyOrder(-1)]
    public string Scenario { get; init; } = "history";

    public double? P50Ms { get; init; }

    public double? P99Ms { get; init; }

    public double? MaxMs { get; init; }

    public long? Count { get; init; }

    /// <summary>Requests on their way at once.</summary>
    public int? Concurrency { get; init; }

    /// <summary>From the first request to the last answer.</summary>
    public double? TotalMs { get; init; }

    /// <summary>Transactions of the database meanwhile, as it counts them: each query of the server is one.</summary>
    public long? Transactions { get; init; }

    /// <summary>Memberships read at all hellos together.</summary>
    public long? Memberships { get; init; }

    /// <summary>Bytes a message: of the table, of its primary key, of the clients' message ids.</summary>
    public double? TableBytesPerMessage { get; init; }

    public double? KeyBytesPerMessage { get; init; }

    public double? ClientIdBytesPerMessage { get; init; }

    public required long Messages { get; init; }

    public required long Chats { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, HistoryJson.Default.HistoryResult);

    public HistoryResult With(LatencyHistogram latencies) => this with
    {
        P50Ms = latencies.Milliseconds(0.5),
        P99Ms = latencies.Milliseconds(0.99),
        MaxMs = latencies.Milliseconds(1),
        Count = latencies.Count,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryResult))]
internal sealed partial class HistoryJson : JsonSerializerContext;
