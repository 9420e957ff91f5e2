namespace Chat.AdminApi.Health;

/// <summary>The process serves.</summary>
public sealed record LiveAnswer
{
    /// <summary>Always "live".</summary>
    public string Status { get; init; } = "live";
}

/// <summary>Whether this process should get traffic.</summary>
public sealed record ReadyAnswer
{
    /// <summary>"ready" or "not_ready".</summary>
    public required string Status { get; init; }

    /// <summary>Every check that was asked.</summary>
    public required IReadOnlyList<CheckAnswer> Checks { get; init; }

    /// <summary>What does not work fully although the process should get traffic; empty when all is well.</summary>
    public required IReadOnlyList<RemarkAnswer> Remarks { get; init; }
}

/// <summary>A part that works less well.</summary>
public sealed record RemarkAnswer
{
    /// <summary>The part's name.</summary>
    public required string Name { get; init; }

    /// <summary>What does not work, in a few words.</summary>
    public required string Remark { get; init; }
}

/// <summary>What one check said.</summary>
public sealed record CheckAnswer
{
    /// <summary>The check's name.</summary>
    public required string Name { get; init; }

    /// <summary>The fault in a few words; null if there is none.</summary>
    public string? Fault { get; init; }
}

/// <summary>What is running here.</summary>
public sealed record VersionAnswer
{
    /// <summary>Version of the server, with the commit behind '+' where the build knew it.</summary>
    public required string Version { get; init; }

    /// <summary>Version of the WebSocket protocol.</summary>
    public required int ProtocolVersion { get; init; }

    /// <summary>For how long the garbage collector has stopped the process since its start, in milliseconds.</summary>
    public required double GcPauseMs { get; init; }
}
