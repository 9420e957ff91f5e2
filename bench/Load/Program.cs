using System.CommandLine;

using Chat.Load.Commands;
using Chat.Load.Crowd;
using Chat.Load.History;
using Chat.Load.Search;
using Chat.Load.Writer;

Command bench = new("bench", "Drives a chat server over its real wire, and checks every delivery.");
bench.Subcommands.Add(SmokeCommand.Create());
bench.Subcommands.Add(GroupsCommand.Create());
bench.Subcommands.Add(TypingCommand.Create());
bench.Subcommands.Add(SessionCommands.CreateIdle());
bench.Subcommands.Add(SessionCommands.CreateStorm());
bench.Subcommands.Add(CompareCommand.Create());
bench.Subcommands.Add(NodesCommand.Create());
bench.Subcommands.Add(SlowCommand.Create());
bench.Subcommands.Add(CrowdCommand.Create());
bench.Subcommands.Add(CrowdCommand.CreateWorker());
bench.Subcommands.Add(HistoryCommand.Create());
bench.Subcommands.Add(SearchCommand.Create());
bench.Subcommands.Add(WriterCommand.Create());
bench.Subcommands.Add(ChartsCommand.Create());
return await Verb.RunAsync(bench, args);
