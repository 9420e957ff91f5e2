using Chat.EchoHost;

if (EchoOptions.TryParse(args, out string fault) is not { } options)
{
    await Console.Error.WriteLineAsync(fault);
    return 2;
}

await using WebApplication host = EchoServer.Build(options);
await host.StartAsync();
Console.WriteLine($"listening on {(options.IsTls ? "wss" : "ws")}://{options.Host}:{EchoServer.Port(host)}{options.Path ?? "/"}");
await host.WaitForShutdownAsync();
return 0;
