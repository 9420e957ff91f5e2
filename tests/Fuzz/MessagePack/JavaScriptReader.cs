using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using Chat.Fuzz.Engine;

namespace Chat.Fuzz.MessagePack;

/// <summary>Compares values with what the npm package @msgpack/msgpack reads and writes, all in one run of Node.js.</summary>
internal sealed class JavaScriptReader
{
    private const string Package = "clients/node_modules/@msgpack/msgpack/package.json";

    private readonly List<(byte[] Input, ReferenceValue Reference, byte[]? Written)> _waiting = [];

    public int Count => _waiting.Count;

    public string Verdict { get; private set; } = "";

    /// <param name="written">The value as the product writes it; null for what the wire cannot say.</param>
    public void Add(byte[] input, ReferenceValue reference, byte[]? written) => _waiting.Add((input, reference, written));

    /// <exception cref="FuzzException">The two disagree; or Node.js or the package is missing where services are required.</exception>
    public async Task CompareAsync()
    {
        if (FindRoot() is not { } root)
        {
            SkipOrFail("the web packages are not installed (./chat build installs them)");
            return;
        }

        string[] lines;
        try
        {
            lines = await AskAsync(root);
        }
        catch (Win32Exception)
        {
            SkipOrFail("Node.js is not installed");
            return;
        }

        if (lines.Length != _waiting.Count) throw new FuzzException($"JavaScript answered {lines.Length} of {_waiting.Count} values");
        for (int i = 0; i < lines.Length; i++) Compare(_waiting[i], lines[i]);
        Verdict = $"JavaScript agreed on {lines.Length}.";
    }

    /// <param name="line">"-": refused. "+": read, but has what JavaScript cannot tell apart. Otherwise what it wrote again, in
    // hexadecimal.</param>
    private static void Compare((byte[] Input, ReferenceValue Reference, byte[]? Written) value, string line)
    {
        bool isRead = line != "-";
        // It reads extensions, any depth and broken UTF-8, and takes only some keys; in all else it must agree.
        bool mayDiffer = value.Reference.HasMap || value.Reference.Refusal is Refusal.Extension or Refusal.TooDeep or Refusal.NotUtf8;
        bool isValue = value.Reference.Refusal == Refusal.None;
        if (!mayDiffer && isRead != isValue)
            throw new FuzzException(
                $"{Convert.ToHexString(value.Input)}: JavaScript read it: {isRead}; here it is {value.Reference.Refusal}");
        if (!isValue || value.Written is null || line is "-" or "+") return;
        string written = Convert.ToHexStringLower(value.Written);
        if (written != line)
            throw new FuzzException($"{Convert.ToHexString(value.Input)}: JavaScript writes {line}, the product {written}");
    }

    private async Task<string[]> AskAsync(string root)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "MessagePack", "read-values.mjs");
        ProcessStartInfo start = new("node", [script, Path.Combine(root, Package)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process node = Process.Start(start)!;
        Task<string> answer = node.StandardOutput.ReadToEndAsync();
        byte[] length = new byte[4];
        await using (Stream input = node.StandardInput.BaseStream)
        {
            foreach ((byte[] value, _, _) in _waiting)
            {
                BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
                await input.WriteAsync(length);
                await input.WriteAsync(value);
            }
        }

        string text = await answer;
        await node.WaitForExitAsync();
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private void SkipOrFail(string why)
    {
        Verdict = $"Not compared with JavaScript: {why}.";
        if (Environment.GetEnvironmentVariable("CHAT_TESTS_REQUIRE_SERVICES") == "1") throw new FuzzException(Verdict);
    }

    private static string? FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Package))) return folder.FullName;
        return null;
    }
}
