using System.Text.Json.Serialization;

namespace Chat.Load.Report;

/// <summary>What one run of a scenario found. Printed as one line of JSON; counts are of the measured time, faults of the whole run.</summary>
internal sealed record LoadResult
{
    public required string Scenario { get; init; }

    public required int Connections { get; init; }

    public required int Groups { get; init; }

    public required double Seconds { get; init; }

    public required int WindowPerGroup { get; init; }

    public required int PayloadBytes { get; init; }

    public required double AckedPerSecond { get; init; }

    public required double DeliveriesPerSecond { get; init; }

    public required double AckP50Ms { get; init; }

    public required double AckP99Ms { get; init; }

    public required double DeliveryP50Ms { get; init; }

    public required double DeliveryP99Ms { get; init; }

    public required double DeliveryMaxMs { get; init; }

    /// <summary>Pairs of an acked message and a member who did not get it.</summary>
    public required long Lost { get; init; }

    /// <summary>Events that a connection got twice.</summary>
    public required long Duplicated { get; init; }

    /// <summary>Events that a connection got after a later one.</summary>
    public required long OutOfOrder { get; init; }

    /// <summary>Events with another text, or another message at the same sequence, than was sent.</summary>
    public required long Corrupted { get; init; }

    /// <summary>Messages without a final answer at the end.</summary>
    public required long Unanswered { get; init; }

    /// <summary>Messages refused for good.</summary>
    public required long Refused { get; init; }

    /// <summary>Replies that asked to come again.</summary>
    public required long Busy { get; init; }

    /// <summary>Gap pushes, each followed by a reading of history.</summary>
    public required long Gaps { get; init; }

    /// <summary>Connections that the server ended.</summary>
    public required int Disconnected { get; init; }

    public required double ConnectSeconds { get; init; }

    public double? ServerCpuMicrosecondsPerDelivery { get; init; }

    public double? ServerMegabytes { get; init; }

    public required double GeneratorCpuSeconds { get; init; }

    public required string Machine { get; init; }

    public required string Runtime { get; init; }

    public required bool Passed { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadResult))]
internal sealed partial class LoadJson : JsonSerializerContext;
