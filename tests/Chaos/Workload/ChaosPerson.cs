using Chat.Sdk;

namespace Chat.Chaos.Workload;

/// <summary>A device that is signed in, and its way to the nodes.</summary>
internal sealed record ChaosDevice(AccountSession Account, NodeRoute Route, HttpClient Http) : IDisposable
{
    public long User => Account.PrincipalId;

    public void Dispose()
    {
        Account.Dispose();
        Http.Dispose();
    }
}

/// <summary>A chat of the run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsGroup">Whether its members may change.</param>
/// <param name="Members">At the start; the first one of a group is its admin, and the last one comes and goes.</param>
internal sealed record ChaosChat(long Id, bool IsGroup, IReadOnlyList<long> Members)
{
    public long Admin => Members[0];

    /// <summary>Who is removed and added again; 0 in a direct chat.</summary>
    public long Mover => IsGroup ? Members[^1] : 0;
}
