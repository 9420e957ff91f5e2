using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using Chat.Server.Cluster;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Server.Sessions;
using Chat.Storage.Managed;
using Chat.Storage.Schema;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Chat.Server.Cli;

/// <summary>The verb <c>serve</c>: runs the server as configured. <see cref="DevCommand"/> runs it in development mode.</summary>
internal static class ServeCommand
{
    private const int DatabaseEndedExitCode = 3;

    public static Command Create()
    {
        Command command = new("serve", "Run the server as configured.");
        SettingOptions options = SettingOptions.AddWithAddressTo(command);
        command.SetAction((parsed, ct) => RunAsync(options.Overrides(parsed), development: false, demo: false, ct));
        return command;
    }

    internal static async Task<int> RunAsync(IReadOnlyList<KeyValuePair<string, string?>> overrides, bool development, bool demo, CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        bool isDevelopment = development || Environment.GetEnvironmentVariable("CHAT_ENVIRONMENT") == "Development";
        try
        {
            IConfigurationRoot configuration = SettingsReader.Sources(overrides);
            Settings settings = SettingsReader.Read(configuration, isDevelopment);
            using Serilog.Core.Logger log = ServerLog.Create(configuration, isDevelopment);
            using LoggerFactory logs = new([new Serilog.Extensions.Logging.SerilogLoggerProvider(log)]);
            Directory.CreateDirectory(settings.Server.DataDirectory);
            await using DatabaseStart database = await DatabaseStart.RunAsync(settings, logs, ct);
            await using WebApplication app = ServerHost.Build(settings, configuration, database.ConnectionString, log);
            if (demo) app.MapDemo();
            using HurriedStop hurried = new(app.Services.GetRequiredService<SessionDrain>(), app.Logger); // it counts the first signal, too
            await StartAsync(app, demo, ct);
            return await ServeAsync(app, settings, database, new Run(demo, start), ct);
        }
        catch (Exception fault) when (fault is SettingsException or ManagedPostgresException or MigrationException or NodeTakenException or DemoDataException or IOException or SocketException or Npgsql.NpgsqlException)
        {
            await Console.Error.WriteLineAsync(Explain(fault));
            return 2;
        }
        catch (OperationCanceledException stopped) when (ct.IsCancellationRequested || stopped.CancellationToken == ct)
        {
            return 0; // stopped while starting
        }
    }

    /// <summary>Returns when the node serves: the port answers probes long before, if PostgreSQL is to be waited for.</summary>
    private static async Task StartAsync(WebApplication app, bool demo, CancellationToken ct)
    {
        IHostApplicationLifetime lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        try
        {
            await app.StartAsync(ct);
            if (demo) await app.Services.GetRequiredService<DemoData>().EnsureAsync(ct); // who is connected already gets a goodbye when it is stopped here
        }
        catch (Exception fault)
        {
            bool told = ct.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested; // by SIGTERM, whoever saw it first
            await app.StopAsync(CancellationToken.None);
            if (fault is OperationCanceledException && told) throw new OperationCanceledException("Stopped while starting.", fault, ct);
            throw;
        }
    }

    private static async Task<int> ServeAsync(WebApplication app, Settings settings, DatabaseStart database, Run run, CancellationToken ct)
    {
        string url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal);
        string data = settings.Server.DataDirectory;
        InstanceFile.Of(url, settings, database.ConnectionString, run.Demo).Write(data);
        await ShowAsync(StartScreen.Compose(url, settings, database.Description, run.Demo, Stopwatch.GetElapsedTime(run.StartedAt)));
        HostLog.Started(app.Logger, url);

        IHostApplicationLifetime lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        await using CancellationTokenRegistration stop = ct.Register(lifetime.StopApplication);
        Task stopped = app.WaitForShutdownAsync(CancellationToken.None);
        bool databaseEnded = await Task.WhenAny(stopped, database.Ended) != stopped;
        if (databaseEnded)
        {
            HostLog.DatabaseEnded(app.Logger);
            lifetime.StopApplication();
        }

        await stopped;
        InstanceFile.Remove(data);
        if (databaseEnded) return DatabaseEndedExitCode;
        return app.Services.GetRequiredService<NodeRegistration>().IsSuperseded ? NodeRegistration.SupersededExitCode : 0;
    }

    /// <summary>A full disk behind the output, or a reader of it that is gone, is no reason not to serve.</summary>
    internal static async Task ShowAsync(string screen)
    {
        try
        {
            await Console.Out.WriteLineAsync(screen);
        }
        catch (IOException)
        {
            return; // there is nobody to tell: what would be told is that the screen cannot be shown
        }
    }

    private static string Explain(Exception fault) => fault switch
    {
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"The port is taken: {fault.Message} Give another with --port, or stop what uses it.",
        SocketException => $"The server cannot listen there: {fault.Message} Check Server:Host and Server:Port.",
        Npgsql.NpgsqlException refused => DatabaseRefusal.Explain(refused),
        _ => fault.Message,
    };

    /// <param name="StartedAt">Timestamp of the verb's first line.</param>
    private readonly record struct Run(bool Demo, long StartedAt);
}
