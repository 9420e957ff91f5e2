using System.Globalization;
using System.Text.Json.Serialization;

using Chat.Protocol.Codes;
using Chat.Sdk.Chats;

namespace Chat.Sdk.Rest;

/// <summary>What a chat is to one person alone, and to all, over REST. Thread-safe.</summary>
internal sealed class ChatSettingsRest(RestClient rest, SignedInCalls calls)
{
    public Task SetAsync(long chatId, string what, bool on, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<ThemeBody>(on ? HttpMethod.Post : HttpMethod.Delete, Path(chatId, what), null, null, bearer, ct), ct);

    public Task MuteAsync(long chatId, DateTimeOffset? until, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync(
            HttpMethod.Post, Path(chatId, "mute"), new MuteBody(until), ChatSettingsJson.Default.MuteBody, bearer, ct), ct);

    public Task MarkUnreadAsync(long chatId, long? readUpTo, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<ThemeBody>(
            HttpMethod.Post, new QueryPath(Path(chatId, "unread")).With("readUpTo", readUpTo).ToString(), null, null, bearer, ct),
        ct);

    public Task SetThemeAsync(long chatId, string? theme, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync(
            HttpMethod.Put, Path(chatId, "theme"), new ThemeBody(theme), ChatSettingsJson.Default.ThemeBody, bearer, ct), ct);

    public Task ClearAsync(long chatId, long? upTo, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync(
            HttpMethod.Post, Path(chatId, "clear"), new ClearBody(upTo), ChatSettingsJson.Default.ClearBody, bearer, ct), ct);

    public Task SetDraftAsync(long chatId, string? text, long? replyTo, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync(
            HttpMethod.Put, Path(chatId, "draft"), new DraftBody(text, replyTo), ChatSettingsJson.Default.DraftBody, bearer, ct), ct);

    public Task UpdateAsync(long chatId, ChatChange change, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync(
            HttpMethod.Put, string.Create(CultureInfo.InvariantCulture, $"chats/{chatId}"), change, ChatSettingsJson.Default.ChatChange,
            bearer, ct),
        ct);

    public Task DeleteAsync(long chatId, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<ThemeBody>(
            HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"chats/{chatId}"), null, null, bearer, ct),
        ct);

    private static string Path(long chatId, string what) => string.Create(CultureInfo.InvariantCulture, $"chats/{chatId}/{what}");
}

internal sealed record MuteBody(DateTimeOffset? Until);

internal sealed record ThemeBody(string? Theme);

internal sealed record ClearBody(long? UpTo);

internal sealed record DraftBody(string? Text, long? ReplyTo);

/// <summary>The JSON of chat settings, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(SnakeCaseConverter<MemberRole>)])]
[JsonSerializable(typeof(MuteBody))]
[JsonSerializable(typeof(ThemeBody))]
[JsonSerializable(typeof(ClearBody))]
[JsonSerializable(typeof(DraftBody))]
[JsonSerializable(typeof(ChatChange))]
internal sealed partial class ChatSettingsJson : JsonSerializerContext;
