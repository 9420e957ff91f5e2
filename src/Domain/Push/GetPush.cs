using Chat.Domain.Limits;
using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>Tells a device how it can be reached, and how it is. It counts as a page of older history.</summary>
public sealed class GetPush(PushStore store, IEnumerable<IPushTransport> transports, RequestLimits limits)
{
    public async Task<Result<PushState>> ExecuteAsync(Caller caller, CancellationToken ct)
    {
        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;

        string? publicKey = null;
        List<PushTransport> on = [];
        foreach (IPushTransport transport in transports)
        {
            try
            {
                publicKey = await transport.ReadPublicKeyAsync(ct) ?? publicKey;
                on.Add(transport.Kind);
            }
            catch (PushKeyException)
            {
                // Who pushes writes to the log what to do; for the device the transport is off.
            }
        }

        SubscriptionRow? row = await store.FindAsync(caller.PrincipalId, caller.DeviceId, ct);
        return new PushState(publicKey, on, row is null ? null : PushSubscription.From(row));
    }
}
