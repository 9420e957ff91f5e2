using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Load.Report;

/// <summary>One system at one shape, as <c>compare --json</c> prints it: one line each.</summary>
internal sealed record ComparisonLine
{
    /// <summary>Chats x members; with @rate for an open loop, after typing- for ephemeral pushes.</summary>
    public required string Shape { get; init; }

    /// <summary>chat, bun, signalr or signalr+pg.</summary>
    public required string System { get; init; }

    /// <summary>Messages acked; of a system without acks, messages that reached all members. A second.</summary>
    public required double AckedPerS { get; init; }

    public required double DeliveriesPerS { get; init; }

    /// <summary>Of deliveries, as all of the following without "ack".</summary>
    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double P999Ms { get; init; }

    public required double MaxMs { get; init; }

    public double? AckP50Ms { get; init; }

    public double? AckP99Ms { get; init; }

    public required long Lost { get; init; }

    public required long Duplicated { get; init; }

    public required long OutOfOrder { get; init; }

    public required long Corrupted { get; init; }

    public required long Dropped { get; init; }

    public double? ServerCpuUsPerDelivery { get; init; }

    public double? ServerCpuUsPerMessage { get; init; }

    public double? PostgresCpuUsPerMessage { get; init; }

    /// <summary>For how long the server's garbage collector stopped it in the measured time; not told of peers.</summary>
    public double? GcPauseMs { get; init; }

    public required double GeneratorCpuUsPerDelivery { get; init; }

    public double? RssKbPerConnection { get; init; }

    public int? Window { get; init; }

    public double? Rate { get; init; }

    public required double Seconds { get; init; }

    public string? EndedEarly { get; init; }

    /// <summary>Nothing was lost, doubled, out of order or altered, and all was answered.</summary>
    public required bool Passed { get; init; }

    public static ComparisonLine From(LoadResult result) => new()
    {
        Shape = result.Scenario == "typing" ? $"typing-{result.Shape}" : result.Shape,
        System = result.System,
        AckedPerS = result.AckedPerSecond,
        DeliveriesPerS = result.DeliveriesPerSecond,
        P50Ms = result.DeliveryP50Ms,
        P99Ms = result.DeliveryP99Ms,
        P999Ms = result.DeliveryP999Ms,
        MaxMs = result.DeliveryMaxMs,
        AckP50Ms = result.AckP50Ms,
        AckP99Ms = result.AckP99Ms,
        Lost = result.Lost,
        Duplicated = result.Duplicated,
        OutOfOrder = result.OutOfOrder,
        Corrupted = result.Corrupted,
        Dropped = result.Dropped,
        ServerCpuUsPerDelivery = result.ServerCpuMicrosecondsPerDelivery,
        ServerCpuUsPerMessage = result.ServerCpuMicrosecondsPerMessage,
        PostgresCpuUsPerMessage = result.PostgresCpuMicrosecondsPerMessage,
        GcPauseMs = result.GcPauseMs,
        GeneratorCpuUsPerDelivery = result.GeneratorCpuMicrosecondsPerDelivery,
        RssKbPerConnection = result.RssKilobytesPerConnection,
        Window = result.Window,
        Rate = result.Rate,
        Seconds = result.Seconds,
        EndedEarly = result.EndedEarly,
        Passed = result.Passed,
    };

    public string ToJson() => JsonSerializer.Serialize(this, ComparisonJson.Plain.ComparisonLine);

    /// <summary>Reads what <c>compare --json</c> printed.</summary>
    /// <exception cref="IOException">A line is not one of its lines.</exception>
    public static IReadOnlyList<ComparisonLine> ReadAll(string path)
    {
        List<ComparisonLine> lines = [];
        foreach (string text in File.ReadLines(path).Where(text => text.Length > 0))
        {
            try
            {
                lines.Add(JsonSerializer.Deserialize(text, ComparisonJson.Default.ComparisonLine)!);
            }
            catch (JsonException wrong)
            {
                throw new IOException($"'{path}', line {lines.Count + 1} is not one of compare's: {wrong.Message} Write the file with ./chat bench compare --json.");
            }
        }

        return lines;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ComparisonLine))]
internal sealed partial class ComparisonJson : JsonSerializerContext
{
    /// <summary>Leaves the plus sign of a system's name as it is; the lines are read by people and by grep.</summary>
    public static ComparisonJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
