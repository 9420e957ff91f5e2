using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain;
using Chat.Domain.Chats;
using Chat.Protocol.Codes;
using Chat.Storage.Chats;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Chats;

/// <summary>Chats of any kind .</summary>
internal static class ChatEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/chats").WithTags("Chats");
        group.MapGet("", ListAsync).Describe("listChats", "Lists one's chats, the most recently active first.");
        group.MapPost("", OpenAsync)
            .Describe("openDirectChat", "Opens the one direct chat with a person; it is made if there was none.")
            .FailsWith(ErrorCode.PrincipalNotFound, ErrorCode.Blocked);
        group.MapGet("/{chatId}", GetAsync).Describe("getChat", "Reads one chat.").FailsWith(ErrorCode.ChatNotFound);
        group.MapPut("/{chatId}", UpdateAsync)
            .Describe("updateChat", "Changes a group or channel: name, description, picture, theme, who may do what. What is left out stays.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed);
        group.MapDelete("/{chatId}", DeleteAsync)
            .Describe("deleteChat", "Deletes a group or channel for everyone, for good; only an admin may. Done twice it is done.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.NotDeletable, ErrorCode.Busy);
        group.MapGet("/{chatId}/members", ListMembersAsync)
            .Describe("listMembers", "Lists the members of a chat in the order of their ids.")
            .FailsWith(ErrorCode.ChatNotFound);
    }

    private static async Task<Results<Ok<Page<ChatResource>>, ProblemAnswer>> ListAsync(
        HttpContext http, string? cursor, int? limit, ListChats listChats, CancellationToken ct) =>
        (await listChats.ExecuteAsync(http.Caller(), cursor, limit, ct)).ToOk(ChatPages.From);

    private static async Task<Results<Ok<ChatResource>, ProblemAnswer>> OpenAsync(
        OpenChatBody body, HttpContext http, OpenDirectChat open, CancellationToken ct)
    {
        if (body.PrincipalId is not { } principalId) return ProblemAnswer.Missing("principalId");

        return (await open.ExecuteAsync(http.Caller(), principalId.Value, ct)).ToOk(ChatResource.From);
    }

    private static async Task<Results<Ok<ChatResource>, ProblemAnswer>> GetAsync(
        HttpContext http, WholeNumber chatId, GetChat getChat, CancellationToken ct) =>
        (await getChat.ExecuteAsync(http.Caller(), chatId.Value, ct)).ToOk(ChatResource.From);

    private static async Task<Results<Ok<ChatResource>, ProblemAnswer>> UpdateAsync(
        HttpContext http, WholeNumber chatId, ChatBody body, UpdateChat update, CancellationToken ct) =>
        (await update.ExecuteAsync(http.Caller(), chatId.Value, body.ToChange(), ct)).ToOk(ChatResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> DeleteAsync(
        HttpContext http, WholeNumber chatId, DeleteChat delete, CancellationToken ct) =>
        (await delete.ExecuteAsync(http.Caller(), chatId.Value, ct)).ToNoContent();

    private static async Task<Results<Ok<Page<MemberResource>>, ProblemAnswer>> ListMembersAsync(
        HttpContext http, WholeNumber chatId, WholeNumber? after, int? limit, ListMembers listMembers, CancellationToken ct)
    {
        Result<MemberPage> page = await listMembers.ExecuteAsync(http.Caller(), chatId.Value, after?.Value, limit, ct);
        return page.ToOk(ChatPages.From);
    }
}
