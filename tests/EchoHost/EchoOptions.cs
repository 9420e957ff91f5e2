using System.Globalization;

namespace Chat.EchoHost;

/// <summary>The command line of the echo host. Its limits are wide, for conformance suites send what no chat does.</summary>
internal sealed record EchoOptions
{
    private const string Usage =
        "usage: EchoHost --port P [--host 127.0.0.1] [--path /ws] [--max-frame-bytes N] [--max-message-bytes N] [--max-fragments N] [--tls]";

    /// <summary>0 takes a free port; the line printed at the start names it.</summary>
    public int Port { get; init; }

    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The one path that echoes; null: every path.</summary>
    public string? Path { get; init; }

    public int MaxFrameBytes { get; init; } = 16 << 20;

    public int MaxMessageBytes { get; init; } = 16 << 20;

    public int MaxFragments { get; init; } = 1_000_000;

    /// <summary>Serves wss and https with a certificate made at the start.</summary>
    public bool IsTls { get; init; }

    /// <summary>Null, and the fault, when the arguments make no sense.</summary>
    public static EchoOptions? TryParse(string[] args, out string fault)
    {
        EchoOptions options = new();
        fault = "";
        bool hasPort = false;
        for (int i = 0; i < args.Length; i++)
        {
            (string name, string? value) = Split(args[i]);
            if (name == "--tls")
            {
                options = options with { IsTls = true };
                continue;
            }

            if (value is null && i + 1 < args.Length) value = args[++i];
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            EchoOptions? next = name switch
            {
                "--host" when value is not null => options with { Host = value },
                "--path" when value is not null => options with { Path = value },
                "--port" when isNumber => options with { Port = number },
                "--max-frame-bytes" when isNumber => options with { MaxFrameBytes = number },
                "--max-message-bytes" when isNumber => options with { MaxMessageBytes = number },
                "--max-fragments" when isNumber => options with { MaxFragments = number },
                _ => null,
            };
            if (next is null)
            {
                fault = $"cannot use '{name} {value}'\n{Usage}";
                return null;
            }

            hasPort |= name == "--port";
            options = next;
        }

        if (hasPort) return options;
        fault = $"--port is missing\n{Usage}";
        return null;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }
}
