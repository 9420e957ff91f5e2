using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.AdminApi.Rest.Messages;
using Chat.Domain.Chats;
using Chat.Protocol.Codes;
using Chat.Storage.Chats;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Chats;

/// <summary>Channels, invite links and what was shared in a chat .</summary>
internal static class JoiningEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder channels = api.MapGroup("/channels").WithTags("Channels");
        channels.MapPost("", CreateChannelAsync)
            .Describe(
                "createChannel",
                "Makes a channel; the caller becomes its admin, and only admins write. Asked for again with the same public name and the rest "
                    + "the same, it is the same channel.");
        channels.MapGet("/{handle}", PreviewChannelAsync)
            .Describe("previewChannel", "Looks at a channel by its public name.")
            .FailsWith(ErrorCode.InviteNotFound, ErrorCode.RateLimited);
        channels.MapPost("/{handle}/subscribe", SubscribeAsync)
            .Describe(
                "subscribe",
                "Subscribes to a channel by its public name; twice is no failure. One leaves it as a group. Whom an admin removed comes back "
                    + "by an admin alone.")
            .FailsWith(ErrorCode.InviteNotFound, ErrorCode.NotAllowed, ErrorCode.RateLimited);

        RouteGroupBuilder links = api.MapGroup("/chats/{chatId}/invites").WithTags("Invites");
        links.MapPost("", CreateInviteAsync)
            .Describe(
                "createInvite", "Makes a link by which people join a group or channel; for whose role is enough to add people, and as long as it is.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.RateLimited);
        links.MapGet("", ListInvitesAsync)
            .Describe("listInvites", "Lists the links of a chat, the newest first, those that cannot be used any more among them.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.Busy);
        links.MapDelete("/{code}", RevokeInviteAsync)
            .Describe("revokeInvite", "Ends that people join by a link; who did stays. Twice is no failure.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.InviteNotFound);

        RouteGroupBuilder invites = api.MapGroup("/invites").WithTags("Invites");
        invites.MapGet("/{code}", PreviewInviteAsync)
            .Describe("previewInvite", "Looks at what a link leads to.")
            .FailsWith(ErrorCode.InviteNotFound, ErrorCode.InviteExpired, ErrorCode.RateLimited);
        invites.MapPost("/{code}/join", JoinAsync)
            .Describe(
                "joinByInvite", "Joins by a link; who is in already does not use it up. Whom an admin removed comes back by an admin alone.")
            .FailsWith(
                ErrorCode.InviteNotFound, ErrorCode.InviteExpired, ErrorCode.NotAllowed, ErrorCode.TooManyMembers, ErrorCode.RateLimited);

        api.MapGet("/chats/{chatId}/media", ListMediaAsync)
            .WithTags("Chats")
            .Describe("listMedia", "Lists what was shared in a chat, by what it is, the newest first; images and videos unless asked otherwise.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.Busy);
    }

    private static async Task<Results<Created<ChatResource>, ProblemAnswer>> CreateChannelAsync(
        NewChannelBody body, HttpContext http, CreateChannel create, CancellationToken ct)
    {
        NewChannel wished = new(body.Name ?? "", body.Description, body.Avatar, body.Handle);
        return (await create.ExecuteAsync(http.Caller(), wished, ct)).ToCreated(ChatResource.From, chat => $"/api/chats/{chat.ChatId}");
    }

    private static async Task<Results<Ok<ChatPreviewResource>, ProblemAnswer>> PreviewChannelAsync(
        HttpContext http, string handle, JoinChat join, CancellationToken ct) =>
        (await join.PreviewChannelAsync(http.Caller(), handle, ct)).ToOk(ChatPreviewResource.From);

    private static async Task<Results<Ok<ChatResource>, ProblemAnswer>> SubscribeAsync(
        HttpContext http, string handle, JoinChat join, CancellationToken ct) =>
        (await join.SubscribeAsync(http.Caller(), handle, ct)).ToOk(ChatResource.From);

    private static async Task<Results<Created<InviteResource>, ProblemAnswer>> CreateInviteAsync(
        HttpContext http, WholeNumber chatId, NewInviteBody body, Invites invites, CancellationToken ct) =>
        (await invites.CreateAsync(http.Caller(), chatId.Value, body.ExpiresAt, body.MaxUses, ct))
        .ToCreated(InviteResource.From, invite => $"/api/invites/{invite.Code}");

    private static async Task<Results<Ok<Page<InviteResource>>, ProblemAnswer>> ListInvitesAsync(
        HttpContext http, WholeNumber chatId, string? cursor, int? limit, Invites invites, CancellationToken ct) =>
        (await invites.ListAsync(http.Caller(), chatId.Value, cursor, limit, ct)).ToOk(page => new Page<InviteResource>
        {
            Items = [.. page.Invites.Select(InviteResource.From)],
            NextCursor = page.NextCursor,
        });

    private static async Task<Results<NoContent, ProblemAnswer>> RevokeInviteAsync(
        HttpContext http, WholeNumber chatId, string code, Invites invites, CancellationToken ct) =>
        (await invites.RevokeAsync(http.Caller(), chatId.Value, code, ct)).ToNoContent();

    private static async Task<Results<Ok<ChatPreviewResource>, ProblemAnswer>> PreviewInviteAsync(
        HttpContext http, string code, JoinChat join, CancellationToken ct) =>
        (await join.PreviewAsync(http.Caller(), code, ct)).ToOk(ChatPreviewResource.From);

    private static async Task<Results<Ok<ChatResource>, ProblemAnswer>> JoinAsync(
        HttpContext http, string code, JoinChat join, CancellationToken ct) =>
        (await join.JoinAsync(http.Caller(), code, ct)).ToOk(ChatResource.From);

    private static async Task<Results<Ok<Page<EventResource>>, ProblemAnswer>> ListMediaAsync(
        HttpContext http, WholeNumber chatId, [FromQuery(Name = "kind")] string[]? kind, string? cursor, int? limit, ListMedia list,
        CancellationToken ct)
    {
        if (!QueryNames.ContentKinds.TryRead("kind", kind, out List<ContentKind> kinds, out ProblemAnswer? wrong)) return wrong;

        return (await list.ExecuteAsync(http.Caller(), chatId.Value, kinds, cursor, limit, ct)).ToOk(page => new Page<EventResource>
        {
            Items = [.. page.Messages.Select(EventResource.From)],
            NextCursor = page.NextCursor,
        });
    }
}
