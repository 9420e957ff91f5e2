using Chat.Fuzz.Cluster;
using Chat.Fuzz.Engine;
using Chat.Fuzz.Framing;
using Chat.Fuzz.Http;
using Chat.Fuzz.MessagePack;
using Chat.Fuzz.Proxies;
using Chat.Fuzz.Sdk;
using Chat.Fuzz.Sessions;
using Chat.Fuzz.WebSocket;

namespace Chat.Fuzz;

/// <summary>Every target by its name.</summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, Func<FuzzTarget>> Makers = new()
    {
        ["websocket"] = static () => new WebSocketTarget(),
        ["http"] = static () => new HandshakeTarget(),
        ["proxy"] = static () => new ProxyHeaderTarget(),
        ["framing"] = static () => new FramingTarget(),
        ["messagepack"] = static () => new MessagePackTarget(),
        ["relay"] = static () => new RelayTarget(),
        ["session"] = static () => new SessionTarget(),
        ["sdk"] = static () => new SdkTarget(),
    };

    public static IReadOnlyCollection<string> Names => Makers.Keys;

    public static FuzzTarget Create(string name) => Makers[name]();
}
