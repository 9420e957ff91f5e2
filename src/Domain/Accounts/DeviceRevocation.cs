using Chat.Protocol.Codes;

namespace Chat.Domain.Accounts;

/// <summary>Lets a device feel at once that storage has revoked it: its sessions end, its access tokens are refused (P10).</summary>
public sealed class DeviceRevocation(AccessTokens tokens, ISessions sessions)
{
    internal void Cut(long principalId, long deviceId)
    {
        tokens.Revoke(deviceId);
        sessions.Disconnect(principalId, deviceId, DisconnectCode.SessionRevoked);
    }

    internal void CutAll(long principalId, IReadOnlyList<long> deviceIds)
    {
        foreach (long deviceId in deviceIds) tokens.Revoke(deviceId);
        sessions.Disconnect(principalId, 0, DisconnectCode.SessionRevoked);
    }
}
