using Chat.AdminApi.Health;

namespace Chat.Server.Sessions;

/// <summary>Takes the node out of the balancer's rotation before it stops.</summary>
internal sealed class DrainState : IReadyCheck
{
    private volatile bool _draining;

    public string Name => "draining";

    public bool IsDraining => _draining;

    public void Begin() => _draining = true;

    public ValueTask<string?> FindFaultAsync(CancellationToken ct) => new(_draining ? "the node is stopping" : null);
}
