using Chat.Domain.Cluster;
using Chat.Protocol.Codes;

namespace Chat.Domain.Accounts;

/// <summary>
/// Lets a device feel at once, on every node, that storage has revoked it: its sessions end, its access tokens are refused (P10). Other
/// nodes are told through the broker; one that does not hear it finds out when it asks the database about its sessions.
/// </summary>
public sealed class DeviceRevocation(AccessTokens tokens, ISessions sessions, IBroker broker)
{
    /// <summary>Ends these devices on this node only. Thread-safe, returns at once, never throws.</summary>
    public void CutHere(long principalId, IReadOnlyList<long> deviceIds)
    {
        foreach (long deviceId in deviceIds)
        {
            tokens.Revoke(deviceId); // before the sessions: one that signs in meanwhile looks at its token once more
            sessions.Disconnect(principalId, deviceId, DisconnectCode.SessionRevoked);
        }
    }

    internal void Cut(long principalId, long deviceId)
    {
        CutHere(principalId, [deviceId]);
        Tell(broker, principalId, [deviceId]);
    }

    internal void CutSome(long principalId, IReadOnlyList<long> deviceIds)
    {
        CutHere(principalId, deviceIds);
        Tell(broker, principalId, deviceIds);
    }

    internal void CutAll(long principalId, IReadOnlyList<long> deviceIds)
    {
        foreach (long deviceId in deviceIds) tokens.Revoke(deviceId);
        sessions.Disconnect(principalId, 0, DisconnectCode.SessionRevoked);
        Tell(broker, principalId, deviceIds);
    }

    /// <summary>Tells all nodes but this one, at once, of devices that storage has revoked.</summary>
    internal static void Tell(IBroker broker, long principalId, IReadOnlyList<long> deviceIds)
    {
        foreach (long[] some in deviceIds.Chunk(ControlOrder.MaxDevices))
            broker.TryPublish(BrokerChannel.Control, ControlOrder.EncodeRevocation(principalId, some));
    }
}
