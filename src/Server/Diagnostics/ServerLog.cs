using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;

namespace Chat.Server.Diagnostics;

/// <summary>Where log lines go: readable on a developer's console, JSON in production. To standard error, so that verbs keep their output clean.</summary>
internal static class ServerLog
{
    public static Logger Create(IConfiguration configuration, bool isDevelopment)
    {
        LoggerConfiguration log = new();
        log.MinimumLevel.Is(Level(configuration["Log:Level"], isDevelopment));
        log.MinimumLevel.Override("Microsoft", LogEventLevel.Warning);
        log.MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal); // a failed start is told by the verb, in one line
        if (isDevelopment)
        {
            log.WriteTo.Console(
                outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture,
                standardErrorFromLevel: LogEventLevel.Verbose);
        }
        else
        {
            log.WriteTo.Console(new JsonFormatter(renderMessage: true), standardErrorFromLevel: LogEventLevel.Verbose);
        }

        return log.CreateLogger();
    }

    public static void AddServerLog(this ILoggingBuilder logging, Serilog.ILogger log)
    {
        logging.ClearProviders();
        logging.AddProvider(new SerilogLoggerProvider(log, dispose: false));
        logging.SetMinimumLevel(LogLevel.Trace); // Serilog judges levels
    }

    private static LogEventLevel Level(string? configured, bool isDevelopment) => configured?.ToUpperInvariant() switch
    {
        "TRACE" => LogEventLevel.Verbose,
        "DEBUG" => LogEventLevel.Debug,
        "INFORMATION" => LogEventLevel.Information,
        "WARNING" => LogEventLevel.Warning,
        "ERROR" => LogEventLevel.Error,
        "CRITICAL" or "NONE" => LogEventLevel.Fatal,
        _ => isDevelopment ? LogEventLevel.Warning : LogEventLevel.Information,
    };
}
