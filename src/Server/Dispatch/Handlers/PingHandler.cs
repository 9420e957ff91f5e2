using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

internal sealed class PingHandler : IRequestHandler<PingRequest>
{
    public ValueTask HandleAsync(Session session, uint requestId, PingRequest request)
    {
        session.Reply(new OkReply(), requestId);
        return default;
    }
}
