using Chat.Server.Dispatch;
using Chat.Server.Transport;

namespace Chat.Server.Sessions;

/// <summary>Makes a session for each upgraded connection.</summary>
internal sealed class SessionFactory(FrameDispatcher dispatcher, SessionRegistry registry, SessionOptions options, ILogger<Session> log)
    : IWebSocketSessionFactory
{
    public IWebSocketSession Create(WebSocketConnection connection)
    {
        Session session = new(connection, dispatcher, registry, options, log);
        registry.Add(session);
        return session;
    }
}
