using System.CommandLine;
using System.CommandLine.Parsing;

using Chat.Load.Processes;
using Chat.Load.Seed;

namespace Chat.Load.Commands;

/// <summary>Which chat server to load: one that runs, or one that is started for the run and ends with it.</summary>
internal sealed class TargetOptions
{
    private readonly Option<string?> _instance = new("--instance") { Description = "Data directory of a running development server. Without this and --url a server is started for the run." };
    private readonly Option<Uri?> _url = new("--url") { CustomParser = ParseUrl, Description = "A running server, e.g. http://127.0.0.1:8080; with --database and --signing-key-file." };
    private readonly Option<string?> _database = new("--database") { Description = "Connection string of the server's PostgreSQL, to make accounts in." };
    private readonly Option<string?> _key = new("--signing-key-file") { Description = "File with the server's token key in base64." };
    private readonly Option<int?> _process = new("--server-pid") { Description = "Measure this process." };
    private readonly Option<int> _nodes = new("--nodes") { DefaultValueFactory = _ => 1, Description = "Nodes of the server that is started; connections are spread over them." };
    private readonly Option<string[]> _set = new("--set") { Description = "A setting for the server that is started, e.g. --set Server:SocketLoops=2. May be given many times." };

    public static TargetOptions AddTo(Command command)
    {
        var options = new TargetOptions();
        foreach (Option option in (Option[])[options._instance, options._url, options._database, options._key, options._process, options._nodes, options._set])
            command.Options.Add(option);
        return options;
    }

    /// <summary>All faults, each with option, value and remedy.</summary>
    public IEnumerable<string> Validate(ParseResult parsed)
    {
        string? instance = parsed.GetValue(_instance);
        if (instance is not null && !File.Exists(Path.Combine(instance, "server.json")))
            yield return $"--instance is '{instance}': no server runs there; give the data directory of one that does, or leave it out.";
        if (parsed.GetValue(_url) is { } url && (parsed.GetValue(_database) is null || parsed.GetValue(_key) is null))
            yield return $"--url is {url}: --database and --signing-key-file belong to it; give both.";
        if (parsed.GetValue(_key) is { } key && !File.Exists(key)) yield return $"--signing-key-file is '{key}': there is no such file; give the server's key.";
        if (parsed.GetValue(_nodes) is < 1 or > 16) yield return $"--nodes is {parsed.GetValue(_nodes)}: give 1 to 16.";
        foreach (string setting in parsed.GetValue(_set) ?? [])
            if (!setting.Contains('=', StringComparison.Ordinal)) yield return $"--set is '{setting}': write it as Section:Name=value.";
    }

    /// <summary>Finds the server, or starts one, and hands it to the run.</summary>
    public async Task<T> UseAsync<T>(ParseResult parsed, TextWriter progress, Func<LoadTarget, Task<T>> run, CancellationToken ct)
    {
        if (parsed.GetValue(_instance) is { } instance) return await run(LoadTarget.FromInstance(instance));
        if (parsed.GetValue(_url) is { } url)
            return await run(new LoadTarget(url, parsed.GetValue(_database)!, LoadTarget.ReadKey(parsed.GetValue(_key)!), parsed.GetValue(_process)));

        await progress.WriteLineAsync("starting a server and its database");
        await using ChatServer server = await ChatServer.StartAsync(parsed.GetValue(_set) ?? [], ct, parsed.GetValue(_nodes));
        return await run(server.Target);
    }

    private static Uri? ParseUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https") return url;
        result.AddError($"--url is '{result.Tokens[0].Value}': write it as http://host:port.");
        return null;
    }
}
