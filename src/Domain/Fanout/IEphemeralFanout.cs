namespace Chat.Domain.Fanout;

/// <summary>Sends what has no sequence (typing, receipts) to the members of a chat that are connected, here and to other nodes; there it may be lost.</summary>
public interface IEphemeralFanout
{
    /// <summary>Passes an encoded push through the chat's ring. A chat nobody is connected to here costs a lookup, and a publication where there are other nodes.</summary>
    /// <param name="webSocketFrame">Immutable from now on: the ring keeps the array.</param>
    /// <param name="exceptSessionId">The session of this node that must not get it, or 0.</param>
    void PublishEphemeral(long chatId, byte[] webSocketFrame, long exceptSessionId = 0);

    /// <summary>The same for those who are connected to this node alone; a chat nobody is connected to here costs a lookup.</summary>
    /// <param name="encode">Makes the push for the chat, only if there is somebody. Under the lock of a part of the table: short.</param>
    void PublishHere(long chatId, Func<long, byte[]> encode);

    /// <summary>True when a session of this principal is subscribed to the chat on this node. False proves nothing.</summary>
    bool IsMemberOnline(long chatId, long principalId);
}
