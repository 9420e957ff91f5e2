using Chat.Protocol.Codes;

namespace Chat.Domain;

/// <summary>The live sessions of this process. The Server implements it; calls return at once and never throw.</summary>
public interface ISessions
{
    /// <summary>Closes the sessions of one device.</summary>
    /// <param name="principalId">Whose sessions.</param>
    /// <param name="deviceId">The device; 0 means all devices of the principal.</param>
    /// <param name="code">What the client is told.</param>
    void Disconnect(long principalId, long deviceId, DisconnectCode code);

    /// <summary>Whether the device has a session here.</summary>
    bool IsConnected(long principalId, long deviceId);
}
