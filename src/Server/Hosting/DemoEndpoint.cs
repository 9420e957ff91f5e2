using Chat.Domain.Notifications;
using Chat.Server.Notifications;

namespace Chat.Server.Hosting;

/// <summary>Tells the page which demo accounts there are, and where codes go. Mapped only when demo data was asked for, in development.</summary>
internal static class DemoEndpoint
{
    public static void MapDemo(this WebApplication app)
    {
        DemoAnswer answer = new(DemoData.Accounts, app.Services.GetRequiredService<IMailTransport>() is LogMailTransport);
        app.MapGet("/api/demo", () => Results.Json(answer, InstanceFileJson.Default.DemoAnswer)).ExcludeFromDescription();
    }
}

/// <summary>The answer of <c>GET /api/demo</c>.</summary>
/// <param name="CodesInLog">Mail is written to the log, and with it the codes that go by mail.</param>
internal sealed record DemoAnswer(IReadOnlyList<DemoAccount> Accounts, bool CodesInLog);
