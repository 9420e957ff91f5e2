using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain;
using Chat.Domain.Search;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Search;

/// <summary>Finding messages and names .</summary>
internal static class SearchEndpoints
{
    private static readonly QueryNames<SearchOrder> Orders = new(_ => true);

    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Search");
        group.MapGet("/search", SearchAsync)
            .Describe(
                "search",
                "Finds messages in all that one may see, by words, sender, kind and time. A page may hold fewer than asked for, or none, though "
                    + "there are more: nextCursor tells.")
            .FailsWith(ErrorCode.Busy);
        group.MapGet("/search/names", SearchNamesAsync)
            .Describe("searchNames", "Finds contacts, people of direct chats, groups and channels by the beginnings of their names' words.")
            .FailsWith(ErrorCode.Busy);
        group.MapGet("/chats/{chatId}/search", SearchChatAsync)
            .Describe("searchChat", "Finds messages in one chat; otherwise as search.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.Busy);
    }

    private static Task<Results<Ok<Page<FoundMessageResource>>, ProblemAnswer>> SearchAsync(
        HttpContext http, string? q, WholeNumber? sender, [FromQuery(Name = "kind")] string[]? kind, DateTimeOffset? from, DateTimeOffset? to,
        string? order, string? cursor, int? limit, SearchMessages search, CancellationToken ct) =>
        ExecuteAsync(http.Caller(), chatId: null, new SearchParameters(q, sender?.Value, kind, from, to, order, cursor, limit), search, ct);

    private static Task<Results<Ok<Page<FoundMessageResource>>, ProblemAnswer>> SearchChatAsync(
        HttpContext http, WholeNumber chatId, string? q, WholeNumber? sender, [FromQuery(Name = "kind")] string[]? kind, DateTimeOffset? from, DateTimeOffset? to,
        string? order, string? cursor, int? limit, SearchMessages search, CancellationToken ct) =>
        ExecuteAsync(http.Caller(), chatId.Value, new SearchParameters(q, sender?.Value, kind, from, to, order, cursor, limit), search, ct);

    private static async Task<Results<Ok<FoundNamesResource>, ProblemAnswer>> SearchNamesAsync(
        HttpContext http, string? q, string? cursor, int? limit, SearchNames search, CancellationToken ct) =>
        (await search.ExecuteAsync(http.Caller(), q, cursor, limit, ct)).ToOk(FoundNamesResource.From);

    private static async Task<Results<Ok<Page<FoundMessageResource>>, ProblemAnswer>> ExecuteAsync(
        Caller caller, long? chatId, SearchParameters parameters, SearchMessages search, CancellationToken ct)
    {
        if (!QueryNames.ContentKinds.TryRead("kind", parameters.Kind, out List<ContentKind> kinds, out ProblemAnswer? wrong)) return wrong;
        if (!Orders.TryRead("order", parameters.Order is { } name ? [name] : [], out List<SearchOrder> order, out wrong)) return wrong;

        SearchWish wish = new(
            parameters.Q, chatId, parameters.Sender, kinds, parameters.From, parameters.To, order is [SearchOrder.Relevance]);
        return (await search.ExecuteAsync(caller, wish, parameters.Cursor, parameters.Limit, ct)).ToOk(found => new Page<FoundMessageResource>
        {
            Items = [.. found.Messages.Select(FoundMessageResource.From)],
            NextCursor = found.NextCursor,
        });
    }

    /// <summary>The query of both routes.</summary>
    private sealed record SearchParameters(
        string? Q, long? Sender, string[]? Kind, DateTimeOffset? From, DateTimeOffset? To, string? Order, string? Cursor, int? Limit);
}
