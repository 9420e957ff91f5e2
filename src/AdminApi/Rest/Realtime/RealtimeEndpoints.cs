using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.AdminApi.Rest.Messages;
using Chat.Domain.Presence;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Realtime;

/// <summary>What goes with the WebSocket protocol .</summary>
internal static class RealtimeEndpoints
{
    /// <summary>No session is spared: a caller of REST has none.</summary>
    private const long NoSession = 0;

    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Realtime");
        group.MapGet("/websocket/connection-info", GetAddress).Describe("getConnectionInfo", "Where the WebSocket is, and its limits.");
        group.MapPost("/chats/{chatId}/typing", SetTypingAsync)
            .Describe("setTyping", "Shows the other members that one types, or no longer.")
            .FailsWith(ErrorCode.ChatNotFound);
    }

    private static Ok<RealtimeAddress> GetAddress() => TypedResults.Ok(new RealtimeAddress());

    private static async Task<Results<NoContent, ProblemAnswer>> SetTypingAsync(
        HttpContext http, WholeNumber chatId, TypingBody body, SetTyping setTyping, CancellationToken ct)
    {
        if (body.Active is not { } active) return ProblemAnswer.Missing("active");

        return (await setTyping.ExecuteAsync(http.Caller(), chatId.Value, active, NoSession, ct)).ToNoContent();
    }
}
