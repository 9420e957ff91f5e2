using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Chat.Server.Tests.Diagnostics.Metrics;

/// <summary>The parser of Prometheus' own Python client, as an outside judge of the text format.</summary>
internal static class PrometheusParser
{
    private const string Program = """
        import sys, json
        from prometheus_client.parser import text_string_to_metric_families
        families = text_string_to_metric_families(sys.stdin.buffer.read().decode('utf-8'))
        labels = lambda s: ','.join(sorted(k + '=' + v for k, v in s.labels.items()))
        print(json.dumps([s.name + ' ' + labels(s) + ' ' + repr(float(s.value)) for f in families for s in f.samples]))
        """;

    /// <returns>Each sample as name, sorted labels and value; null when the parser is not installed.</returns>
    public static async Task<string[]?> ReadAsync(string text, CancellationToken ct)
    {
        if (!File.Exists("/usr/lib/python3/dist-packages/prometheus_client/parser.py")) return null;
        ProcessStartInfo start = new("/usr/bin/python3", ["-c", Program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process python = Process.Start(start)!;
        await python.StandardInput.BaseStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), ct);
        python.StandardInput.Close();
        Task<string> output = python.StandardOutput.ReadToEndAsync(ct), error = python.StandardError.ReadToEndAsync(ct);
        await python.WaitForExitAsync(ct);
        Assert.That(python.ExitCode, Is.Zero, await error);
        return JsonSerializer.Deserialize<string[]>(await output);
    }

    /// <summary>A number as Python writes it.</summary>
    public static string Number(double value) =>
        double.IsNaN(value) ? "nan"
        : double.IsInfinity(value) ? value > 0 ? "inf" : "-inf"
        : value != 0 && Math.Abs(value) is >= 1e16 or < 1e-4 and > 0 ? value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant()
        : value == Math.Floor(value) ? value.ToString("0.0", CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);
}
