namespace Chat.Domain.Fanout;

/// <summary>Sends what has no sequence to the sessions of one device, here and on other nodes; there it may be lost.</summary>
public interface IDirectedFanout
{
    /// <summary>Frames to one device arrive in the order of the calls of one thread, if they arrive.</summary>
    /// <param name="webSocketFrame">Immutable from now on.</param>
    void PublishTo(long principalId, long deviceId, byte[] webSocketFrame);
}
