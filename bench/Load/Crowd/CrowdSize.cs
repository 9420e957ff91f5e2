namespace Chat.Load.Crowd;

/// <summary>How many sessions on how many nodes, and what they do.</summary>
/// <param name="Nodes">That are filled.</param>
/// <param name="Spare">That are empty until another dies: full ones have no room for its sessions.</param>
/// <param name="Rate">Messages a second, over all.</param>
/// <param name="Duration">Of the traffic before the kill.</param>
internal sealed record CrowdSize(int Nodes, int Spare, int SessionsPerNode, double Rate, TimeSpan Duration)
{
    /// <summary>Of each chat.</summary>
    public const int Members = 10;

    public int Sessions => Nodes * SessionsPerNode;

    public int Chats => Sessions / Members;

    /// <summary>All faults, each with option, value and remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (Nodes is < 2 or > 12) yield return $"--nodes is {Nodes}: give 2 to 12.";
        if (Spare is < 0 or > 4) yield return $"--spare is {Spare}: give 0 to 4.";
        if (SessionsPerNode is < 10 or > 60_000 || SessionsPerNode % Members != 0)
            yield return $"--sessions is {SessionsPerNode}: give a multiple of {Members}, 10 to 60000.";
        if (Rate is not (>= 1 and <= 100_000)) yield return $"--rate is {Rate}: give 1 to 100000.";
        if (Duration <= TimeSpan.Zero || Duration > TimeSpan.FromHours(24))
            yield return $"--seconds is {Duration.TotalSeconds}: give more than 0, at most 86400.";
    }
}
