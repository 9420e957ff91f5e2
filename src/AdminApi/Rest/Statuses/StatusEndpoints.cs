using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain.Statuses;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Statuses;

/// <summary>What people show to their contacts for a day .</summary>
internal static class StatusEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/status").WithTags("Statuses");
        group.MapGet("", ListAuthorsAsync)
            .Describe("listStatuses", "Lists who shows one statuses, the newest first, and how many one has not looked at; not oneself.")
            .FailsWith(ErrorCode.Busy, ErrorCode.RateLimited);
        group.MapPost("", PostAsync)
            .Describe(
                "postStatus",
                "Shows a text, image or video for a day to whom one's status privacy names just now. A retry with the same clientStatusId gives "
                    + "the first one.")
            .FailsWith(
                ErrorCode.TextEmpty, ErrorCode.TextTooLong, ErrorCode.TextHasNul, ErrorCode.BlobNotFound, ErrorCode.ClientMessageIdReused,
                ErrorCode.TooManyStatuses, ErrorCode.Busy, ErrorCode.RateLimited);
        group.MapGet("/user/{userId}", ListOfAsync)
            .Describe("listStatusesOf", "Lists what a person shows one, or one's own, in the order of posting; nothing of who shows one nothing.")
            .FailsWith(ErrorCode.Busy, ErrorCode.RateLimited);
        group.MapPut("/user/{userId}/mute", MuteAsync)
            .Describe("muteStatuses", "Keeps a contact's statuses apart on all one's devices: they are listed as muted. The contact is not told.")
            .FailsWith(ErrorCode.ContactNotFound, ErrorCode.RateLimited);
        group.MapDelete("/user/{userId}/mute", UnmuteAsync)
            .Describe("unmuteStatuses", "Takes that back; twice is no failure.")
            .FailsWith(ErrorCode.ContactNotFound, ErrorCode.RateLimited);
        group.MapPost("/{id}/view", ViewAsync)
            .Describe("viewStatus", "Notes that one has looked at a status; twice is no failure.")
            .FailsWith(ErrorCode.StatusNotFound, ErrorCode.RateLimited);
        group.MapGet("/{id}/viewers", ListViewersAsync)
            .Describe("listStatusViewers", "Lists who has looked at one's own status, the last one first; none while one's read receipts are off.")
            .FailsWith(ErrorCode.StatusNotFound, ErrorCode.Busy, ErrorCode.RateLimited);
        group.MapDelete("/{id}", DeleteAsync)
            .Describe("deleteStatus", "Takes one's own status back, and its file with it; twice is no failure.")
            .FailsWith(ErrorCode.StatusNotFound, ErrorCode.RateLimited);
        group.MapGet("/privacy", GetPrivacyAsync).Describe("getStatusPrivacy", "Reads for whom one's next statuses are.");
        group.MapPut("/privacy", PutPrivacyAsync)
            .Describe("setStatusPrivacy", "Says for whom one's next statuses are; those that are posted stay as they are.")
            .FailsWith(ErrorCode.RateLimited);
    }

    private static async Task<Results<Ok<Page<StatusAuthorResource>>, ProblemAnswer>> ListAuthorsAsync(
        HttpContext http, string? cursor, int? limit, ListStatuses list, CancellationToken ct) =>
        (await list.ListAuthorsAsync(http.Caller(), cursor, limit, ct)).ToOk(StatusAuthorResource.From);

    private static async Task<Results<Created<StatusResource>, ProblemAnswer>> PostAsync(
        NewStatusBody body, HttpContext http, PostStatus post, CancellationToken ct)
    {
        if (body.ClientStatusId is not { } clientStatusId) return ProblemAnswer.Missing("clientStatusId");

        StatusInput input = new(
            clientStatusId, body.Kind ?? ContentKind.None, body.Text, body.Background, body.Font, body.Media?.ToWire());
        return (await post.ExecuteAsync(http.Caller(), input, ct))
            .ToCreated(StatusResource.From, status => $"/api/status/user/{status.AuthorId}");
    }

    private static async Task<Results<Ok<Page<StatusResource>>, ProblemAnswer>> ListOfAsync(
        HttpContext http, WholeNumber userId, string? cursor, int? limit, ListStatuses list, CancellationToken ct) =>
        (await list.ListOfAsync(http.Caller(), userId.Value, cursor, limit, ct)).ToOk(StatusResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> MuteAsync(
        HttpContext http, WholeNumber userId, MuteStatuses mute, CancellationToken ct) =>
        (await mute.ExecuteAsync(http.Caller(), userId.Value, muted: true, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> UnmuteAsync(
        HttpContext http, WholeNumber userId, MuteStatuses mute, CancellationToken ct) =>
        (await mute.ExecuteAsync(http.Caller(), userId.Value, muted: false, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> ViewAsync(
        HttpContext http, WholeNumber id, ViewStatus view, CancellationToken ct) =>
        (await view.ExecuteAsync(http.Caller(), id.Value, ct)).ToNoContent();

    private static async Task<Results<Ok<StatusViewersResource>, ProblemAnswer>> ListViewersAsync(
        HttpContext http, WholeNumber id, string? cursor, int? limit, ListStatusViewers list, CancellationToken ct) =>
        (await list.ExecuteAsync(http.Caller(), id.Value, cursor, limit, ct)).ToOk(StatusViewersResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> DeleteAsync(
        HttpContext http, WholeNumber id, DeleteStatus delete, CancellationToken ct) =>
        (await delete.ExecuteAsync(http.Caller(), id.Value, ct)).ToNoContent();

    private static async Task<Results<Ok<StatusPrivacyResource>, ProblemAnswer>> GetPrivacyAsync(
        HttpContext http, StatusPrivacy privacy, CancellationToken ct) =>
        (await privacy.GetAsync(http.Caller(), ct)).ToOk(StatusPrivacyResource.From);

    private static async Task<Results<Ok<StatusPrivacyResource>, ProblemAnswer>> PutPrivacyAsync(
        StatusPrivacyBody body, HttpContext http, StatusPrivacy privacy, CancellationToken ct) =>
        (await privacy.SetAsync(
            http.Caller(), body.Audience ?? StatusAudience.None, body.People is { } people ? [.. people.Select(id => id.Value)] : null, ct))
        .ToOk(StatusPrivacyResource.From);
}
