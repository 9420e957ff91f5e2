using System.Text.Json;
using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain;
using Chat.Domain.Limits;
using Chat.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Chat.AdminApi.Rest;

/// <summary>
/// The only place where a failure of any kind becomes an answer: around the whole pipeline (<see cref="EnterAsync"/>) and around
/// each endpoint (<see cref="GuardAsync"/>), so that no development page can come between. Thread-safe.
/// </summary>
internal sealed class RestBoundary(
    ProblemWriter problems, CallerGate gate, RestLimits limits, IOptions<RestOptions> options, ILogger<RestBoundary> logger)
{
    public Task EnterAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(static state =>
        {
            SecurityHeaders.Set((HttpContext)state);
            return Task.CompletedTask;
        }, http);

        IHttpMaxRequestBodySizeFeature? body = http.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (body is { IsReadOnly: false }) body.MaxRequestBodySize = options.Value.MaxBodyBytes;

        return FillInAsync(http, next);
    }

    /// <summary>Runs one endpoint: signs the caller in where the route asks for it, and answers whatever is thrown.</summary>
    public async Task GuardAsync(HttpContext http, RequestDelegate endpoint)
    {
        try
        {
            if (!IsUtf8(http.Request))
            {
                await problems.WriteAsync(http, Rejections.MediaType);
                return;
            }

            if (await JudgeCallerAsync(http) is { } refusal)
            {
                await problems.WriteAsync(http, refusal);
                return;
            }

            await endpoint(http);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest; // nobody reads it; it is for the access log
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            await problems.WriteAsync(http, Judge(http, exception));
        }
    }

    private async ValueTask<Rejection?> JudgeCallerAsync(HttpContext http)
    {
        EndpointMetadataCollection? metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<CallerRequired>() is not null)
            return await gate.JudgeAsync(http) ?? Of(limits.Callers.JudgeRequest(http.Caller()));
        if (metadata?.GetMetadata<GuestWork>() is null) return null;
        return Of(limits.Addresses.JudgeGuest(http.Connection.RemoteIpAddress));
    }

    private static Rejection? Of(Failure? failure) => failure is null ? null : new Rejection(failure);

    /// <summary>Routing, body limits and the like end with a bare status: it gets its problem here.</summary>
    private async Task FillInAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);

        HttpResponse response = http.Response;
        if (response.StatusCode < 400 || response.HasStarted || response.ContentType is not null || response.ContentLength is > 0) return;
        await problems.WriteAsync(http, Rejections.OfStatus(response.StatusCode));
    }

    private Rejection Judge(HttpContext http, Exception exception)
    {
        if (exception is BadHttpRequestException bad)
            return bad.InnerException is JsonException json ? Rejections.OfJson(json) : Rejections.OfBinding(http, bad);

        // An IOException is of the blob store or the scanner: that of a peer who is gone never comes here.
        bool transient = exception is IOException || DatabaseOutage.IsPassing(exception);
        if (transient) BoundaryLog.Unavailable(logger, http.Request.Method, RouteOf(http), http.TraceIdentifier, exception);
        else BoundaryLog.Unhandled(logger, http.Request.Method, RouteOf(http), http.TraceIdentifier, exception);

        return new Rejection(transient ? Outage.Failure : Outage.OurFault);
    }

    /// <summary>The pattern, not the path: a path is the caller's text and could forge a line of the log.</summary>
    private static string RouteOf(HttpContext http) =>
        (http.GetEndpoint() as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText ?? "?";

    private static bool IsUtf8(HttpRequest request) =>
        request.ContentType is null
        || !MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        || !type.Charset.HasValue
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}

/// <summary>How many requests are taken from who calls, and from an address where nobody has signed in.</summary>
internal sealed record RestLimits(RequestLimits Callers, AddressLimits Addresses);
