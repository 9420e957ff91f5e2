using System.CommandLine;
using System.Globalization;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Server.Hosting;
using Chat.Storage.Accounts;
using Chat.Storage.Nodes;

namespace Chat.Server.Cli.Database;

/// <summary>
/// <c>accounts show</c>, <c>block</c>, <c>unblock</c> and <c>reset-password</c> (R-025): what an operator does to one account, whatever nodes run.
/// </summary>
internal static class AccountsCommand
{
    private const string Reach = "Every node has it within two seconds.";

    public static Command Create()
    {
        Command command = new("accounts", "Look at an account, block it, or give it another password.");
        command.Subcommands.Add(CreateShow());
        command.Subcommands.Add(CreateBlock());
        command.Subcommands.Add(CreateUnblock());
        command.Subcommands.Add(CreateReset());
        return command;
    }

    private static Command CreateShow()
    {
        Command show = new("show", "Show an account.");
        Verb verb = new(show);
        verb.Runs(async (operate, login, _, ct) =>
        {
            Result<OperatorView> found = await operate.ShowAsync(login, ct);
            if (!found.IsOk) return await VerbDatabase.RefuseAsync(found.Failure);
            foreach ((string name, string value) in Lines(found.Value)) await Console.Out.WriteLineAsync($"{name,-13} {value}");
            return 0;
        });
        return show;
    }

    private static Command CreateBlock()
    {
        Command block = new("block", "Sign all devices of an account out and let nobody sign in with it.");
        Option<string?> reason = new("--reason") { Description = "For operators: accounts show tells it.", HelpName = "TEXT" };
        block.Options.Add(reason);
        Verb verb = new(block);
        verb.Runs(async (operate, login, parsed, ct) =>
        {
            Result<OperatorOutcome> done = await operate.BlockAsync(login, parsed.GetValue(reason), VerbDatabase.Operator, ct);
            return await TellAsync(done, outcome => (outcome.Changed ? $"{login} is blocked." : $"{login} was blocked before.") + SignedOut(outcome));
        });
        return block;
    }

    private static Command CreateUnblock()
    {
        Command unblock = new("unblock", "Let people sign in with an account again.");
        Verb verb = new(unblock);
        verb.Runs(async (operate, login, _, ct) =>
        {
            Result<OperatorOutcome> done = await operate.UnblockAsync(login, VerbDatabase.Operator, ct);
            return await TellAsync(
                done, outcome => outcome.Changed ? $"{login} may sign in again, as before." : $"{login} is not blocked.");
        });
        return unblock;
    }

    private static Command CreateReset()
    {
        Command reset = new("reset-password", "Give an account another password and sign all its devices out.");
        Option<bool> fromInput = new("--password-stdin") { Description = "Read the password from the first line of the input; else one is made up and printed." };
        Option<bool> removeTwoStep = new("--remove-two-step") { Description = "Take the second step and all passkeys away: sign-ins are by the password alone." };
        reset.Options.Add(fromInput);
        reset.Options.Add(removeTwoStep);
        Verb verb = new(reset);
        verb.Runs(async (operate, login, parsed, ct) =>
        {
            bool isGiven = parsed.GetValue(fromInput);
            string? password = isGiven ? await Console.In.ReadLineAsync(ct) : OperateAccount.RandomPassword();
            Result<OperatorOutcome> done = await operate.ResetPasswordAsync(
                login, new NewPassword(password, parsed.GetValue(removeTwoStep)), VerbDatabase.Operator, ct);
            int exitCode = await TellAsync(done, outcome => $"{login} has another password.{SignedOut(outcome)}");
            // First: nobody else knows it, and the next line asks the database, which may be away by now.
            if (exitCode == 0 && !isGiven) await Console.Out.WriteLineAsync($"Password: {password}");
            if (exitCode == 0) await WarnOfPasskeysAsync(await operate.ShowAsync(login, ct));
            return exitCode;
        });
        return reset;
    }

