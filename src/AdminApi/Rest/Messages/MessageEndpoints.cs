using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Domain.Receipts;
using Chat.Protocol.Codes;
using Chat.Storage.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Messages;

/// <summary>Messages, history and watermarks .</summary>
internal static class MessageEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Messages");
        group.MapGet("/chats/{chatId}/messages", ReadHistoryAsync)
            .Describe("readHistory", "Reads events of a chat after or before a sequence; without either, the newest.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.Busy, ErrorCode.RateLimited);
        group.MapPost("/chats/{chatId}/messages", SendAsync)
            .Describe("sendMessage", "Sends a message. A retry with the same clientMessageId gives the first one's sequence.")
            .FailsWith(ErrorCode.Blocked, ErrorCode.TextEmpty, ErrorCode.TextTooLong, ErrorCode.TextHasNul, ErrorCode.ReplyTargetNotFound, ErrorCode.BlobNotFound, ErrorCode.StatusNotFound,
                ErrorCode.ChatNotFound, ErrorCode.NotAMember, ErrorCode.ClientMessageIdReused, ErrorCode.Busy, ErrorCode.RateLimited);
        group.MapPost("/chats/{chatId}/read", MarkReadAsync)
            .Describe("markRead", "Raises one's read watermark, and the delivered one with it.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.Busy);
        group.MapPost("/chats/{chatId}/delivered", MarkDeliveredAsync)
            .Describe("markDelivered", "Raises one's delivered watermark.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.Busy);
        group.MapPost("/messages/{chatId}-{sequence}/read", MarkMessageReadAsync)
            .Describe("markMessageRead", "Marks one message, and all before it, as read.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.Busy);
        group.MapGet("/mentions", ListMentionsAsync)
            .Describe(
                "listMentions",
                "Lists the messages that mention oneself, in all the chats that one is in, the newest first, read or not. A page may have "
                    + "fewer items than asked for, or none, though there are more: nextCursor tells.")
            .FailsWith(ErrorCode.RateLimited);
        group.MapGet("/messages/{chatId}-{sequence}/info", ListReceiptsAsync)
            .Describe(
                "getMessageInfo",
                "Says who has got and read one of one's own messages, and when, to the minute (delivery: to ten): the members in the order of their ids, of "
                    + "whom reading is shown. A time may be missing where it is not known; there are no times in large groups.")
            .FailsWith(
                ErrorCode.ChatNotFound, ErrorCode.MessageNotFound, ErrorCode.NotSender, ErrorCode.NoReceipts, ErrorCode.MessageDeleted,
                ErrorCode.Busy, ErrorCode.RateLimited);
    }

    private static async Task<Results<Ok<Page<EventResource>>, ProblemAnswer>> ListMentionsAsync(
        HttpContext http, string? cursor, int? limit, ListMentions list, CancellationToken ct)
    {
        Result<MentionPage> found = await list.ExecuteAsync(http.Caller(), cursor, limit, ct);
        return found.ToOk(page => new Page<EventResource> { Items = [.. page.Messages.Select(EventResource.From)], NextCursor = page.NextCursor });
    }

    private static async Task<Results<Ok<EventPage>, ProblemAnswer>> ReadHistoryAsync(
        HttpContext http, WholeNumber chatId, WholeNumber? after, WholeNumber? before, int? limit, ReadHistory history,
        CancellationToken ct)
    {
        Result<HistoryPage> page = await history.ExecuteAsync(http.Caller(), chatId.Value, after?.Value, before?.Value, limit, ct);
        return page.ToOk(found => EventPage.From(found, ascending: after is not null));
    }

    private static async Task<Results<Ok<SentResource>, ProblemAnswer>> SendAsync(
        HttpContext http, WholeNumber chatId, NewMessageBody body, SendMessage send)
    {
        if (body.ClientMessageId is not { } clientMessageId) return ProblemAnswer.Missing("clientMessageId");

        SendMessageInput input = new(chatId.Value, clientMessageId, body.Text ?? "", body.ReplyTo?.Value, body.Content?.ToWire());
        return (await send.ExecuteAsync(http.Caller(), input)).ToOk(SentResource.From);
    }

    private static async Task<Results<NoContent, ProblemAnswer>> MarkReadAsync(
        HttpContext http, WholeNumber chatId, UpToBody body, MarkRead mark)
    {
        if (body.UpTo is not { } upTo) return ProblemAnswer.Missing("upTo");

        return (await mark.ExecuteAsync(http.Caller(), chatId.Value, upTo.Value)).ToNoContent();
    }

    private static async Task<Results<NoContent, ProblemAnswer>> MarkDeliveredAsync(
        HttpContext http, WholeNumber chatId, UpToBody body, MarkDelivered mark)
    {
        if (body.UpTo is not { } upTo) return ProblemAnswer.Missing("upTo");

        return (await mark.ExecuteAsync(http.Caller(), chatId.Value, upTo.Value)).ToNoContent();
    }

    private static async Task<Results<NoContent, ProblemAnswer>> MarkMessageReadAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, MarkRead mark) =>
        (await mark.ExecuteAsync(http.Caller(), chatId.Value, sequence.Value)).ToNoContent();

    private static async Task<Results<Ok<MessageReceiptsResource>, ProblemAnswer>> ListReceiptsAsync(
        HttpContext http, WholeNumber chatId, WholeNumber sequence, string? cursor, int? limit, ListReceipts list, CancellationToken ct) =>
        (await list.ExecuteAsync(http.Caller(), chatId.Value, sequence.Value, cursor, limit, ct)).ToOk(MessageReceiptsResource.From);
}
