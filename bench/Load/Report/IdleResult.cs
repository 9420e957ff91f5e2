using System.Text.Json.Serialization;

namespace Chat.Load.Report;

/// <summary>What silent sessions cost.</summary>
internal sealed record IdleResult
{
    public string Scenario => "idle";

    public required int Connections { get; init; }

    /// <summary>Chats that each of them is a member of.</summary>
    public required int ChatsEach { get; init; }

    public required double ConnectSeconds { get; init; }

    /// <summary>From the hello to the welcome, while all of them sign in.</summary>
    public required double HelloP50Ms { get; init; }

    public required double HelloP99Ms { get; init; }

    public required double HelloMaxMs { get; init; }

    /// <summary>The server's memory before the first connection.</summary>
    public double? RssBeforeMb { get; init; }

    /// <summary>When all were signed in and a while had passed.</summary>
    public double? RssAfterMb { get; init; }

    /// <summary>At the end of the measured time.</summary>
    public double? RssEndMb { get; init; }

    /// <summary>(after − before) ÷ connections.</summary>
    public double? RssKbPerConnection { get; init; }

    /// <summary>(end − before) ÷ connections.</summary>
    public double? RssKbPerConnectionAtEnd { get; init; }

    /// <summary>Of one core, with the server's pings on.</summary>
    public double? ServerCpuPercent { get; init; }

    public double? PostgresCpuPercent { get; init; }

    /// <summary>Pings of the server that were answered in the measured time.</summary>
    public required long Pongs { get; init; }

    public required double Seconds { get; init; }

    public required int Disconnected { get; init; }

    public string? FirstClose { get; init; }

    public bool Passed => Disconnected == 0;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IdleResult))]
[JsonSerializable(typeof(StormResult))]
internal sealed partial class SessionJson : JsonSerializerContext;
