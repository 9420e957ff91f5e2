using System.Diagnostics;
using Chat.Storage.Managed;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Storage.Tests;

/// <summary>What this assembly does when a test starts it as a process of its own, to be killed.</summary>
internal static class HelperProgram
{
    /// <summary><c>managed-postgres DIRECTORY</c>: runs one, prints its connection string, and stays until standard input ends.</summary>
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["managed-postgres", { } directory]) return 2;
        await using ManagedPostgres postgres = await ManagedPostgres.StartAsync(
            new ManagedPostgresOptions { DataDirectory = directory }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await Console.Out.WriteLineAsync(postgres.ConnectionString);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(HelperProgram).Assembly.Location, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}
