namespace Chat.AdminApi.Health;

/// <summary>
/// One part that may work less well without making the process unfit for traffic, e.g. the connection to other nodes. Register as many as
/// there are.
/// </summary>
public interface IReadyRemark
{
    /// <summary>A short name for the answer, e.g. <c>redis</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Null when all is well, else what does not work in a few words that a stranger may read. Answers at once and does not throw.
    /// </summary>
    string? FindRemark();
}
