using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Replies;

/// <summary>Answers hello, protocol-spec.md §6.15.</summary>
/// <param name="ProtocolVersion">The version spoken.</param>
/// <param name="SessionId">For logs.</param>
/// <param name="PrincipalId">Who has signed in.</param>
/// <param name="Name">The principal's name.</param>
/// <param name="InboxChatId">The principal's inbox.</param>
/// <param name="ServerTimeMs">Unix ms.</param>
/// <param name="TokenExpiresAtMs">Unix ms.</param>
/// <param name="PingIntervalMs">Silence after which the server pings, ms, §4.5.</param>
/// <param name="Limits">What the server accepts.</param>
/// <param name="Resumed">One for each position for which there is something to say, §8.3.</param>
/// <param name="ServerName">E.g. <c>chat-server/0.1.0</c>.</param>
public readonly record struct WelcomeReply(
    int ProtocolVersion, long SessionId, long PrincipalId, string Name, long InboxChatId, long ServerTimeMs,
    long TokenExpiresAtMs, int PingIntervalMs, WireLimits Limits, IReadOnlyList<WireResumed> Resumed,
    string ServerName)
    : IFrame<WelcomeReply>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Welcome;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 11);
        writer.WriteInt64(ProtocolVersion);
        writer.WriteInt64(SessionId);
        writer.WriteInt64(PrincipalId);
        writer.WriteString(Name);
        writer.WriteInt64(InboxChatId);
        writer.WriteInt64(ServerTimeMs);
        writer.WriteInt64(TokenExpiresAtMs);
        writer.WriteInt64(PingIntervalMs);
        writer.WriteElement(Limits);
        writer.WriteElements(Resumed);
        writer.WriteString(ServerName);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out WelcomeReply frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new WelcomeReply(
            fields.ReadInt32(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadText(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadInt32(),
            fields.ReadElement<WireLimits>(),
            fields.ReadElements<WireResumed>(),
            fields.ReadText());
        return fields.End();
    }
}
