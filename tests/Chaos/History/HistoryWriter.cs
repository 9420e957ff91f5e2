using System.Buffers;
using System.Text.Json;

namespace Chat.Chaos.History;

/// <summary>
/// Appends to one history file. Each line reaches the kernel within a quarter of a second, so that the history of a run that is cut off can
/// be read. Thread-safe.
/// </summary>
public sealed class HistoryWriter : IAsyncDisposable
{
    private const int FlushBytes = 1 << 16;
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _lines = new(FlushBytes * 2);
    private readonly Utf8JsonWriter _json;
    private readonly ITimer _timer;
    private bool _isClosed;

    private HistoryWriter(FileStream file, int process)
    {
        (_file, Process) = (file, process);
        _json = new Utf8JsonWriter(_lines, new JsonWriterOptions { SkipValidation = true });
        _timer = TimeProvider.System.CreateTimer(_ => Flush(), null, FlushEvery, FlushEvery);
    }

    /// <summary>The number that this process's entries carry.</summary>
    public int Process { get; }

    /// <summary>Makes <c>history-PID.jsonl</c> in the directory, and the directory.</summary>
    public static HistoryWriter Create(string directory)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, $"history-{Environment.ProcessId}.jsonl");
        return new HistoryWriter(
            new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0), Environment.ProcessId);
    }

    /// <summary>
    /// Appends one entry; the process and the wall clock are filled in. What comes after the end is dropped: nobody reads it.
    /// </summary>
    public void Write(HistoryEntry entry)
    {
        long wall = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            if (_isClosed) return;
            HistoryFile.Write(_json, entry with { Process = Process, Wall = wall });
            _json.Flush();
            _json.Reset();
            _lines.Write("\n"u8);
            if (_lines.WrittenCount >= FlushBytes) FlushLocked();
        }
    }

    /// <summary>Hands all lines to the kernel.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (!_isClosed) FlushLocked();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        lock (_gate)
        {
            if (_isClosed) return;
            FlushLocked();
            _isClosed = true;
        }

        await _json.DisposeAsync();
        await _file.DisposeAsync();
    }

    private void FlushLocked()
    {
        _file.Write(_lines.WrittenSpan);
        _lines.Clear();
    }
}
