using System.Globalization;
using System.Text.Json.Serialization;

using Chat.Protocol.Codes;
using Chat.Sdk.Statuses;

namespace Chat.Sdk.Rest;

/// <summary>Statuses over REST. Thread-safe.</summary>
internal sealed class StatusRest(RestClient rest, SignedInCalls calls)
{
    public Task<StatusAuthorPage> ListAuthorsAsync(string? cursor, int limit, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, StatusAuthorPage>(
            HttpMethod.Get, Paged("status", cursor, limit), null, null, StatusJson.Default.StatusAuthorPage, bearer, ct), ct);

    public Task<StatusesAnswer> ListAsync(long principalId, string? cursor, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, StatusesAnswer>(
            HttpMethod.Get, Paged(One("user/", principalId, ""), cursor, 100), null, null, StatusJson.Default.StatusesAnswer, bearer, ct), ct);

    public Task<StatusAnswer> PostAsync(NewStatusBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Post, "status", body, StatusJson.Default.NewStatusBody, StatusJson.Default.StatusAnswer, bearer, ct), ct);

    public Task ViewAsync(long id, CancellationToken ct) => DoAsync(HttpMethod.Post, One("", id, "/view"), ct);

    public Task<StatusViewerPage> ListViewersAsync(long id, string? cursor, int limit, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, StatusViewerPage>(
            HttpMethod.Get, Paged(One("", id, "/viewers"), cursor, limit), null, null, StatusJson.Default.StatusViewerPage, bearer, ct), ct);

    public Task DeleteAsync(long id, CancellationToken ct) => DoAsync(HttpMethod.Delete, One("", id, ""), ct);

    public Task<StatusPrivacy> GetPrivacyAsync(CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, StatusPrivacy>(
            HttpMethod.Get, "status/privacy", null, null, StatusJson.Default.StatusPrivacy, bearer, ct), ct);

    public Task<StatusPrivacy> SetPrivacyAsync(StatusPrivacy privacy, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Put, "status/privacy", privacy, StatusJson.Default.StatusPrivacy, StatusJson.Default.StatusPrivacy, bearer, ct), ct);

    public Task MuteAsync(long principalId, CancellationToken ct) => DoAsync(HttpMethod.Put, One("user/", principalId, "/mute"), ct);

    public Task UnmuteAsync(long principalId, CancellationToken ct) => DoAsync(HttpMethod.Delete, One("user/", principalId, "/mute"), ct);

    private Task DoAsync(HttpMethod method, string path, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(method, path, null, null, bearer, ct), ct);

    private static string One(string before, long id, string behind) =>
        string.Create(CultureInfo.InvariantCulture, $"status/{before}{id}{behind}");

    private static string Paged(string path, string? cursor, int limit) =>
        new QueryPath(path).With("limit", limit).With("cursor", cursor).ToString();
}

internal sealed record NewStatusBody(
    Guid ClientStatusId, ContentKind Kind, string? Text, string? Background, StatusFont? Font, MediaBody? Media)
{
    public static NewStatusBody From(NewStatus status) => new(
        status.ClientStatusId, status.Kind, status.Text, status.Background, status.Font,
        status.Media is { } media ? MediaBody.From(media) : null);
}

internal sealed record StatusAnswer(
    long Id, long AuthorId, ContentKind Kind, string? Text, string? Background, StatusFont? Font, MediaBody? Media,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool Seen)
{
    public Status ToStatus() => new(Id, AuthorId, Kind, Text, Background, Font, Media?.ToMedia(), CreatedAt, ExpiresAt, Seen);
}

internal sealed record StatusesAnswer(IReadOnlyList<StatusAnswer> Items, string? NextCursor);

/// <summary>The JSON of statuses, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ContentKindConverter), typeof(StatusFontConverter), typeof(StatusAudienceConverter)])]
[JsonSerializable(typeof(StatusAuthorPage))]
[JsonSerializable(typeof(StatusesAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(NewStatusBody))]
[JsonSerializable(typeof(StatusViewerPage))]
[JsonSerializable(typeof(StatusPrivacy))]
internal sealed partial class StatusJson : JsonSerializerContext;

/// <summary>How a text looks.</summary>
internal sealed class StatusFontConverter : KnownNameConverter<StatusFont>;

/// <summary>For whom it is.</summary>
internal sealed class StatusAudienceConverter : KnownNameConverter<StatusAudience>;
