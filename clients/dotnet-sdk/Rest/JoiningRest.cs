using System.Globalization;
using System.Text.Json.Serialization;

using Chat.Protocol.Codes;
using Chat.Sdk.Chats;

namespace Chat.Sdk.Rest;

/// <summary>Channels, invite links and the gallery over REST. Thread-safe.</summary>
internal sealed class JoiningRest(RestClient rest, SignedInCalls calls)
{
    public async Task<long> CreateChannelAsync(NewChannelBody body, CancellationToken ct)
    {
        ChatAnswer made = await calls.AskAsync(
            bearer => rest.SendAsync(
                HttpMethod.Post, "channels", body, JoiningJson.Default.NewChannelBody, RestJson.Default.ChatAnswer, bearer, ct),
            ct).ConfigureAwait(false);
        return made.ChatId;
    }

    public Task<ChatPreview> PreviewChannelAsync(string handle, CancellationToken ct) =>
        PreviewAsync($"channels/{Uri.EscapeDataString(handle)}", ct);

    public Task<long> SubscribeAsync(string handle, CancellationToken ct) =>
        EnterAsync($"channels/{Uri.EscapeDataString(handle)}/subscribe", ct);

    public Task<InviteLink> CreateInviteAsync(long chatId, NewInviteBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Post, Links(chatId), body, JoiningJson.Default.NewInviteBody, JoiningJson.Default.InviteLink, bearer, ct), ct);

    public Task<InvitesAnswer> InvitesAsync(long chatId, string? cursor, CancellationToken ct)
    {
        string path = new QueryPath(Links(chatId)).With("limit", 100).With("cursor", cursor).ToString();
        return calls.AskAsync(
            bearer => rest.SendAsync<NameBody, InvitesAnswer>(
                HttpMethod.Get, path, null, null, JoiningJson.Default.InvitesAnswer, bearer, ct),
            ct);
    }

    public Task RevokeInviteAsync(long chatId, string code, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(
            HttpMethod.Delete, $"{Links(chatId)}/{Uri.EscapeDataString(code)}", null, null, bearer, ct),
        ct);

    public Task<ChatPreview> PreviewInviteAsync(string code, CancellationToken ct) =>
        PreviewAsync($"invites/{Uri.EscapeDataString(code)}", ct);

    public Task<long> JoinAsync(string code, CancellationToken ct) => EnterAsync($"invites/{Uri.EscapeDataString(code)}/join", ct);

    public async Task<MediaPage> MediaAsync(long chatId, IReadOnlyList<ContentKind> kinds, string? cursor, int limit, CancellationToken ct)
    {
        QueryPath path = new QueryPath(string.Create(CultureInfo.InvariantCulture, $"chats/{chatId}/media")).With("limit", limit);
        foreach (ContentKind kind in kinds) path.With<ContentKind>("kind", kind);
        path.With("cursor", cursor);
        MediaAnswer page = await calls.AskAsync(
            bearer => rest.SendAsync<NameBody, MediaAnswer>(
                HttpMethod.Get, path.ToString(), null, null, JoiningJson.Default.MediaAnswer, bearer, ct), ct).ConfigureAwait(false);
        return new MediaPage([.. page.Items.Select(item => item.Sequence)], page.NextCursor) { Messages = [.. page.Items.Select(item => item.ToShared())] };
    }

    private Task<ChatPreview> PreviewAsync(string path, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, ChatPreview>(HttpMethod.Get, path, null, null, JoiningJson.Default.ChatPreview, bearer, ct), ct);

    private async Task<long> EnterAsync(string path, CancellationToken ct)
    {
        ChatAnswer chat = await calls.AskAsync(
            bearer => rest.SendAsync<NameBody, ChatAnswer>(HttpMethod.Post, path, null, null, RestJson.Default.ChatAnswer, bearer, ct), ct)
            .ConfigureAwait(false);
        return chat.ChatId;
    }

    private static string Links(long chatId) => string.Create(CultureInfo.InvariantCulture, $"chats/{chatId}/invites");
}

internal sealed record NewChannelBody(string Name, string? Description, string? Avatar, string? Handle);

internal sealed record NewInviteBody(DateTimeOffset? ExpiresAt, int? MaxUses);

internal sealed record InvitesAnswer(IReadOnlyList<InviteLink> Items, string? NextCursor);

internal sealed record MediaAnswer(IReadOnlyList<SharedAnswer> Items, string? NextCursor);

internal sealed record SharedAnswer(long ChatId, long Sequence, long SenderId, DateTimeOffset CreatedAt, string? Text, ContentBody Content)
{
    public SharedMessage ToShared() => new(ChatId, Sequence, SenderId, CreatedAt, Text ?? "", Content.ToContent());
}

/// <summary>The JSON of joining, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(SnakeCaseConverter<ChatKind>), typeof(ContentKindConverter), typeof(MarkKindConverter)])]
[JsonSerializable(typeof(NewChannelBody))]
[JsonSerializable(typeof(NewInviteBody))]
[JsonSerializable(typeof(InviteLink))]
[JsonSerializable(typeof(InvitesAnswer))]
[JsonSerializable(typeof(ChatPreview))]
[JsonSerializable(typeof(MediaAnswer))]
internal sealed partial class JoiningJson : JsonSerializerContext;
