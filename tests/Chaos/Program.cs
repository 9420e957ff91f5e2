using Chat.Chaos.Commands;
using Chat.Load.Commands;

return await Verb.RunAsync(ChaosCommand.Create(), args);
