using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

using Chat.Sdk.Calls;

namespace Chat.Sdk.Rest;

/// <summary>Calls over REST. Thread-safe.</summary>
internal sealed class CallsRest(RestClient rest, SignedInCalls calls)
{
    public Task<CallRecord> StartAsync(NewCallBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Post, "calls", body, CallsJson.Default.NewCallBody, CallsJson.Default.CallRecord, bearer, ct), ct);

    public Task<CallRecord> AnswerAsync(long callId, AnswerBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Post, $"{Of(callId)}/answer", body, CallsJson.Default.AnswerBody, CallsJson.Default.CallRecord, bearer, ct), ct);

    /// <param name="what"><c>decline</c> or <c>end</c>.</param>
    public Task<CallRecord> ChangeAsync(long callId, string what, CancellationToken ct) => AskAsync(HttpMethod.Post, $"{Of(callId)}/{what}", ct);

    public Task<CallRecord> GetAsync(long callId, CancellationToken ct) => AskAsync(HttpMethod.Get, Of(callId), ct);

    public Task<CallPage> HistoryAsync(CallDirection? direction, string? cursor, int limit, CancellationToken ct)
    {
        StringBuilder path = new();
        path.Append(CultureInfo.InvariantCulture, $"calls?limit={limit}");
        if (direction is { } which) path.Append("&direction=").Append(JsonNamingPolicy.SnakeCaseLower.ConvertName(which.ToString()));
        if (cursor is not null) path.Append("&cursor=").Append(Uri.EscapeDataString(cursor));
        return ListAsync(path.ToString(), ct);
    }

    public Task<CallPage> ListAsync(string path, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, CallPage>(HttpMethod.Get, path, null, null, CallsJson.Default.CallPage, bearer, ct), ct);

    public Task<CallStatistics> StatisticsAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct)
    {
        List<string> query = [];
        if (from is { } begin) query.Add("from=" + Uri.EscapeDataString(begin.ToString("O", CultureInfo.InvariantCulture)));
        if (to is { } end) query.Add("to=" + Uri.EscapeDataString(end.ToString("O", CultureInfo.InvariantCulture)));
        string path = "calls/statistics" + (query.Count == 0 ? "" : "?" + string.Join('&', query));
        return calls.AskAsync(
            bearer => rest.SendAsync<NameBody, CallStatistics>(
                HttpMethod.Get, path, null, null, CallsJson.Default.CallStatistics, bearer, ct),
            ct);
    }

    public async Task<IReadOnlyList<IceServer>> IceServersAsync(CancellationToken ct)
    {
        IceServersAnswer answer = await calls.AskAsync(
            bearer => rest.SendAsync<NameBody, IceServersAnswer>(
                HttpMethod.Get, "calls/ice-servers", null, null, CallsJson.Default.IceServersAnswer, bearer, ct), ct).ConfigureAwait(false);
        return answer.IceServers;
    }

    private Task<CallRecord> AskAsync(HttpMethod method, string path, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, CallRecord>(method, path, null, null, CallsJson.Default.CallRecord, bearer, ct), ct);

    private static string Of(long callId) => string.Create(CultureInfo.InvariantCulture, $"calls/{callId}");
}

internal sealed record NewCallBody(long ChatId, CallKind Kind, Guid EndpointId);

internal sealed record AnswerBody(Guid EndpointId);

internal sealed record IceServersAnswer(IReadOnlyList<IceServer> IceServers);

/// <summary>The JSON of calls, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(SnakeCaseConverter<CallKind>), typeof(SnakeCaseConverter<CallStatus>), typeof(SnakeCaseConverter<CallReason>),
        typeof(SnakeCaseConverter<CallPart>),
    ])]
[JsonSerializable(typeof(NewCallBody))]
[JsonSerializable(typeof(AnswerBody))]
[JsonSerializable(typeof(CallRecord))]
[JsonSerializable(typeof(CallPage))]
[JsonSerializable(typeof(CallStatistics))]
[JsonSerializable(typeof(IceServersAnswer))]
internal sealed partial class CallsJson : JsonSerializerContext;

/// <summary>Names of a table, in snake case.</summary>
internal sealed class SnakeCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
