using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Chat.Server.Cli;
using Chat.Server.Cli.Database;
using Chat.Server.Cli.Doctor;
using Chat.Server.Cli.Send;
using Chat.Server.Cli.Tail;
using Chat.Server.Diagnostics;

// The composition root is Hosting/ServerHost.cs with Hosting/ServiceRegistration.cs; here are only the verbs.
// What one types to get here is what the help says: ./chat tells its name.
string program = Environment.GetEnvironmentVariable("CHAT_COMMAND") is { Length: > 0 } name ? name : RootCommand.ExecutableName;
Command root = new(program, "The chat server and its tools.") { new HelpOption(), new VersionOption() };
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(DevCommand.Create());
root.Subcommands.Add(MigrateCommand.Create());
root.Subcommands.Add(ConfigCommand.Create());
root.Subcommands.Add(SettingsCommand.Create());
root.Subcommands.Add(NodesCommand.Create());
root.Subcommands.Add(AccountsCommand.Create());
root.Subcommands.Add(DoctorCommand.Create());
root.Subcommands.Add(SendCommand.Create());
root.Subcommands.Add(TailCommand.Create());

Command version = new("version", "Print the version.");
version.SetAction(_ => Console.Out.WriteLine(ServerVersion.Number));
root.Subcommands.Add(version);

// Ctrl-C and SIGTERM cancel the verb's token; it has this long to end in order (the server's drain is bounded by Sessions:DrainTimeout).
InvocationConfiguration invocation = new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) };
ParseResult parsed = root.Parse(args);
return parsed.Action is ParseErrorAction ? WrongCall.Tell(root, args, parsed) : await parsed.InvokeAsync(invocation);
