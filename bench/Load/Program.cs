using System.CommandLine;

using Chat.Load.Commands;
using Chat.Load.Processes;

RootCommand root = new("Drives a chat server over its real wire, and checks every delivery.");
root.Subcommands.Add(SmokeCommand.Create());
root.Subcommands.Add(GroupsCommand.Create());
return await Verb.RunAsync(root, args);
