using System.Text.Json;
using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain;
using Chat.Domain.Calls;
using Chat.Protocol.Codes;
using Chat.Storage.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Calls;

/// <summary>Voice and video calls (R-150 to R-154, R-585). What goes between participants goes over the wire, not here.</summary>
internal static class CallEndpoints
{
    private static readonly Dictionary<string, CallDirection> ByName = Enum.GetValues<CallDirection>()
        .ToDictionary(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()), StringComparer.Ordinal);

    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder calls = api.MapGroup("/calls").WithTags("Calls");
        calls.MapPost("", StartAsync)
            .Describe(
                "startCall",
                "Calls everybody else in a direct chat or a small group; where a call is live there, answers that one. If all are in other calls, "
                    + "the call is missed at once, with the reason busy. The same endpointId again is the same call.")
            .FailsWith(
                ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.Blocked, ErrorCode.TooManyMembers, ErrorCode.InAnotherCall,
                ErrorCode.AnsweredElsewhere, ErrorCode.CallEnded, ErrorCode.ClientMessageIdReused, ErrorCode.Busy);
        calls.MapGet("", ListAsync)
            .Describe("listCalls", "Lists one's calls, the newest first: those that one made, and those to which one was called.")
            .FailsWith(ErrorCode.Busy);
        calls.MapGet("/active", ListActiveAsync)
            .Describe("listActiveCalls", "Lists the calls that ring for one or are talked in, in the chats that one is in.")
            .FailsWith(ErrorCode.Busy);
        calls.MapGet("/statistics", SumAsync)
            .Describe("callStatistics", "Adds up one's ended calls that began in a time: the last thirty days unless asked otherwise, 366 at most.")
            .FailsWith(ErrorCode.Busy);
        calls.MapGet("/ice-servers", ListIceServers)
            .Describe("iceServers", "Names the STUN and TURN servers of this service, with credentials for a while.")
            .FailsWith(ErrorCode.Busy);
        calls.MapGet("/{callId}", FindAsync)
            .Describe("getCall", "Reads one call.")
            .FailsWith(ErrorCode.CallNotFound, ErrorCode.Busy);
        calls.MapPost("/{callId}/answer", AnswerAsync)
            .Describe("answerCall", "Takes part from here. The first place of a person that answers is the one; the same endpointId again is no failure.")
            .FailsWith(
                ErrorCode.CallNotFound, ErrorCode.CallEnded, ErrorCode.AnsweredElsewhere, ErrorCode.InAnotherCall, ErrorCode.Blocked,
                ErrorCode.TooManyMembers, ErrorCode.ClientMessageIdReused);
        calls.MapPost("/{callId}/decline", DeclineAsync)
            .Describe("declineCall", "Says no to a call that rings, on all of one's devices; twice is no failure.")
            .FailsWith(ErrorCode.CallNotFound, ErrorCode.CallEnded, ErrorCode.AnsweredElsewhere);
        calls.MapPost("/{callId}/end", EndAsync)
            .Describe("endCall", "Hangs up; the caller of a call that rings cancels it, who is rung declines. Twice is no failure.")
            .FailsWith(ErrorCode.CallNotFound);
    }

    private static async Task<Results<Created<CallResource>, ProblemAnswer>> StartAsync(
        NewCallBody body, HttpContext http, StartCall start, CallOptions options, CancellationToken ct)
    {
        if (body.ChatId is not { } chatId) return ProblemAnswer.Missing("chatId");
        if (body.Kind is not { } kind) return ProblemAnswer.Missing("kind");
        if (body.EndpointId is not { } endpointId) return ProblemAnswer.Missing("endpointId");
        Caller caller = http.Caller();
        return (await start.ExecuteAsync(caller, chatId.Value, (short)kind, endpointId, ct))
            .ToCreated(call => CallResource.From(call, caller.PrincipalId, options), call => $"/api/calls/{call.Id}");
    }

    private static async Task<Results<Ok<Page<CallResource>>, ProblemAnswer>> ListAsync(
        HttpContext http, string? direction, string? cursor, int? limit, ListCalls list, CallOptions options, CancellationToken ct)
    {
        CallDirection which = default;
        if (direction is not null && !ByName.TryGetValue(direction, out which))
        {
            return ProblemAnswer.Of(new Failure(
                ErrorCode.InvalidArgument, $"direction has no value '{direction}': send {string.Join(", ", ByName.Keys)}.", Field: "direction"));
        }

        return ToPage(await list.ExecuteAsync(http.Caller(), direction is null ? null : which, cursor, limit, ct), http.Caller(), options);
    }

    private static async Task<Results<Ok<Page<CallResource>>, ProblemAnswer>> ListActiveAsync(
        HttpContext http, ListCalls list, CallOptions options, CancellationToken ct) =>
        ToPage(await list.ActiveAsync(http.Caller(), ct), http.Caller(), options);

    private static async Task<Results<Ok<CallStatisticsResource>, ProblemAnswer>> SumAsync(
        HttpContext http, DateTimeOffset? from, DateTimeOffset? to, ListCalls list, CancellationToken ct) =>
        (await list.SumAsync(http.Caller(), from, to, ct)).ToOk(CallStatisticsResource.Of);

    private static Results<Ok<IceServersResource>, ProblemAnswer> ListIceServers(HttpContext http, GetIceServers servers) =>
        servers.Execute(http.Caller()).ToOk(IceServersResource.From);

    private static async Task<Results<Ok<CallResource>, ProblemAnswer>> FindAsync(
        HttpContext http, WholeNumber callId, ListCalls list, CallOptions options, CancellationToken ct) =>
        ToOk(await list.FindAsync(http.Caller(), callId.Value, ct), http.Caller(), options);

    private static async Task<Results<Ok<CallResource>, ProblemAnswer>> AnswerAsync(
        HttpContext http, WholeNumber callId, AnswerBody body, ChangeCall change, CallOptions options, CancellationToken ct)
    {
        if (body.EndpointId is not { } endpointId) return ProblemAnswer.Missing("endpointId");
        return ToOk(await change.AnswerAsync(http.Caller(), callId.Value, endpointId, ct), http.Caller(), options);
    }

    private static async Task<Results<Ok<CallResource>, ProblemAnswer>> DeclineAsync(
        HttpContext http, WholeNumber callId, ChangeCall change, CallOptions options, CancellationToken ct) =>
        ToOk(await change.DeclineAsync(http.Caller(), callId.Value, ct), http.Caller(), options);

    private static async Task<Results<Ok<CallResource>, ProblemAnswer>> EndAsync(
        HttpContext http, WholeNumber callId, ChangeCall change, CallOptions options, CancellationToken ct) =>
        ToOk(await change.EndAsync(http.Caller(), callId.Value, ct), http.Caller(), options);

    private static Results<Ok<CallResource>, ProblemAnswer> ToOk(Result<CallRow> answer, Caller caller, CallOptions options) =>
        answer.ToOk(call => CallResource.From(call, caller.PrincipalId, options));

    private static Results<Ok<Page<CallResource>>, ProblemAnswer> ToPage(Result<CallPage> answer, Caller caller, CallOptions options) =>
        answer.ToOk(page => new Page<CallResource>
        {
            Items = [.. page.Calls.Select(call => CallResource.From(call, caller.PrincipalId, options))],
            NextCursor = page.NextCursor,
        });
}
