using System.CommandLine;
using System.Text.Json;
using Chat.Sdk;
using Chat.Server.Hosting;

namespace Chat.Server.Cli.Send;

/// <summary>What the verbs that act as a client share: which server, as whom, and how a failure is told.</summary>
internal sealed class ClientVerb
{
    private readonly Option<string?> _url = new("--url") { Description = "The server; else CHAT_URL, else the instance that runs in the data directory.", HelpName = "URL" };
    private readonly Option<string> _as = new("--as") { Required = true, Description = "Who: e-mail, phone, or the first name of a demo account.", HelpName = "LOGIN" };
    private readonly Option<string?> _password = new("--password") { Description = "The password; a demo account's is known.", HelpName = "PASSWORD" };
    private readonly Option<string?> _data = new("--data") { Description = "The data directory of the running instance; else CHAT_DATA.", HelpName = "DIR" };

    public static ClientVerb AddTo(Command command)
    {
        ClientVerb verb = new();
        command.Options.Add(verb._url);
        command.Options.Add(verb._as);
        command.Options.Add(verb._password);
        command.Options.Add(verb._data);
        return verb;
    }

    /// <summary>Signs in, connects, does the work, and says in one line what went wrong. 0 done, 1 refused, 2 wrongly called.</summary>
    public async Task<int> RunAsync(ParseResult parsed, string deviceName, Func<ChatClient, InstanceFile?, CancellationToken, Task<int>> work, CancellationToken ct)
    {
        try
        {
            InstanceFile? instance = ReadInstance(parsed.GetValue(_data) ?? Environment.GetEnvironmentVariable("CHAT_DATA") ?? ".data");
            Uri url = UrlFrom(parsed.GetValue(_url) ?? Environment.GetEnvironmentVariable("CHAT_URL") ?? instance?.Url);
            string who = parsed.GetRequiredValue(_as);
            DemoAccount? demo = FindDemo(instance, who);
            string password = parsed.GetValue(_password) ?? demo?.Password
                ?? throw new ClientVerbException($"--password is missing: '{who}' is no demo account of a running instance.");

            AccountOptions options = new() { DeviceName = deviceName };
            using AccountSession account = await AccountSession.SignInAsync(url, demo?.Login ?? who, password, options, ct);
            await using ChatClient client = new(url, account);
            await client.ConnectAsync(ct);
            return await work(client, instance, ct);
        }
        catch (ClientVerbException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 2;
        }
        catch (ChatException refused)
        {
            await Console.Error.WriteLineAsync($"{refused.Name}: {refused.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0; // Ctrl-C is how one ends it
        }
    }

    /// <summary>The demo account with this login, name or first name.</summary>
    public static DemoAccount? FindDemo(InstanceFile? instance, string who) => instance?.Demo.FirstOrDefault(account =>
        string.Equals(account.Login, who, StringComparison.OrdinalIgnoreCase)
        || string.Equals(account.Name, who, StringComparison.OrdinalIgnoreCase)
        || account.Login.StartsWith(who + "@", StringComparison.OrdinalIgnoreCase));

    private static Uri UrlFrom(string? text) =>
        text is null ? throw new ClientVerbException("No server is known: give --url, set CHAT_URL, or start one with ./chat up.")
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" ? url!
        : throw new ClientVerbException($"'{text}' is no address: write it as http://127.0.0.1:8080.");

    private static InstanceFile? ReadInstance(string directory)
    {
        string path = Path.Combine(directory, InstanceFile.Name);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), InstanceFileJson.Default.InstanceFile) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new ClientVerbException($"{path} cannot be read ({unreadable.Message}): give --url and --password.");
        }
    }
}

/// <summary>The verb was called in a way that cannot work; the message says what to give.</summary>
internal sealed class ClientVerbException(string message) : Exception(message);
