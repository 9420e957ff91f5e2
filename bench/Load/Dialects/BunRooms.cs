using Chat.Load.Engine;
using Chat.Load.Traffic;

namespace Chat.Load.Dialects;

/// <summary>bench/Peers/bun.js: the room is the path, a binary message is the text itself.</summary>
internal sealed class BunRooms(MessageTable messages, Meter meter, LoadSimulation simulation, bool ownCopyIsAck)
    : PeerDialect(messages, meter, simulation.Members, ownCopyIsAck)
{
    private readonly byte[] _output = new byte[simulation.PayloadBytes + ClientFrame.MaxHeaderBytes];

    public override string System => "bun";

    public override string PathOf(LoadConnection connection) => $"/room/{connection.Chat}";

    public override void OnOpen(LoadConnection connection) => MarkReady(connection);

    public override void OnMessage(LoadConnection connection, ReadOnlySpan<byte> payload, long now) => TakeText(connection, payload, now);

    public override void Publish(LoadConnection sender, long number) =>
        Loop.Send(sender, _output.AsSpan(0, ClientFrame.Write(_output, ClientFrame.FinalBinary, Messages.TextOf(number))));
}
