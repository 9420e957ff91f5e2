using System.Globalization;
using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Messages;

/// <summary>What is done to messages that are there: edit, delete, react, pin .</summary>
internal static class MessageChangeEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder message = api.MapGroup("/messages/{chatId}-{sequence}").WithTags("Messages");
        message.MapPut("", EditAsync)
            .Describe("editMessage", "Gives one's message another text, within the time for that.")
            .FailsWith(ErrorCode.Blocked, ErrorCode.TextEmpty, ErrorCode.TextTooLong, ErrorCode.TextHasNul, ErrorCode.ChatNotFound, ErrorCode.NotAMember,
                ErrorCode.NotAllowed, ErrorCode.MessageNotFound, ErrorCode.TooLate, ErrorCode.MessageDeleted, ErrorCode.ClientMessageIdReused,
                ErrorCode.Busy);
        message.MapDelete("", DeleteAsync)
            .Describe("deleteMessage", "Deletes a message for everyone: one's own within the time for that, as an admin of the group any.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAMember, ErrorCode.NotAllowed, ErrorCode.MessageNotFound, ErrorCode.TooLate,
                ErrorCode.MessageDeleted, ErrorCode.Busy);
        message.MapPost("/react", ReactAsync)
            .Describe("reactToMessage", "Reacts to a message in place of one's earlier reaction, or takes that back.")
            .FailsWith(ErrorCode.Blocked, ErrorCode.ChatNotFound, ErrorCode.NotAMember, ErrorCode.MessageNotFound, ErrorCode.MessageDeleted,
                ErrorCode.ClientMessageIdReused, ErrorCode.Busy);
        message.MapGet("/reactions", ListReactionsAsync)
            .Describe("listReactions", "Lists who reacted with what, in the order of their ids; nobody for a message that one may not see.")
            .FailsWith(ErrorCode.ChatNotFound);
        message.MapPost("/pin", PinAsync)
            .Describe("pinMessage", "Pins a message in its chat for all; in a group only an admin may.")
            .FailsWith(ErrorCode.Blocked, ErrorCode.ChatNotFound, ErrorCode.NotAMember, ErrorCode.NotAllowed, ErrorCode.MessageNotFound,
                ErrorCode.MessageDeleted, ErrorCode.Busy);
        message.MapDelete("/pin", UnpinAsync)
            .Describe("unpinMessage", "Takes a pin away; in a group only an admin may.")
            .FailsWith(ErrorCode.Blocked, ErrorCode.ChatNotFound, ErrorCode.NotAMember, ErrorCode.NotAllowed, ErrorCode.MessageNotFound,
                ErrorCode.MessageDeleted, ErrorCode.Busy);
        message.MapPost("/star", StarAsync).Describe("starMessage", "Stars a message for oneself.").FailsWith(ErrorCode.MessageNotFound);
        message.MapDelete("/star", UnstarAsync).Describe("unstarMessage", "Takes one's star away.").FailsWith(ErrorCode.MessageNotFound);
        message.MapPost("/hide", HideAsync)
            .Describe("hideMessage", "Deletes a message for oneself alone, for good.")
            .FailsWith(ErrorCode.MessageNotFound);
        api.MapGet("/starred", ListStarredAsync)
            .WithTags("Messages")
            .Describe("listStarred", "Lists one's starred messages, the one starred last first.");
        api.MapGet("/chats/{chatId}/pins", ListPinnedAsync)
            .WithTags("Messages")
            .Describe("listPinned", "Lists the pinned messages of a chat, oldest first; there are so few that the page is the only one.")
            .FailsWith(ErrorCode.ChatNotFound);
    }

    private static async Task<Results<Ok<SentResource>, ProblemAnswer>> EditAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, EditBody body, EditMessage edit, CancellationToken ct)
    {
        if (body.ClientMessageId is not { } id) return ProblemAnswer.Missing("clientMessageId");

        return (await edit.ExecuteAsync(http.Caller(), chatId.Value, id, sequence.Value, body.Text, ct)).ToOk(SentResource.From);
    }

    /// <remarks>Needs no id of the caller's: done twice it says that the message is deleted.</remarks>
    private static async Task<Results<Ok<SentResource>, ProblemAnswer>> DeleteAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, DeleteMessage delete, CancellationToken ct) =>
        (await delete.ExecuteAsync(http.Caller(), chatId.Value, Guid.NewGuid(), sequence.Value, ct)).ToOk(SentResource.From);

    private static async Task<Results<Ok<SentResource>, ProblemAnswer>> ReactAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, ReactionBody body, ReactToMessage react, CancellationToken ct)
    {
        if (body.ClientMessageId is not { } id) return ProblemAnswer.Missing("clientMessageId");

        return (await react.ExecuteAsync(http.Caller(), chatId.Value, id, sequence.Value, body.Emoji, ct)).ToOk(SentResource.From);
    }

    private static async Task<Results<Ok<Page<ReactionResource>>, ProblemAnswer>> ListReactionsAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, WholeNumber? after, int? limit, ListReactions list, CancellationToken ct)
    {
        Result<ReactionPage> found = await list.ExecuteAsync(http.Caller(), chatId.Value, sequence.Value, after?.Value, limit, ct);
        return found.ToOk(page => new Page<ReactionResource>
        {
            Items = [.. page.Reactions.Select(row => new ReactionResource { PrincipalId = row.PrincipalId, Emoji = row.Emoji })],
            NextCursor = page.HasMore ? page.Reactions[^1].PrincipalId.ToString(CultureInfo.InvariantCulture) : null,
        });
    }

    private static async Task<Results<Ok<SentResource>, ProblemAnswer>> PinAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, PinMessage pin, CancellationToken ct) =>
        (await pin.ExecuteAsync(http.Caller(), chatId.Value, Guid.NewGuid(), sequence.Value, pinned: true, ct)).ToOk(SentResource.From);

    private static async Task<Results<Ok<SentResource>, ProblemAnswer>> UnpinAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, PinMessage pin, CancellationToken ct) =>
        (await pin.ExecuteAsync(http.Caller(), chatId.Value, Guid.NewGuid(), sequence.Value, pinned: false, ct)).ToOk(SentResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> StarAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, StarMessage star, CancellationToken ct) =>
        (await star.ExecuteAsync(http.Caller(), chatId.Value, sequence.Value, starred: true, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> UnstarAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, StarMessage star, CancellationToken ct) =>
        (await star.ExecuteAsync(http.Caller(), chatId.Value, sequence.Value, starred: false, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> HideAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, HideMessage hide, CancellationToken ct) =>
        (await hide.ExecuteAsync(http.Caller(), chatId.Value, sequence.Value, ct)).ToNoContent();

    private static async Task<Results<Ok<Page<EventResource>>, ProblemAnswer>> ListStarredAsync(
        HttpContext http, string? cursor, int? limit, ListStarred list, CancellationToken ct)
    {
        Result<StarredPage> found = await list.ExecuteAsync(http.Caller(), cursor, limit, ct);
        return found.ToOk(page => new Page<EventResource> { Items = [.. page.Messages.Select(EventResource.From)], NextCursor = page.NextCursor });
    }

    private static async Task<Results<Ok<Page<EventResource>>, ProblemAnswer>> ListPinnedAsync(
        HttpContext http, WholeNumber chatId, ListPinned list, CancellationToken ct)
    {
        Result<IReadOnlyList<EventRow>> pinned = await list.ExecuteAsync(http.Caller(), chatId.Value, ct);
        return pinned.ToOk(rows => new Page<EventResource> { Items = [.. rows.Select(EventResource.From)] });
    }
}
