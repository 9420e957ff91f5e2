using System.CommandLine;
using Chat.Chaos.Commands;

// The processes that were started are ended in order when a run is stopped.
InvocationConfiguration invocation = new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
return await ChaosCommand.Create().Parse(args).InvokeAsync(invocation);
