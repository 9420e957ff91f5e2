using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

using Chat.Protocol.Codes;
using Chat.Sdk.Search;

namespace Chat.Sdk.Rest;

/// <summary>Search over REST. Thread-safe.</summary>
internal sealed class SearchRest(RestClient rest, SignedInCalls calls)
{
    public async Task<FoundMessages> MessagesAsync(SearchWish wish, string? cursor, int limit, CancellationToken ct)
    {
        QueryPath path = new(wish.ChatId is { } chatId ? string.Create(CultureInfo.InvariantCulture, $"chats/{chatId}/search") : "search");
        path.With("limit", limit).With("q", wish.Text).With("sender", wish.SenderId);
        foreach (ContentKind kind in wish.Kinds) path.With<ContentKind>("kind", kind);
        path.With("from", wish.From).With("to", wish.To).With("order", wish.Order == SearchOrder.Relevance ? "relevance" : null).With("cursor", cursor);
        FoundMessagesAnswer page = await calls.AskAsync(
            bearer => rest.SendAsync<NameBody, FoundMessagesAnswer>(
                HttpMethod.Get, path.ToString(), null, null, SearchJson.Default.FoundMessagesAnswer, bearer, ct), ct).ConfigureAwait(false);
        return new FoundMessages([.. page.Items.Select(item => item.ToFound())], page.NextCursor);
    }

    public Task<FoundNames> NamesAsync(string text, string? cursor, int limit, CancellationToken ct)
    {
        string path = new QueryPath("search/names").With("limit", limit).With("q", text).With("cursor", cursor).ToString();
        return calls.AskAsync(
            bearer => rest.SendAsync<NameBody, FoundNames>(HttpMethod.Get, path, null, null, SearchJson.Default.FoundNames, bearer, ct), ct);
    }
}

internal sealed record FoundMessagesAnswer(IReadOnlyList<FoundMessageAnswer> Items, string? NextCursor);

internal sealed record FoundMessageAnswer(MessageAnswer Message, IReadOnlyList<Highlight> Highlights)
{
    public FoundMessage ToFound() => new(
        Message.ChatId, Message.Sequence, Message.SenderId, Message.CreatedAt, Message.Text ?? "", KindOf(Message.Content?.Kind), Highlights);

    /// <summary>A kind that this library does not know is shown by its text alone (protocol-spec.md §6.35).</summary>
    private static ContentKind KindOf(string? name) =>
        Enum.GetValues<ContentKind>().FirstOrDefault(
            kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()) == name, ContentKind.Text);
}

internal sealed record MessageAnswer(
    long ChatId, long Sequence, long SenderId, DateTimeOffset CreatedAt, string? Text, ContentKindAnswer? Content);

internal sealed record ContentKindAnswer(string? Kind);

/// <summary>The JSON of search, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(SnakeCaseConverter<ChatKind>)])]
[JsonSerializable(typeof(FoundMessagesAnswer))]
[JsonSerializable(typeof(FoundNames))]
internal sealed partial class SearchJson : JsonSerializerContext;
