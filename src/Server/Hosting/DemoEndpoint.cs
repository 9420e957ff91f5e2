namespace Chat.Server.Hosting;

/// <summary>Tells the sign-in page which demo accounts there are. Mapped only when demo data was asked for, in development.</summary>
internal static class DemoEndpoint
{
    public static void MapDemo(this WebApplication app) =>
        app.MapGet("/api/demo", () => Results.Json(new DemoAnswer(DemoData.Accounts), InstanceFileJson.Default.DemoAnswer)).ExcludeFromDescription();
}

/// <summary>The answer of <c>GET /api/demo</c>.</summary>
internal sealed record DemoAnswer(IReadOnlyList<DemoAccount> Accounts);
