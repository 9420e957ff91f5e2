using System.Text.Json.Serialization;
using Chat.Protocol.Codes;
using Chat.Sdk.Notices;

namespace Chat.Sdk.Rest;

/// <summary>Notices over REST. Thread-safe.</summary>
internal sealed class NoticesRest(RestClient rest, SignedInCalls calls)
{
    public Task<NoticePage> ListAsync(string? cursor, int limit, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, NoticePage>(
            HttpMethod.Get, new QueryPath("notices").With("limit", limit).With("cursor", cursor).ToString(), null, null,
            NoticesJson.Default.NoticePage, bearer, ct), ct);

    public Task<UnreadNotices> CountUnreadAsync(CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, UnreadNotices>(HttpMethod.Get, "notices/unread", null, null, NoticesJson.Default.UnreadNotices, bearer, ct), ct);

    public Task MarkReadAsync(DateTimeOffset upTo, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync(HttpMethod.Post, "notices/read", new NoticesReadBody(upTo), NoticesJson.Default.NoticesReadBody, bearer, ct), ct);
}

internal sealed record NoticesReadBody(DateTimeOffset UpTo);

/// <summary>The JSON of notices, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(NoticeKindConverter), typeof(ContentKindConverter), typeof(MemberRoleConverter)])]
[JsonSerializable(typeof(NoticePage))]
[JsonSerializable(typeof(UnreadNotices))]
[JsonSerializable(typeof(NoticesReadBody))]
internal sealed partial class NoticesJson : JsonSerializerContext;

/// <summary>What a notice is of.</summary>
internal sealed class NoticeKindConverter : KnownNameConverter<NoticeKind>;

/// <summary>What somebody may do in a chat.</summary>
internal sealed class MemberRoleConverter : KnownNameConverter<MemberRole>;
