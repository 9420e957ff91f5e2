namespace Chat.Domain.Presence;

/// <summary>
/// Is told who comes online and goes offline on this node, to tell other nodes. Called under the registry's gate, in order; must not block.
/// </summary>
internal interface ILocalPresence
{
    /// <summary>The first session of a principal is here.</summary>
    void OnCame(long principalId);

    /// <summary>The last one has been gone for the grace.</summary>
    /// <param name="at">When it ended.</param>
    void OnWent(long principalId, DateTimeOffset at);
}
