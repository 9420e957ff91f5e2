using System.Globalization;
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

    public Task<CallPage> HistoryAsync(CallDirection? direction, string? cursor, int limit, CancellationToken ct) =>
        ListAsync(new QueryPath("calls").With("limit", limit).With("direction", direction).With("cursor", cursor).ToString(), ct);

    public Task<CallPage> ListAsync(string path, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, CallPage>(HttpMethod.Get, path, null, null, CallsJson.Default.CallPage, bearer, ct), ct);

    public Task<CallStatistics> StatisticsAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct)
    {
        string path = new QueryPath("calls/statistics").With("from", from).With("to", to).ToString();
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
