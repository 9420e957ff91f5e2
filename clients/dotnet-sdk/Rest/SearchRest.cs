using System.Globalization;
using System.Text;
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
        StringBuilder path = new(wish.ChatId is { } chatId ? string.Create(CultureInfo.InvariantCulture, $"chats/{chatId}/search?limit=") : "search?limit=");
        path.Append(limit);
        Put(path, "q", wish.Text);
        Put(path, "sender", wish.SenderId?.ToString(CultureInfo.InvariantCulture));
        foreach (ContentKind kind in wish.Kinds) Put(path, "kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));
        Put(path, "from", wish.From?.ToString("O", CultureInfo.InvariantCulture));
        Put(path, "to", wish.To?.ToString("O", CultureInfo.InvariantCulture));
        if (wish.Order == SearchOrder.Relevance) Put(path, "order", "relevance");
        Put(path, "cursor", cursor);
        FoundMessagesAnswer page = await calls.AskAsync(
            bearer => rest.SendAsync<NameBody, FoundMessagesAnswer>(
                HttpMethod.Get, path.ToString(), null, null, SearchJson.Default.FoundMessagesAnswer, bearer, ct), ct).ConfigureAwait(false);
        return new FoundMessages([.. page.Items.Select(item => item.ToFound())], page.NextCursor);
    }

    public Task<FoundNames> NamesAsync(string text, string? cursor, int limit, CancellationToken ct)
    {
        StringBuilder path = new("search/names?limit=");
        path.Append(limit);
        Put(path, "q", text);
        Put(path, "cursor", cursor);
        return calls.AskAsync(
            bearer => rest.SendAsync<NameBody, FoundNames>(HttpMethod.Get, path.ToString(), null, null, SearchJson.Default.FoundNames, bearer, ct), ct);
    }

    private static void Put(StringBuilder path, string name, string? value)
    {
        if (value is not null) path.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
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
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(ChatKindConverter)])]
[JsonSerializable(typeof(FoundMessagesAnswer))]
[JsonSerializable(typeof(FoundNames))]
internal sealed partial class SearchJson : JsonSerializerContext;
