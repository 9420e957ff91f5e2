using Chat.Domain.Fanout;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Server.Outbound;

/// <summary>Encodes the push that tells a client to read a chat from history (protocol-spec.md §6.29).</summary>
internal static class GapPushes
{
    public static byte[] Encode(Subscription subscription) =>
        FrameEncoder.EncodeWebSocket(new GapPush(subscription.ChatId, subscription.HeadSequence));
}
