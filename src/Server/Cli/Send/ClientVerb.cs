using System.CommandLine;
using System.Text.Json;
using Chat.Sdk;
using Chat.Server.Hosting;

namespace Chat.Server.Cli.Send;

/// <summary>What the verbs that act as a client share: which server, as whom, and how a failure is told.</summary>
internal sealed class ClientVerb
{
    /// <summary>So long the end of a verb waits for a server that does not answer.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

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

    /// <summary>Signs in, connects, does the work, signs out, and says in one line what went wrong. 0 done, 1 refused, 2 wrongly called.</summary>
    public async Task<int> RunAsync(ParseResult parsed, string deviceName, Func<ChatClient, InstanceFile?, CancellationToken, Task<int>> work, CancellationToken ct)
    {
        try
        {
            InstanceFile? instance = ReadInstance(parsed.GetValue(_data) ?? Environment.GetEnvironmentVariable("CHAT_DATA") ?? ".data");
            Uri url = UrlFrom(parsed.GetValue(_url) ?? Environment.GetEnvironmentVariable("CHAT_URL") ?? instance?.Url);
            string who = parsed.GetRequiredValue(_as);
            DemoAccount? demo = instance?.FindDemo(who);
            string password = parsed.GetValue(_password) ?? demo?.Password
                ?? throw new ClientVerbException($"--password is missing: '{who}' is no demo account of a running instance.");

            AccountOptions options = new() { DeviceName = deviceName };
            using AccountSession account = await SignInAsync(url, demo?.Login ?? who, password, options, ct);
            try
            {
                await using ChatClient client = new(url, account);
                await client.ConnectAsync(ct);
                return await work(client, instance, ct);
            }
            finally
            {
                await SignOutAsync(account, deviceName);
            }
        }
        catch (ClientVerbException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 2;
        }
        catch (ChatException) when (ct.IsCancellationRequested)
        {
            return 0; // Ctrl-C during a sign-in whose answer was a refusal: nobody waits for it
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

    /// <summary>A sign-in that is given up on its way may have made a device all the same: its answer is waited for, to sign that out.</summary>
    private static async Task<AccountSession> SignInAsync(Uri url, string login, string password, AccountOptions options, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using CancellationTokenSource patience = new();
        await using CancellationTokenRegistration ending = ct.Register(() => patience.CancelAfter(EndPatience));
        return await AccountSession.SignInAsync(url, login, password, options, patience.Token);
    }

    /// <summary>Nobody comes back to the device of a verb, so none is left among those of the account, however the work ended.</summary>
    private static async Task SignOutAsync(AccountSession account, string deviceName)
    {
        using CancellationTokenSource patience = new(EndPatience, TimeProvider.System);
        try
        {
            await account.SignOutAsync(patience.Token);
        }
        catch (Exception fault) when (fault is ChatException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"The server does not answer: the device '{deviceName}' of this account stays signed in there.");
        }
    }

    private static Uri UrlFrom(string? text) =>
        text is null ? throw new ClientVerbException("No server is known: give --url, set CHAT_URL, or start one with ./chat up.")
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" ? url!
        : throw new ClientVerbException($"'{text}' is no address: write it as http://127.0.0.1:8080.");

    private static InstanceFile? ReadInstance(string directory)
    {
        try
        {
            return InstanceFile.Find(directory);
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            string path = Path.Combine(directory, InstanceFile.Name);
            throw new ClientVerbException($"{path} cannot be read ({unreadable.Message}): give --url and --password.");
        }
    }
}

/// <summary>The verb was called in a way that cannot work; the message says what to give.</summary>
internal sealed class ClientVerbException(string message) : Exception(message);
