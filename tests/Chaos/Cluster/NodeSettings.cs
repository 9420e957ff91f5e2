namespace Chat.Chaos.Cluster;

/// <summary>Settings that every node under test has.</summary>
internal static class NodeSettings
{
    /// <summary>A run signs in from one address more often than people do, and wants to read what a node did.</summary>
    public static IReadOnlyDictionary<string, string> ForChaos { get; } = new Dictionary<string, string>
    {
        ["SignIn:MaxPerAddress"] = "100000",
        ["Log:Level"] = "Information",
    };
}
