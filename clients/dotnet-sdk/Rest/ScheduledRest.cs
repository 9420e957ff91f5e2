using System.Globalization;
using System.Text.Json.Serialization;
using Chat.Sdk.Scheduled;

namespace Chat.Sdk.Rest;

/// <summary>Scheduled messages over REST. Thread-safe.</summary>
internal sealed class ScheduledRest(RestClient rest, SignedInCalls calls)
{
    public Task<ScheduledAnswer> ScheduleAsync(long chatId, NewScheduledBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"chats/{chatId}/scheduled"), body,
            ScheduledJson.Default.NewScheduledBody, ScheduledJson.Default.ScheduledAnswer, bearer, ct), ct);

    public Task<ScheduledListAnswer> ListAsync(long? chatId, string? cursor, int limit, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, ScheduledListAnswer>(
            HttpMethod.Get, new QueryPath("scheduled").With("chat", chatId).With("limit", limit).With("cursor", cursor).ToString(), null, null,
            ScheduledJson.Default.ScheduledListAnswer, bearer, ct), ct);

    public Task<ScheduledAnswer> ChangeAsync(long id, ScheduledChangeBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Put, One(id, ""), body, ScheduledJson.Default.ScheduledChangeBody, ScheduledJson.Default.ScheduledAnswer, bearer, ct), ct);

    public Task CancelAsync(long id, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Delete, One(id, ""), null, null, bearer, ct), ct);

    public Task<ScheduledAnswer> SendNowAsync(long id, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, ScheduledAnswer>(
            HttpMethod.Post, One(id, "/send"), null, null, ScheduledJson.Default.ScheduledAnswer, bearer, ct), ct);

    private static string One(long id, string behind) => string.Create(CultureInfo.InvariantCulture, $"scheduled/{id}{behind}");
}

internal sealed record ScheduledWordsBody(string Text, long? ReplyTo, ContentBody? Content)
{
    public static ScheduledWordsBody From(ScheduledWords words) =>
        new(words.Text, words.ReplyTo, words.Content is { } content ? ContentBody.From(content) : null);
}

internal sealed record NewScheduledBody(Guid ClientMessageId, DateTimeOffset DueAt, ScheduledWordsBody Message);

internal sealed record ScheduledChangeBody(DateTimeOffset? DueAt, ScheduledWordsBody? Message, int? Version);

internal sealed record ScheduledAnswer(
    long Id, long ChatId, Guid ClientMessageId, ScheduledState State, DateTimeOffset DueAt, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt,
    int Version, ScheduledWordsBody? Message, string? Reason, long? Sequence)
{
    public ScheduledMessage ToMessage() => new(
        Id, ChatId, ClientMessageId, State,
        Message is { } words ? new ScheduledWords(words.Text, words.ReplyTo, words.Content?.ToContent()) : null,
        DueAt, CreatedAt, ChangedAt, Version, Reason, Sequence);
}

internal sealed record ScheduledListAnswer(IReadOnlyList<ScheduledAnswer> Items, string? NextCursor);

/// <summary>The JSON of scheduled messages, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ContentKindConverter), typeof(MarkKindConverter), typeof(ScheduledStateConverter)])]
[JsonSerializable(typeof(NewScheduledBody))]
[JsonSerializable(typeof(ScheduledChangeBody))]
[JsonSerializable(typeof(ScheduledAnswer))]
[JsonSerializable(typeof(ScheduledListAnswer))]
internal sealed partial class ScheduledJson : JsonSerializerContext;

/// <summary>Where it stands.</summary>
internal sealed class ScheduledStateConverter : KnownNameConverter<ScheduledState>;
