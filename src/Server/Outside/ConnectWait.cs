namespace Chat.Server.Outside;

/// <summary>What a request waits for until it is connected. Thread-safe.</summary>
/// <param name="given">Cancelled when nobody waits for the request any more: nothing is asked for it from then on.</param>
internal sealed class ConnectWait(CancellationToken given)
{
    public static readonly HttpRequestOptionsKey<ConnectWait> Key = new("connect-wait");

    private volatile bool _isForTurn;

    public CancellationToken Given { get; } = given;

    /// <summary>It waits for this node: others' names are being looked up, and nobody outside was asked.</summary>
    public bool IsForTurn
    {
        get => _isForTurn;
        set => _isForTurn = value;
    }
}

/// <summary>This node had no turn for a request in time. It says nothing of who was to be asked.</summary>
internal sealed class OutsideBusyException(Exception inner) : IOException("This node looks up the names of too many other hosts.", inner);
