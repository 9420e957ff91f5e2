using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain.Messages;
using Chat.Domain.Scheduled;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Scheduled;

/// <summary>Messages that are to be sent later .</summary>
internal static class ScheduledEndpoints
{
    /// <summary>What a message may be refused for, now or later.</summary>
    private static readonly ErrorCode[] Refusals =
    [
        ErrorCode.Blocked, ErrorCode.TextEmpty, ErrorCode.TextTooLong, ErrorCode.TextHasNul, ErrorCode.ReplyTargetNotFound,
        ErrorCode.BlobNotFound, ErrorCode.StatusNotFound, ErrorCode.ChatNotFound, ErrorCode.NotAMember, ErrorCode.NotAllowed, ErrorCode.ClientMessageIdReused,
        ErrorCode.ScheduleTimeInvalid, ErrorCode.Busy, ErrorCode.RateLimited,
    ];

    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Scheduled messages");
        group.MapPost("/chats/{chatId}/scheduled", ScheduleAsync)
            .Describe(
                "scheduleMessage",
                "Takes a message that is sent at a time. A retry with the same clientMessageId gives the first one, whatever became of it.")
            .FailsWith([.. Refusals, ErrorCode.TooManyScheduled]);
        group.MapGet("/scheduled", ListAsync)
            .Describe("listScheduled", "Lists one's messages that wait, are being sent or failed, by due time; of all chats, or of one.")
            .FailsWith(ErrorCode.Busy, ErrorCode.RateLimited);
        RouteGroupBuilder one = group.MapGroup("/scheduled/{scheduledId}");
        one.MapPut("", ChangeAsync)
            .Describe("changeScheduled", "Changes when one's scheduled message is sent, or what it says; one that failed waits again.")
            .FailsWith([.. Refusals, ErrorCode.MessageNotFound, ErrorCode.NotChangeable]);
        one.MapDelete("", CancelAsync)
            .Describe("cancelScheduled", "Takes one's scheduled message back; twice is no failure.")
            .FailsWith(ErrorCode.MessageNotFound, ErrorCode.NotChangeable, ErrorCode.RateLimited);
        one.MapPost("/send", SendNowAsync)
            .Describe("sendScheduledNow", "Makes one's scheduled message due now; of one that is being sent, or was, it is so already.")
            .FailsWith([.. Refusals, ErrorCode.MessageNotFound, ErrorCode.NotChangeable]);
    }

    private static async Task<Results<Created<ScheduledResource>, ProblemAnswer>> ScheduleAsync(
        HttpContext http, WholeNumber chatId, NewScheduledBody body, ScheduleMessage schedule, CancellationToken ct)
    {
        if (body.ClientMessageId is not { } clientMessageId) return ProblemAnswer.Missing("clientMessageId");
        if (body.DueAt is not { } dueAt) return ProblemAnswer.Missing("dueAt");
        if (body.Message is not { } message) return ProblemAnswer.Missing("message");

        ScheduledWords words = message.ToWords();
        SendMessageInput input = new(chatId.Value, clientMessageId, words.Text, words.ReplyTo, words.Content);
        return (await schedule.ExecuteAsync(http.Caller(), input, dueAt, ct))
            .ToCreated(ScheduledResource.From, made => $"/api/scheduled/{made.Id}");
    }

    private static async Task<Results<Ok<Page<ScheduledResource>>, ProblemAnswer>> ListAsync(
        HttpContext http, [FromQuery(Name = "chat")] WholeNumber? chat, string? cursor, int? limit, ListScheduled list, CancellationToken ct) =>
        (await list.ExecuteAsync(http.Caller(), chat?.Value, cursor, limit, ct)).ToOk(ScheduledResource.From);

    private static async Task<Results<Ok<ScheduledResource>, ProblemAnswer>> ChangeAsync(
        HttpContext http, WholeNumber scheduledId, ScheduledChangeBody body, ChangeScheduled change, CancellationToken ct) =>
        (await change.ExecuteAsync(http.Caller(), scheduledId.Value, body.DueAt, body.Message?.ToWords(), body.Version, ct))
        .ToOk(ScheduledResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> CancelAsync(
        HttpContext http, WholeNumber scheduledId, CancelScheduled cancel, CancellationToken ct) =>
        (await cancel.ExecuteAsync(http.Caller(), scheduledId.Value, ct)).ToNoContent();

    private static async Task<Results<Ok<ScheduledResource>, ProblemAnswer>> SendNowAsync(
        HttpContext http, WholeNumber scheduledId, ChangeScheduled change, CancellationToken ct) =>
        (await change.SendNowAsync(http.Caller(), scheduledId.Value, ct)).ToOk(ScheduledResource.From);
}
