namespace Chat.Domain.Chats;

/// <summary>Limits of groups.</summary>
public sealed record GroupOptions
{
    /// <summary>Members of one group, its creator included. Default 256. Zero is not allowed.</summary>
    public int MaxMembers { get; init; } = 256;

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxMembers is < 2 or > 10_000) yield return $"Groups:MaxMembers is {MaxMembers}: set 2 to 10000.";
    }
}
