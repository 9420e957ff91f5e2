using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames;

/// <summary>Writes the parts that frames have in common.</summary>
internal static class FieldWriting
{
    /// <summary>Writes the array's header, the type and the request id; the caller writes as many fields behind them.</summary>
    public static void WriteHeader(this ref MessagePackWriter writer, FrameType type, uint requestId, int fieldCount)
    {
        writer.WriteArrayHeader(2 + fieldCount);
        writer.WriteInt64((byte)type);
        writer.WriteInt64(requestId);
    }

    public static void WriteOptional(this ref MessagePackWriter writer, long? value)
    {
        if (value is { } present) writer.WriteInt64(present);
        else writer.WriteNil();
    }

    public static void WriteOptional(this ref MessagePackWriter writer, string? value)
    {
        if (value is not null) writer.WriteString(value);
        else writer.WriteNil();
    }

    public static void WriteOptional(this ref MessagePackWriter writer, Guid? value)
    {
        if (value is { } present) writer.WriteUuid(present);
        else writer.WriteNil();
    }

    /// <summary>Writes a structure as an array.</summary>
    public static void WriteElement<T>(this ref MessagePackWriter writer, in T element)
        where T : struct, IElement<T> => T.Write(in element, ref writer);

    public static void WriteOptional<T>(this ref MessagePackWriter writer, in T? element)
        where T : struct, IElement<T>
    {
        if (element is { } present) writer.WriteElement(in present);
        else writer.WriteNil();
    }

    /// <summary>Writes a structure that few frames have.</summary>
    public static void WriteOptionalObject<T>(this ref MessagePackWriter writer, T? element)
        where T : class, IElement<T>
    {
        if (element is not null) T.Write(in element, ref writer);
        else writer.WriteNil();
    }

    /// <summary>Writes an array of structures; null as an empty one.</summary>
    public static void WriteElements<T>(this ref MessagePackWriter writer, IReadOnlyList<T>? elements)
        where T : struct, IElement<T>
    {
        int count = elements?.Count ?? 0;
        writer.WriteArrayHeader(count);
        for (int i = 0; i < count; i++) writer.WriteElement(elements![i]);
    }

    /// <summary>Writes an array of integers; null as an empty one.</summary>
    public static void WriteIntegers(this ref MessagePackWriter writer, IReadOnlyList<long>? integers)
    {
        int count = integers?.Count ?? 0;
        writer.WriteArrayHeader(count);
        for (int i = 0; i < count; i++) writer.WriteInt64(integers![i]);
    }
}
