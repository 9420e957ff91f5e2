using System.Buffers;
using System.Text.Json.Nodes;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Framing;

namespace Chat.Protocol.Tests.Support;

/// <summary>One type of frame behind a common face, so that a test can run over all of them.</summary>
internal abstract class FrameCase
{
    /// <summary>Every frame of the assembly, found by reflection, so a new one is tested without being listed.</summary>
    public static IReadOnlyDictionary<string, FrameCase> All { get; } = typeof(IFrame<>).Assembly.GetTypes()
        .Where(type => type.IsValueType && type.GetInterfaces().Any(IsFrame))
        .Select(type => (FrameCase)Activator.CreateInstance(typeof(FrameCase<>).MakeGenericType(type))!)
        .ToDictionary(frame => FrameTypes.Name(frame.Type));

    public abstract FrameType Type { get; }

    public abstract Type Struct { get; }

    /// <summary>The fields as JSON, or null for a malformed body.</summary>
    public abstract JsonObject? Decode(ReadOnlySequence<byte> body, out uint requestId);

    /// <summary>Whether the body is well-formed; makes nothing but the frame, for counting allocations.</summary>
    public abstract bool IsWellFormed(ReadOnlySequence<byte> body);

    public abstract byte[] Encode(JsonObject fields, uint requestId);

    public abstract byte[] EncodeWebSocket(JsonObject fields, uint requestId);

    public abstract byte[] Append(JsonObject fields, uint requestId);

    public static FrameCase Of(FrameType type) => All[FrameTypes.Name(type)];

    private static bool IsFrame(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IFrame<>);
}

internal sealed class FrameCase<T> : FrameCase
    where T : struct, IFrame<T>
{
    public override FrameType Type => T.Type;

    public override Type Struct => typeof(T);

    public override JsonObject? Decode(ReadOnlySequence<byte> body, out uint requestId) =>
        T.TryRead(body, out requestId, out T frame) ? FrameJson.ToJson(frame) : null;

    public override bool IsWellFormed(ReadOnlySequence<byte> body) => T.TryRead(body, out _, out _);

    public override byte[] Encode(JsonObject fields, uint requestId) => FrameEncoder.Encode(Frame(fields), requestId);

    public override byte[] EncodeWebSocket(JsonObject fields, uint requestId) => FrameEncoder.EncodeWebSocket(Frame(fields), requestId);

    public override byte[] Append(JsonObject fields, uint requestId)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameEncoder.Write(output, Frame(fields), requestId);
        return output.WrittenSpan.ToArray();
    }

    private static T Frame(JsonObject fields) => (T)FrameJson.FromJson(fields, typeof(T));
}
