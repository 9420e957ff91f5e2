using System.CommandLine;

using Chat.Load.History;
using Chat.Load.Scenarios;

// One epoll thread that also handles what it received: the generator then costs little beside the server on a small machine. Both are
// read when the first socket is made. CHAT_LOAD_THREADS gives more to a larger machine.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", Environment.GetEnvironmentVariable("CHAT_LOAD_THREADS") ?? "1");

RootCommand root = new("Drives a chat server over its real wire, and checks every delivery.");
root.Subcommands.Add(SmokeCommand.Create());
root.Subcommands.Add(HistoryCommand.Create());
return await root.Parse(args).InvokeAsync();
