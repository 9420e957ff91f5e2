using Chat.Domain.Notifications;
using Chat.Server.Notifications;

namespace Chat.Server.Hosting;

/// <summary>Tells the page which demo accounts there are, and where codes go. Mapped only when demo data was asked for, in development.</summary>
internal static class DemoEndpoint
{
    public static void MapDemo(this WebApplication app)
    {
        List<string> codesInLog = [];
        if (app.Services.GetRequiredService<IMailTransport>() is LogMailTransport) codesInLog.Add("email");
        if (app.Services.GetRequiredService<ISmsTransport>() is LogSmsTransport) codesInLog.Add("phone");
        DemoAnswer answer = new(DemoData.Accounts, codesInLog);
        app.MapGet("/api/demo", () => Results.Json(answer, InstanceFileJson.Default.DemoAnswer)).ExcludeFromDescription();
    }
}

/// <summary>The answer of <c>GET /api/demo</c>.</summary>
/// <param name="CodesInLog">To which kinds of address nothing is sent, so that their codes stand in the log alone: "email", "phone".</param>
internal sealed record DemoAnswer(IReadOnlyList<DemoAccount> Accounts, IReadOnlyList<string> CodesInLog);
