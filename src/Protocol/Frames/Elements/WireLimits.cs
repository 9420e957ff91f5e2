using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>The limits that a welcome announces, protocol-spec.md §6.15.</summary>
/// <param name="MaxFrameBytes">Largest body of a client's frame, length prefix excluded.</param>
/// <param name="MaxTextBytes">Longest text of a message in bytes of UTF-8.</param>
/// <param name="MaxHistoryLimit">Most events of one history reply.</param>
/// <param name="MaxPositions">Most positions of one hello.</param>
/// <param name="MaxWatched">Most principals that one session watches.</param>
public readonly record struct WireLimits(
    int MaxFrameBytes, int MaxTextBytes, int MaxHistoryLimit, int MaxPositions, int MaxWatched)
    : IElement<WireLimits>
{
    static void IElement<WireLimits>.Write(in WireLimits element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(5);
        writer.WriteInt64(element.MaxFrameBytes);
        writer.WriteInt64(element.MaxTextBytes);
        writer.WriteInt64(element.MaxHistoryLimit);
        writer.WriteInt64(element.MaxPositions);
        writer.WriteInt64(element.MaxWatched);
    }

    static WireLimits IElement<WireLimits>.Read(ref FieldReader fields) =>
        new(fields.ReadInt32(), fields.ReadInt32(), fields.ReadInt32(), fields.ReadInt32(), fields.ReadInt32());
}
