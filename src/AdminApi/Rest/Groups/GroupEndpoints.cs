using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.AdminApi.Rest.Chats;
using Chat.Domain;
using Chat.Domain.Chats;
using Chat.Protocol.Codes;
using Chat.Storage.Chats;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Groups;

/// <summary>Groups and who is in them .</summary>
internal static class GroupEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/groups").WithTags("Groups");
        group.MapGet("", ListAsync).Describe("listGroups", "Lists one's groups, the most recently active first.");
        group.MapPost("", CreateAsync)
            .Describe("createGroup", "Makes a group; the caller becomes its admin.")
            .FailsWith(ErrorCode.PrincipalNotFound, ErrorCode.TooManyMembers, ErrorCode.Blocked);
        group.MapGet("/{chatId}", GetAsync).Describe("getGroup", "Reads one group.").FailsWith(ErrorCode.ChatNotFound);
        group.MapPut("/{chatId}", RenameAsync)
            .Describe("renameGroup", "Renames a group or channel, for whose role is enough to change it.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.Busy);
        group.MapPost("/{chatId}/members", AddMembersAsync)
            .Describe(
                "addMembers",
                "Adds people to a group, for whose role is enough to add them; whom an admin removed, from a channel too, only an admin adds.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.AlreadyAMember, ErrorCode.TooManyMembers,
                ErrorCode.PrincipalNotFound, ErrorCode.Blocked);
        group.MapDelete("/{chatId}/members/{principalId}", RemoveMemberAsync)
            .Describe("removeMember", "Removes someone from a group or channel; only an admin may. No link or public name leads them back.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.NotAMember);
        group.MapPut("/{chatId}/members/{principalId}", SetRoleAsync)
            .Describe("setMemberRole", "Makes a member an admin, or an admin a member; only an admin may.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.NotAMember);
        group.MapPost("/{chatId}/leave", LeaveAsync)
            .Describe(
                "leaveGroup",
                "Leaves a group or channel. If a group's last admin leaves, the longest-standing member becomes one; a channel's last cannot.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed);
    }

    private static async Task<Results<Ok<Page<ChatResource>>, ProblemAnswer>> ListAsync(
        HttpContext http, string? cursor, int? limit, ListChats listChats, CancellationToken ct) =>
        (await listChats.ExecuteAsync(http.Caller(), cursor, limit, ct, groupsOnly: true)).ToOk(ChatPages.From);

    private static async Task<Results<Created<ChatResource>, ProblemAnswer>> CreateAsync(
        NewGroupBody body, HttpContext http, CreateGroup create, CancellationToken ct)
    {
        Result<ChatRow> made = await create.ExecuteAsync(http.Caller(), body.Name, Plain(body.MemberIds), ct);
        return made.ToCreated(ChatResource.From, chat => $"/api/groups/{chat.ChatId}");
    }

    private static async Task<Results<Ok<ChatResource>, ProblemAnswer>> GetAsync(
        HttpContext http, WholeNumber chatId, GetChat getChat, CancellationToken ct)
    {
        Result<ChatRow> chat = await getChat.ExecuteAsync(http.Caller(), chatId.Value, ct);
        if (chat.IsOk && (ChatKind)chat.Value.Kind != ChatKind.Group)
            return ProblemAnswer.Of(new Failure(ErrorCode.ChatNotFound, "This chat is not a group; /api/chats has it.", Field: "chat_id"));

        return chat.ToOk(ChatResource.From);
    }

    private static async Task<Results<Ok<ChatResource>, ProblemAnswer>> RenameAsync(
        HttpContext http, WholeNumber chatId, ChatNameBody body, RenameGroup rename, CancellationToken ct) =>
        (await rename.ExecuteAsync(http.Caller(), chatId.Value, body.Name, ct)).ToOk(ChatResource.From);

    private static async Task<Results<Ok<ChatResource>, ProblemAnswer>> AddMembersAsync(
        HttpContext http, WholeNumber chatId, NewMembersBody body, AddMembers add, CancellationToken ct) =>
        (await add.ExecuteAsync(http.Caller(), chatId.Value, Plain(body.MemberIds), ct)).ToOk(ChatResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> RemoveMemberAsync(
        HttpContext http, WholeNumber chatId, WholeNumber principalId, RemoveMember remove, CancellationToken ct) =>
        (await remove.ExecuteAsync(http.Caller(), chatId.Value, principalId.Value, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> SetRoleAsync(
        HttpContext http, WholeNumber chatId, WholeNumber principalId, RoleBody body, SetMemberRole setRole, CancellationToken ct)
    {
        if (body.Role is not { } role) return ProblemAnswer.Missing("role");

        return (await setRole.ExecuteAsync(http.Caller(), chatId.Value, principalId.Value, role, ct)).ToNoContent();
    }

    private static async Task<Results<NoContent, ProblemAnswer>> LeaveAsync(
        HttpContext http, WholeNumber chatId, LeaveGroup leave, CancellationToken ct) =>
        (await leave.ExecuteAsync(http.Caller(), chatId.Value, ct)).ToNoContent();

    private static long[]? Plain(IReadOnlyList<WholeNumber>? ids) => ids is null ? null : [.. ids.Select(id => id.Value)];
}
