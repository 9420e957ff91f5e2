using System.CommandLine;

using Chat.Load.Commands;
using Chat.Load.Crowd;
using Chat.Load.History;
using Chat.Load.Search;
using Chat.Load.Writer;

RootCommand root = new("Drives a chat server over its real wire, and checks every delivery.");
root.Subcommands.Add(SmokeCommand.Create());
root.Subcommands.Add(GroupsCommand.Create());
root.Subcommands.Add(TypingCommand.Create());
root.Subcommands.Add(SessionCommands.CreateIdle());
root.Subcommands.Add(SessionCommands.CreateStorm());
root.Subcommands.Add(CompareCommand.Create());
root.Subcommands.Add(NodesCommand.Create());
root.Subcommands.Add(SlowCommand.Create());
root.Subcommands.Add(CrowdCommand.Create());
root.Subcommands.Add(CrowdCommand.CreateWorker());
root.Subcommands.Add(HistoryCommand.Create());
root.Subcommands.Add(SearchCommand.Create());
root.Subcommands.Add(WriterCommand.Create());
root.Subcommands.Add(ChartsCommand.Create());
return await Verb.RunAsync(root, args);
