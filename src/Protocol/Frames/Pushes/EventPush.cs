using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Pushes;

/// <summary>
/// Brings one event of a chat, protocol-spec.md §6.25. The event's elements are the frame's fields, without an array around them.
/// </summary>
/// <param name="Event">The event.</param>
public readonly record struct EventPush(WireEvent Event) : IFrame<EventPush>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Event;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        int count = Event.FieldCount;
        writer.WriteHeader(Type, requestId, count);
        WireEvent.WriteFields(Event, count, ref writer);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out EventPush frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new EventPush(WireEvent.ReadFields(ref fields));
        return fields.End();
    }
}
