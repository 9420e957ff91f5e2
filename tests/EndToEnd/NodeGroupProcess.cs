using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Chat.EndToEnd.Tests;

/// <summary>Several nodes as <c>dev --nodes N</c> runs them, with all that belongs to them, in a data directory of its own.</summary>
internal sealed class NodeGroupProcess : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly StringBuilder _output = new();
    private readonly string _data = Directory.CreateTempSubdirectory("chat-e2e-").FullName;
    private readonly Process _process;
    private readonly int _nodes;

    private NodeGroupProcess(int nodes, string[] arguments)
    {
        _nodes = nodes;
        _process = ServerProcess.Launch(["dev", "--nodes", $"{nodes}", "--port", "0", "--data", _data, .. arguments]);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Balancer => UrlOf(_data);

    /// <summary>What the group and its parts have printed.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public static async Task<NodeGroupProcess> StartAsync(int nodes, CancellationToken ct, params string[] arguments)
    {
        NodeGroupProcess group = new(nodes, arguments);
        while (!File.Exists(Path.Combine(group._data, "server.json")))
        {
            if (group._process.HasExited) throw new InvalidOperationException($"The group ended with {group._process.ExitCode}:\n{group.Output}");
            await Task.Delay(Poll, TimeProvider.System, ct);
        }

        return group;
    }

    public int ProcessId => _process.Id;

    public Uri NodeUrl(int index) => UrlOf(NodeDirectory(index));

    public int ProcessIdOf(int index)
    {
        using JsonDocument instance = Read(NodeDirectory(index));
        return instance.RootElement.GetProperty("processId").GetInt32();
    }

    public async Task WaitUntilStartedAgainAsync(int index, int killed, CancellationToken ct)
    {
        while (ProcessIdOf(index) == killed) await Task.Delay(Poll, TimeProvider.System, ct);
    }

    /// <summary>Waits until the group, or a part of it, has printed that.</summary>
    public async Task WaitForOutputAsync(string text, CancellationToken ct)
    {
        while (!Output.Contains(text, StringComparison.Ordinal)) await Task.Delay(Poll, TimeProvider.System, ct);
    }

    public async Task SignalNodesAsync(string signal)
    {
        for (int index = 0; index < _nodes; index++) await SignalAsync(signal, ProcessIdOf(index));
    }

    public async ValueTask DisposeAsync()
    {
        await SignalAsync("TERM", _process.Id);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static async Task SignalAsync(string signal, int processId)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{processId}"]);
        await kill.WaitForExitAsync();
    }

    private string NodeDirectory(int index) => Path.Combine(_data, "nodes", $"node-{index + 1}");

    private static Uri UrlOf(string directory)
    {
        using JsonDocument instance = Read(directory);
        return new Uri(instance.RootElement.GetProperty("url").GetString()!);
    }

    private static JsonDocument Read(string directory) => JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "server.json")));

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }
}
