using Chat.Server.Sessions;

namespace Chat.Server.Hosting;

/// <summary>Keeps callers of the API and readers of files out until the node serves; probes, pages and the description answer
/// meanwhile.</summary>
internal static class StartGatePages
{
    public static void UseStartGate(this WebApplication app)
    {
        StartGate gate = app.Services.GetRequiredService<StartGate>();
        app.Use((http, next) =>
        {
            PathString path = http.Request.Path;
            if (gate.IsOpen || !(path.StartsWithSegments("/api") || path.StartsWithSegments("/media"))) return next(http);
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable; // the REST boundary writes the problem
            return Task.CompletedTask;
        });
    }
}
