namespace Chat.Chaos.Cluster;

/// <summary>Settings that every node under test has.</summary>
internal static class NodeSettings
{
    /// <summary>
    /// A run signs in from one address more often than people do, writes and reads more than one person may, and wants to read what a node
    /// did.
    /// </summary>
    public static IReadOnlyDictionary<string, string> ForChaos { get; } = new Dictionary<string, string>
    {
        ["SignIn:MaxPerMinute"] = "0",
        ["SignIn:MaxPerAddress"] = "100000",
        ["Limits:RequestsPerMinute"] = "0",
        ["Limits:SendsPerMinute"] = "0",
        ["Limits:FramesPerSecond"] = "0",
        ["Limits:ChatMessagesPerSecond"] = "0",
        ["Limits:TypingPerSecond"] = "0",
        ["Limits:HistoryPerSecond"] = "0",
        ["Limits:ConnectionsPerPrincipal"] = "0",
        ["Limits:AddressConnectionsPerSecond"] = "0",
        ["Limits:AddressConnections"] = "0",
        ["Limits:AddressSignInsPerSecond"] = "0",
        ["Log:Level"] = "Information",
    };
}
