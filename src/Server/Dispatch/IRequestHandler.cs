using Chat.Protocol.Frames;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch;

/// <summary>Answers one type of request: calls the use case and sends exactly one reply.</summary>
/// <remarks>
/// Called in the order of arrival on the session's loop; what must keep that order happens before the first incomplete await.
/// A fault is thrown: the dispatcher turns it into an error reply.
/// </remarks>
internal interface IRequestHandler<TRequest>
    where TRequest : struct, IFrame<TRequest>
{
    ValueTask HandleAsync(Session session, uint requestId, TRequest request);

    /// <summary>Whether the connection's next frame waits for this one's reply, because its place is not yet taken at the first await.</summary>
    bool HoldsNext(TRequest request) => false;
}
