using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain.Notices;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Notices;

/// <summary>What happened to the caller: the list inside an app.</summary>
internal static class NoticeEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/notices").WithTags("Notices");
        group.MapGet("", ListAsync)
            .Describe(
                "listNotices",
                "Lists what happened to one in the last 30 days, the newest first: mentions, replies, reactions, missed calls, chats, roles, sign-ins, passkeys. "
                + "A page may have fewer than asked for though there is a next one.")
            .FailsWith(ErrorCode.Busy, ErrorCode.RateLimited);
        group.MapGet("/unread", CountAsync)
            .Describe("countUnreadNotices", "Counts the notices that one has not read, of the newest hundred.")
            .FailsWith(ErrorCode.Busy, ErrorCode.RateLimited);
        group.MapPost("/read", ReadAsync)
            .Describe("readNotices", "Marks one's notices up to a time as read, on all devices. It never goes back.")
            .FailsWith(ErrorCode.RateLimited);
    }

    private static async Task<Results<Ok<Page<NoticeResource>>, ProblemAnswer>> ListAsync(
        HttpContext http, string? cursor, int? limit, ListNotices list, CancellationToken ct) =>
        (await list.ExecuteAsync(http.Caller(), cursor, limit, ct)).ToOk(NoticeResource.From);

    private static async Task<Results<Ok<UnreadNoticesResource>, ProblemAnswer>> CountAsync(
        HttpContext http, ListNotices list, CancellationToken ct) =>
        (await list.CountAsync(http.Caller(), ct)).ToOk(UnreadNoticesResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> ReadAsync(
        HttpContext http, NoticesReadBody body, ReadNotices read, CancellationToken ct) =>
        body.UpTo is { } upTo ? (await read.ExecuteAsync(http.Caller(), upTo, ct)).ToNoContent() : ProblemAnswer.Missing("upTo");
}
