namespace Chat.Chaos.Cluster;

/// <summary>How the private PostgreSQL of a row is started.</summary>
internal sealed record PostgresPlan
{
    /// <summary>
    /// Addresses to listen on besides 127.0.0.1, each with the network that may connect, such as 10.91.0.1 and 10.91.0.0/24.
    /// </summary>
    public IReadOnlyList<(string Address, string Network)> Listen { get; init; } = [];

    /// <summary>Further "name=value" settings.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>In front of every command of PostgreSQL, such as one that enters a mount namespace. Default: nothing.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>Variables of its processes, such as those of libfaketime.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
}