    /// <summary>Who has one of them signs in still, whatever the password is.</summary>
    private static async Task WarnOfPasskeysAsync(Result<OperatorView> account)
    {
        if (!account.IsOk || account.Value.Passkeys == 0) return;
        string count = account.Value.Passkeys.ToString(CultureInfo.InvariantCulture);
        await Console.Out.WriteLineAsync($"Passkeys that still sign in: {count}. With --remove-two-step they are taken away.");
    }

    private static string SignedOut(OperatorOutcome outcome) =>
        string.Create(CultureInfo.InvariantCulture, $" Devices signed out: {outcome.SignedOut.Count}. {Reach}");

    private static IEnumerable<(string Name, string Value)> Lines(OperatorView account)
    {
        yield return ("id", account.PrincipalId.ToString(CultureInfo.InvariantCulture));
        yield return ("name", account.Name);
        yield return ("e-mail", account.Email ?? "none");
        yield return ("phone", account.Phone ?? "none");
        if (account.Issuer is { } issuer) yield return ("signs in at", issuer);
        yield return ("made", Shown(account.CreatedAt));
        yield return ("last seen", account.LastSeenAt is { } seen ? Shown(seen) : "never");
        yield return ("second step", account.HasTwoStep ? "on" : "off");
        yield return ("passkeys", account.Passkeys.ToString(CultureInfo.InvariantCulture));
        yield return ("signed in on", string.Create(CultureInfo.InvariantCulture, $"{account.Devices} devices"));
        string reason = account.BlockedReason is { } given ? $": {given}" : "";
        yield return ("blocked", account.BlockedAt is { } at ? $"since {Shown(at)}{reason}" : "no");
    }

    private static string Shown(DateTime at) => at.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static async Task<int> TellAsync(Result<OperatorOutcome> done, Func<OperatorOutcome, string> text)
    {
        if (!done.IsOk) return await VerbDatabase.RefuseAsync(done.Failure);
        await Console.Out.WriteLineAsync(text(done.Value));
        return 0;
    }

    /// <summary>What one of these verbs does to the account with the login.</summary>
    private delegate Task<int> Work(OperateAccount operate, string login, ParseResult parsed, CancellationToken ct);

    /// <summary>What all of these verbs have: a login, the settings, a database and its nodes' broker.</summary>
    private sealed class Verb
    {
        private readonly Command _command;
        private readonly Argument<string> _login = new("login")
        {
            Description = "The e-mail address, the phone number with + and the country code, issuer:subject of an app's own user, or the first name of a demo account.",
        };
        private readonly SettingOptions _options;

        public Verb(Command command)
        {
            _command = command;
            WrongCall.RefuseOptions(_login);
            command.Arguments.Add(_login);
            _options = SettingOptions.AddTo(command);
        }

        public void Runs(Work work) => _command.SetAction((parsed, ct) =>
            VerbDatabase.RunAsync(_options.Overrides(parsed), (target, stop) => RunAsync(target, work, parsed, stop), ct));

        private async Task<int> RunAsync(VerbTarget target, Work work, ParseResult parsed, CancellationToken ct)
        {
            string given = parsed.GetValue(_login)!;
            string login = target.Server?.FindDemo(given)?.Login ?? given;
            if (OperateAccount.JudgeLogin(login) is { } fault)
                return await VerbDatabase.RefuseAsync(fault with { Message = $"{fault.Message} {InstanceFile.TellFirstNames(target.Server)}" });

            await using VerbBroker broker = new();
            using PasswordHasher hasher = new(target.Settings.Passwords, TimeProvider.System);
            OperateAccount operate = new(new OperatorStore(target.Source), hasher, broker);
            int exitCode = await work(operate, login, parsed, ct);
            await broker.TellAsync(target.Settings.Cluster, new DatabaseTagStore(target.Source), ct); // what Redis does not have, nodes read from the database
            return exitCode;
        }
    }
}
