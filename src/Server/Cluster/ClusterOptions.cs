namespace Chat.Server.Cluster;

/// <summary>How this node finds others. Section <c>Cluster</c>. With nothing set the node is alone.</summary>
public sealed record ClusterOptions
{
    /// <summary>
    /// Name of this node, unique among those that run; letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 64. Default: a random one
    /// at each start.
    /// </summary>
    public string NodeId { get; init; } = "";

    /// <summary>
    /// Redis that the nodes share, as <c>host:port</c>, several with commas, or <c>redis://</c> and <c>rediss://</c> addresses, which may
    /// carry a password and a database; <c>unix:/path</c> where it runs on this host. Empty: this node is alone. Also from <c>REDIS_URL</c>.
    /// </summary>
    public string Redis { get; init; } = "";

    /// <summary>Redis password of the user <c>default</c>; other users are not supported. Default none.</summary>
    public string RedisPassword { get; init; } = "";

    /// <summary>Speak TLS to Redis, whose certificate the system must trust. Default false.</summary>
    public bool RedisTls { get; init; }

    /// <summary>Redis database for keys, 0 to 15; channels know no database, the tag of the database keeps them apart. Default 0.</summary>
    public int RedisDatabase { get; init; }

    /// <summary>
    /// In front of every key and channel, before the tag of the database. A copy of a database has the same tag: nodes on it need a prefix
    /// of their own if they share a Redis with the nodes of the first. Default <c>chat:</c>.
    /// </summary>
    public string KeyPrefix { get; init; } = "chat:";

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (NodeId.Length > 64 || !NodeId.All(IsNameCharacter))
            yield return $"Cluster:NodeId is '{NodeId}': use at most 64 letters, digits, '-', '_' and '.'.";
        if (RedisDatabase is < 0 or > 15) yield return $"Cluster:RedisDatabase is {RedisDatabase}: set 0 to 15.";
        if (KeyPrefix.Length is < 1 or > 64 || KeyPrefix.Any(char.IsWhiteSpace))
            yield return $"Cluster:KeyPrefix is '{KeyPrefix}': set 1 to 64 characters without spaces, such as chat:.";
        List<string> faults = [];
        _ = RedisAddress.Read(this, faults);
        foreach (string fault in faults) yield return fault;
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';
}
