namespace Chat.Server.Transport;

/// <summary>Bounds what one WebSocket connection may ask of this process: sizes, counts and times. Validated once at start.</summary>
public sealed record WebSocketOptions
{
    /// <summary>Request path that is a WebSocket, compared exactly; a query after it is ignored. Null takes upgrades at every path.
    /// Default <c>/ws</c>.</summary>
    public string? Path { get; init; } = "/ws";

    /// <summary>Largest payload of one WebSocket frame in bytes, judged on the declared length (1009). Default 65,540: a client frame of
    /// our protocol and its length.</summary>
    public int MaxFrameBytes { get; init; } = 65_540;

    /// <summary>Largest message in bytes, over all its fragments (1009). Default 256 KiB.</summary>
    public int MaxMessageBytes { get; init; } = 262_144;

    /// <summary>Most frames one message may come in, empty ones counted (1008). Default 64.</summary>
    public int MaxFragments { get; init; } = 64;

    /// <summary>Pings and pongs a peer may send per second in the long run (1008). Default 10.</summary>
    public int MaxControlFramesPerSecond { get; init; } = 10;

    /// <summary>Pings and pongs a peer may send at once before the rate counts. Default 100.</summary>
    public int ControlFrameBurst { get; init; } = 100;

    /// <summary>Longest silence after accept, before the first byte; three times as long while very many are in it. Default 10 s.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time from the first byte to the whole request head (408). Default 5 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time from the first byte of a message to its last (1008). Default 30 s.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for the peer's half of the close handshake, and for unsent bytes at the end. Default 5 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the peer's close frame after it broke the protocol; its bytes are discarded meanwhile. Default 1
    /// s.</summary>
    public TimeSpan FailTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often deadlines are looked at; every deadline may be late by this much. Default 250 ms.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Threads that receive and send for plain connections. Zero: one for every two cores, at least one. Default 0.</summary>
    public int SocketLoops { get; init; }

    /// <summary>Origins that may connect besides the server's own host: scheme, host and port exactly, such as <c>https://example.com</c>.
    /// Default none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Addresses or networks of balancers whose connections begin with a PROXY protocol header. Default none.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Whether a page served by the host named in the request's Host field may connect. Default true.</summary>
    public bool AllowSameHostOrigin { get; init; } = true;

    /// <summary>Lets every page of the web connect. For hosts that hold nothing of worth, such as test servers. Default false.</summary>
    public bool AllowAnyOrigin { get; init; }

    /// <summary>Names every setting that cannot work, with its value and the remedy; empty when all is well.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        if (Path is not null && (!Path.StartsWith('/') || Path.AsSpan().ContainsAnyExceptInRange('!', '~') || Path.Contains('?')))
            faults.Add($"WebSocket Path is '{Path}': it must start with '/' and hold neither spaces nor '?'.");
        AddUnlessPositive(faults, nameof(MaxFrameBytes), MaxFrameBytes);
        AddUnlessPositive(faults, nameof(MaxMessageBytes), MaxMessageBytes);
        AddUnlessPositive(faults, nameof(MaxFragments), MaxFragments);
        AddUnlessPositive(faults, nameof(MaxControlFramesPerSecond), MaxControlFramesPerSecond);
        AddUnlessPositive(faults, nameof(ControlFrameBurst), ControlFrameBurst);
        AddUnlessPositive(faults, nameof(FirstByteTimeout), FirstByteTimeout.Ticks);
        AddUnlessPositive(faults, nameof(HandshakeTimeout), HandshakeTimeout.Ticks);
        AddUnlessPositive(faults, nameof(MessageTimeout), MessageTimeout.Ticks);
        AddUnlessPositive(faults, nameof(CloseTimeout), CloseTimeout.Ticks);
        AddUnlessPositive(faults, nameof(FailTimeout), FailTimeout.Ticks);
        AddUnlessPositive(faults, nameof(SweepInterval), SweepInterval.Ticks);
        if (MaxFrameBytes > MaxMessageBytes)
            faults.Add($"WebSocket MaxFrameBytes is {MaxFrameBytes}: it must not exceed MaxMessageBytes, {MaxMessageBytes}.");
        foreach (string proxy in TrustedProxies)
        {
            if (!Proxies.TrustedProxies.TryParse(proxy, out _))
                faults.Add($"WebSocket TrustedProxies holds '{proxy}': write an IP address, or a network such as 10.0.0.0/8.");
        }

        foreach (string origin in AllowedOrigins)
        {
            if (WebOrigin.TryParse(origin) is null)
                faults.Add($"WebSocket AllowedOrigins holds '{origin}': write scheme://host or scheme://host:port, without a path.");
        }

        return faults;
    }

    private static void AddUnlessPositive(List<string> faults, string name, long value)
    {
        if (value <= 0) faults.Add($"WebSocket {name} is {value}: it must be greater than zero.");
    }
}
