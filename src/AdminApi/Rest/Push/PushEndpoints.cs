using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain.Push;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Push;

/// <summary>How the caller's device is reached when it is not connected .</summary>
internal static class PushEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder push = api.MapGroup("/push").WithTags("Notifications");
        push.MapGet("", GetAsync)
            .Describe("getPush", "Tells by which transports the service pushes, the key that browsers subscribe with, and the calling device's subscription.")
            .FailsWith(ErrorCode.Busy, ErrorCode.RateLimited);
        push.MapPut("", SetAsync)
            .Describe("setPush", "Says where the calling device is reached. It ends with the device's sign-in, or when another device names the same endpoint.")
            .FailsWith(ErrorCode.PushTransportOff, ErrorCode.PushKeysInvalid, ErrorCode.PushEndpointInvalid, ErrorCode.RateLimited);
        push.MapDelete("", RemoveAsync)
            .Describe("removePush", "Pushes no more to the calling device; twice is no failure.")
            .FailsWith(ErrorCode.RateLimited);
    }

    private static async Task<Results<Ok<PushResource>, ProblemAnswer>> GetAsync(HttpContext http, GetPush get, CancellationToken ct) =>
        (await get.ExecuteAsync(http.Caller(), ct)).ToOk(PushResource.From);

    private static async Task<Results<Ok<PushSubscriptionResource>, ProblemAnswer>> SetAsync(
        HttpContext http, PushBody body, SetPush set, CancellationToken ct)
    {
        if (body.Transport is not { } transport) return ProblemAnswer.Missing("transport");
        if (body.Endpoint is not { } endpoint) return ProblemAnswer.Missing("endpoint");

        PushInput input = new(transport, endpoint, body.P256dh, body.Auth, body.Content ?? PushContent.Full);
        return (await set.ExecuteAsync(http.Caller(), input, ct)).ToOk(PushSubscriptionResource.From);
    }

    private static async Task<Results<NoContent, ProblemAnswer>> RemoveAsync(HttpContext http, RemovePush remove, CancellationToken ct) =>
        (await remove.ExecuteAsync(http.Caller(), ct)).ToNoContent();
}
