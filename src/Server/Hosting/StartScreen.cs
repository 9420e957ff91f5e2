using System.Text;

namespace Chat.Server.Hosting;

/// <summary>The one screen that tells a newcomer where everything is.</summary>
internal static class StartScreen
{
    /// <param name="parts">Further lines about what runs, such as the nodes behind a balancer.</param>
    public static string Compose(string url, Settings settings, string database, bool demo, TimeSpan took, IReadOnlyList<string>? parts = null)
    {
        StringBuilder screen = new();
        screen.AppendLine();
        screen.AppendLine($"  Chat is running ({took.TotalSeconds:0.0} s).{(settings.IsDevelopment ? " Development mode, not for production." : "")}");
        screen.AppendLine();
        screen.AppendLine($"  Chat page     {url}/");
        screen.AppendLine($"  API and docs  {url}/docs/api   {url}/openapi/v1.json");
        screen.AppendLine($"  WebSocket     {url.Replace("http", "ws", StringComparison.Ordinal)}/ws   (protocol-spec.md)");
        screen.AppendLine($"  Health        {url}/health/ready");
        screen.AppendLine($"  Data          {Path.GetFullPath(settings.Server.DataDirectory)}");
        screen.AppendLine($"  Database      {database}");
        foreach (string part in parts ?? []) screen.AppendLine($"  {part}");
        if (demo)
        {
            screen.AppendLine();
            screen.AppendLine("  Demo accounts (open the page in two browser windows, one private):");
            foreach (DemoAccount account in DemoData.Accounts) screen.AppendLine($"    {account.Login,-22} {account.Password}");
            screen.AppendLine();
            string where = IsWhereVerbsLook(settings.Server.DataDirectory) ? "" : $" --data {Path.GetFullPath(settings.Server.DataDirectory)}";
            screen.AppendLine("  In another terminal:");
            screen.AppendLine($"    ./chat tail{where} --as ben");
            screen.AppendLine($"    ./chat send{where} --as anna --to ben \"Hello\"");
        }

        screen.AppendLine();
        screen.AppendLine("  Ctrl-C stops everything.");
        return screen.ToString();
    }

    /// <summary>./chat passes the default directory to every verb as CHAT_DATA.</summary>
    private static bool IsWhereVerbsLook(string dataDirectory) =>
        Environment.GetEnvironmentVariable("CHAT_DATA") is { } known && Path.GetFullPath(known) == Path.GetFullPath(dataDirectory);
}
