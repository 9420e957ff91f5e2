namespace Chat.Chaos.Cluster;

/// <summary>How one node is started.</summary>
internal sealed record NodePlan
{
    /// <summary>Its name in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>For its data and its log.</summary>
    public required string Folder { get; init; }

    /// <summary>The built server; another build in the row of two versions.</summary>
    public required string Program { get; init; }

    public required string ConnectionString { get; init; }

    /// <summary>host:port, or empty for a node without others.</summary>
    public required string Redis { get; init; }

    /// <summary>The same for all nodes, base64.</summary>
    public required string SigningKey { get; init; }

    /// <summary>Address to listen on, and to be asked at. Default loopback.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Where its log goes. Default: <c>server.log</c> in its folder.</summary>
    public string? LogFile { get; init; }

    /// <summary>Further settings, each as Section:Name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it serves its metrics on a port of their own; an older program may not know how. Default true.</summary>
    public bool ServesMetrics { get; init; } = true;

    /// <summary>In front of the command, such as one that enters a network namespace. Default: nothing.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>Variables of the process.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
}
