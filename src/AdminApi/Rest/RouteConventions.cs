using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest;

/// <summary>Marks a route that only a signed-in caller may use.</summary>
internal sealed class CallerRequired;

/// <summary>Marks a route that asks for no token, so that only its address can be limited.</summary>
internal sealed class GuestWork;

/// <summary>The codes with which a route's use case may fail, for the description; what every route may answer is not listed.</summary>
internal sealed record FailureCodes(IReadOnlyList<ErrorCode> Codes);

/// <summary>What the maps of routes say about a route, in one word each.</summary>
internal static class RouteConventions
{
    public static RouteGroupBuilder Within(this RouteGroupBuilder group, RestBoundary boundary)
    {
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            RequestDelegate inner = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http => boundary.GuardAsync(http, inner);
        });
        return group;
    }

    public static RouteGroupBuilder RequireCaller(this RouteGroupBuilder group) => group.WithMetadata(new CallerRequired());

    public static RouteGroupBuilder LimitByAddress(this RouteGroupBuilder group) => group.WithMetadata(new GuestWork());

    /// <summary>Names a route in the description: operation id and one sentence.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string operationId, string summary) =>
        route.WithName(operationId).WithSummary(summary);

    public static RouteHandlerBuilder FailsWith(this RouteHandlerBuilder route, params ErrorCode[] codes) =>
        route.WithMetadata(new FailureCodes(codes));
}
