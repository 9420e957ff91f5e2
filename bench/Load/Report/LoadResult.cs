using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Load.Report;

/// <summary>What one run of traffic found. Printed as one line of JSON; figures are of the measured time, faults of the whole run.</summary>
internal sealed record LoadResult
{
    public required string Scenario { get; init; }

    /// <summary>What was measured: chat, bun, signalr or signalr+pg.</summary>
    public required string System { get; init; }

    /// <summary>Chats x members, with @rate for an open loop.</summary>
    public required string Shape { get; init; }

    public required string Simulation { get; init; }

    public required int Connections { get; init; }

    public required int Groups { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Messages on their way over all chats; none in an open loop.</summary>
    public int? Window { get; init; }

    public int? WindowPerGroup { get; init; }

    /// <summary>Messages offered a second; none in a closed loop.</summary>
    public double? Rate { get; init; }

    public required int PayloadBytes { get; init; }

    /// <summary>Messages a second that were acked; of a system without acks, that reached all of their members.</summary>
    public required double AckedPerSecond { get; init; }

    public required double DeliveriesPerSecond { get; init; }

    public double? AckP50Ms { get; init; }

    public double? AckP99Ms { get; init; }

    public double? AckP999Ms { get; init; }

    public double? AckMaxMs { get; init; }

    public required double DeliveryP50Ms { get; init; }

    public required double DeliveryP99Ms { get; init; }

    public required double DeliveryP999Ms { get; init; }

    public required double DeliveryMaxMs { get; init; }

    public required long Lost { get; init; }

    public required long Duplicated { get; init; }

    public required long OutOfOrder { get; init; }

    public required long Corrupted { get; init; }

    public required long Unanswered { get; init; }

    public required long Refused { get; init; }

    public required long Busy { get; init; }

    public required long Gaps { get; init; }

    /// <summary>Ephemeral pushes that were left out, which the protocol allows.</summary>
    public required long Dropped { get; init; }

    /// <summary>Connections that the server ended.</summary>
    public required int Disconnected { get; init; }

    /// <summary>Why the run ended before its time.</summary>
    public string? EndedEarly { get; init; }

    public required double ConnectSeconds { get; init; }

    /// <summary>Of the server's process alone.</summary>
    public double? ServerCpuMicrosecondsPerDelivery { get; init; }

    /// <summary>Of the server's process alone.</summary>
    public double? ServerCpuMicrosecondsPerMessage { get; init; }

    /// <summary>Of PostgreSQL, all its processes, where it is a child of the server under load.</summary>
    public double? PostgresCpuMicrosecondsPerMessage { get; init; }

    /// <summary>For how long the server's garbage collector stopped it in the measured time, in all.</summary>
    public double? GcPauseMs { get; init; }

    public double? ServerMegabytes { get; init; }

    /// <summary>What the server's memory grew by while the connections were opened, divided by their number.</summary>
    public double? RssKilobytesPerConnection { get; init; }

    public required double GeneratorCpuSeconds { get; init; }

    public required double GeneratorCpuMicrosecondsPerDelivery { get; init; }

    public required string Machine { get; init; }

    public required string Runtime { get; init; }

    public required bool Passed { get; init; }

    /// <summary>For the report's charts; not part of the line.</summary>
    [JsonIgnore]
    public IReadOnlyList<TimelinePoint> Timeline { get; init; } = [];

    /// <summary>For the report's charts; not part of the line.</summary>
    [JsonIgnore]
    public IReadOnlyList<LatencyShare> Distribution { get; init; } = [];

    /// <summary>What makes this run a failure.</summary>
    public IEnumerable<Threshold> Thresholds() =>
    [
        new("lost", Lost, 0),
        new("duplicated", Duplicated, 0),
        new("out_of_order", OutOfOrder, 0),
        new("corrupted", Corrupted, 0),
        new("refused", Refused, 0),
        new("unanswered", Unanswered, 0),
        new("disconnected", Disconnected, 0),
        new("runs that ended early", EndedEarly is null ? 0 : 1, 0),
        new("runs without a delivery", DeliveriesPerSecond > 0 ? 0 : 1, 0),
    ];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadResult))]
[JsonSerializable(typeof(IReadOnlyList<TimelinePoint>))]
[JsonSerializable(typeof(IReadOnlyList<LatencyShare>))]
internal sealed partial class LoadJson : JsonSerializerContext
{
    /// <summary>Leaves the plus sign of a system's name as it is; the lines are read by people and by grep.</summary>
    public static LoadJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
