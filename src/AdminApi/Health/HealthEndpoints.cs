using System.Reflection;
using Chat.AdminApi.Rest;
using Chat.Protocol.Framing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Health;

/// <summary>Probes for whatever supervises the process, and the version.</summary>
internal static class HealthEndpoints
{
    private static readonly string Version =
        typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static void Map(RouteGroupBuilder group)
    {
        group.WithTags("Health");
        group.MapGet("/health/live", Live).Describe("getLive", "Whether the process serves.");
        group.MapGet("/health/ready", ReadyAsync)
            .Describe("getReady", "Whether the process should get traffic; 503 with the failing checks if not. Remarks name what works less well meanwhile.")
            .Produces<ReadyAnswer>(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/version", GetVersion).Describe("getVersion", "Versions of the server and of its protocol.");
    }

    private static Ok<LiveAnswer> Live() => TypedResults.Ok(new LiveAnswer());

    private static async Task<Results<Ok<ReadyAnswer>, JsonHttpResult<ReadyAnswer>>> ReadyAsync(Readiness readiness, CancellationToken ct)
    {
        ReadyAnswer answer = await readiness.AskAsync(ct);
        return answer.Status == "ready"
            ? TypedResults.Ok(answer)
            : TypedResults.Json(answer, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static Ok<VersionAnswer> GetVersion() =>
        TypedResults.Ok(new VersionAnswer
        {
            Version = Version,
            ProtocolVersion = ProtocolLimits.ProtocolVersion,
            GcPauseMs = Math.Round(GC.GetTotalPauseDuration().TotalMilliseconds, 3),
        });
}
