using System.Globalization;
using System.Text.Json.Serialization;
using Chat.Sdk.Receipts;

namespace Chat.Sdk.Rest;

/// <summary>The call that asks who has a message. Thread-safe.</summary>
internal sealed class ReceiptsRest(RestClient rest, SignedInCalls calls)
{
    public Task<MessageReceiptsAnswer> InfoAsync(long chatId, long sequence, string? cursor, int limit, CancellationToken ct)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"messages/{chatId}-{sequence}/info");
        return calls.AskAsync(
            bearer => rest.SendAsync<NameBody, MessageReceiptsAnswer>(
                HttpMethod.Get, new QueryPath(path).With("limit", limit).With("cursor", cursor).ToString(), null, null,
                ReceiptsJson.Default.MessageReceiptsAnswer, bearer, ct), ct);
    }
}

internal sealed record MessageReceiptsAnswer(IReadOnlyList<MemberReceipt> Items, int Delivered, int Read, int Members, string? NextCursor);

/// <summary>The JSON of receipts, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MessageReceiptsAnswer))]
internal sealed partial class ReceiptsJson : JsonSerializerContext;
