using System.Buffers;
using System.Buffers.Binary;

using Chat.Load.Engine;
using Chat.Load.Seed;
using Chat.Load.Traffic;
using Chat.Load.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Load.Dialects;

/// <summary>The chat protocol: signs in, and cuts frames from WebSocket messages (protocol-spec.md §3).</summary>
internal abstract class ChatDialect(SeededChats seeded, MessageTable messages, Meter meter) : Dialect(messages, meter)
{
    protected const uint HelloId = 1;

    /// <summary>Request ids from here on are messages: the message's number added to it.</summary>
    protected const uint FirstMessageId = 16;

    private const string ClientName = "bench-load/0.2.0";

    public override string System => "chat";

    protected SeededChats Seeded => seeded;

    /// <summary>Frames that the protocol does not allow.</summary>
    protected long Malformed { get; set; }

    public sealed override string PathOf(LoadConnection connection) => "/ws";

    public override void OnOpen(LoadConnection connection)
    {
        var hello = new HelloRequest(
            ProtocolLimits.ProtocolVersion, seeded.Accounts[connection.Index].Token, ClientName, PositionsOf(connection));
        Loop.Send(connection, ChatFrames.Encode(in hello, HelloId));
    }

    public sealed override void OnMessage(LoadConnection connection, ReadOnlySpan<byte> payload, long now)
    {
        while (payload.Length >= FrameReader.HeaderBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(payload);
            if (length > payload.Length - FrameReader.HeaderBytes) break;

            ReadOnlySpan<byte> body = payload.Slice(FrameReader.HeaderBytes, (int)length);
            payload = payload[(FrameReader.HeaderBytes + (int)length)..];
            var reader = new WireReader(body);
            reader.ReadArray();
            var type = (FrameType)reader.ReadInteger();
            uint requestId = (uint)reader.ReadInteger();
            if (type == FrameType.Welcome) OnWelcome(connection, body, now);
            else if (type == FrameType.Error && requestId < FirstMessageId) TakeRefusal(connection, body);
            else OnFrame(connection, type, requestId, ref reader, body, now);
            if (reader.IsMalformed) Malformed++;
        }

        if (!payload.IsEmpty) Malformed++; // a frame may not span two messages (§2.3)
    }

    /// <summary>Takes a frame other than the welcome.</summary>
    /// <param name="fields">Stands behind the request id.</param>
    /// <param name="body">The whole body; valid during the call.</param>
    protected abstract void OnFrame(
        LoadConnection connection, FrameType type, uint requestId, ref WireReader fields, ReadOnlySpan<byte> body, long now);

    /// <summary>What the hello says that it holds.</summary>
    protected virtual IReadOnlyList<WirePosition> PositionsOf(LoadConnection connection) => [];

    protected virtual void OnWelcome(LoadConnection connection, ReadOnlySpan<byte> body, long now) => MarkReady(connection);

    protected static ReadOnlySequence<byte> Copy(ReadOnlySpan<byte> body) => new(body.ToArray());

    private void TakeRefusal(LoadConnection connection, ReadOnlySpan<byte> body)
    {
        string why = ErrorReply.TryRead(Copy(body), out _, out ErrorReply error) ? $"{error.Code}: {error.Message}" : "an error that cannot be read";
        Loop.Close(connection);
        OnClosed(connection, $"the server refused with {why}");
    }
}
