namespace Chat.Server.Sessions;

/// <summary>Deadlines of a signed-in connection. Section <c>Sessions</c>.</summary>
public sealed record SessionOptions
{
    /// <summary>Longest time from the upgrade to <c>hello</c>. Default 10 s.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which the server sends a WebSocket ping; after 2.5 times as long the connection is closed. Default 25 s.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long before its end a token is announced as expiring. Default 60 s.</summary>
    public TimeSpan TokenWarning { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests of one connection that may wait for their answer; then its input is not read on. Default 64.</summary>
    public int MaxInFlight { get; init; } = 64;

    /// <summary>Longest time that a clean stop may take. Default 25 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (HelloTimeout < TimeSpan.FromSeconds(1)) yield return $"Sessions:HelloTimeout is {HelloTimeout}; give at least 00:00:01.";
        if (PingInterval < TimeSpan.FromSeconds(1)) yield return $"Sessions:PingInterval is {PingInterval}; give at least 00:00:01.";
        if (TokenWarning < TimeSpan.Zero) yield return $"Sessions:TokenWarning is {TokenWarning}; give zero or more.";
        if (MaxInFlight is < 1 or > 10_000) yield return $"Sessions:MaxInFlight is {MaxInFlight}; give 1 to 10000.";
        if (DrainTimeout < TimeSpan.FromSeconds(1)) yield return $"Sessions:DrainTimeout is {DrainTimeout}; give at least 00:00:01.";
    }
}
