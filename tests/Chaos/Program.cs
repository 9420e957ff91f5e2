using System.CommandLine;
using Chat.Chaos.Commands;

// The processes that were started are ended in order when a run is stopped.
InvocationConfiguration invocation = new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
RootCommand root = ChaosCommand.Create();
root.Subcommands.Add(PlantedCommand.Create());
return await root.Parse(args).InvokeAsync(invocation);
