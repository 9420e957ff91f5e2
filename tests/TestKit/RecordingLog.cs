using Microsoft.Extensions.Logging;

namespace Chat.TestKit;

/// <summary>Keeps log lines of warning and above, formatted. Thread-safe.</summary>
public sealed class RecordingLog<T> : ILogger<T>
{
    private readonly List<string> _lines = [];

    public string[] Lines
    {
        get { lock (_lines) return [.. _lines]; }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        lock (_lines) _lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
