using System.Text;

using Chat.Load.Engine;
using Chat.Load.Traffic;

namespace Chat.Load.Dialects;

/// <summary>
/// bench/Peers/SignalR in SignalR's JSON protocol: messages end with 0x1e, type 1 is a call, 3 the answer to one, 6 a ping. The generator
/// looks for the marker instead of reading JSON; the letters of our texts need no escapes.
/// </summary>
/// <param name="system">signalr, or signalr+pg when it stores first.</param>
internal sealed class SignalRRooms(MessageTable messages, Meter meter, LoadSimulation simulation, string system)
    : PeerDialect(messages, meter, simulation.Members, ownCopyIsAck: false)
{
    private const byte Separator = 0x1e;

    private readonly int _payloadBytes = simulation.PayloadBytes;
    private readonly byte[] _json = new byte[simulation.PayloadBytes + 128];
    private readonly byte[] _output = new byte[simulation.PayloadBytes + 128 + ClientFrame.MaxHeaderBytes];
    private readonly byte[][] _heads = [.. Enumerable.Range(0, simulation.Chats).Select(
        chat => Encoding.ASCII.GetBytes($$"""{"type":1,"target":"Send","arguments":["r{{chat}}",""" + "\""))];

    public override string System => system;

    public override string PathOf(LoadConnection connection) => "/hub";

    public override void OnOpen(LoadConnection connection)
    {
        // The handshake, and the call that joins the room right behind it.
        Loop.Send(connection, ClientFrame.Make(ClientFrame.FinalText, "{\"protocol\":\"json\",\"version\":1}\u001e"u8));
        Loop.Send(connection, ClientFrame.Make(ClientFrame.FinalText, Encoding.ASCII.GetBytes(
            $$"""{"type":1,"invocationId":"1","target":"Join","arguments":["r{{connection.Chat}}"]}""" + "\u001e")));
    }

    public override void OnMessage(LoadConnection connection, ReadOnlySpan<byte> payload, long now)
    {
        while (!payload.IsEmpty)
        {
            int end = payload.IndexOf(Separator);
            ReadOnlySpan<byte> message = end < 0 ? payload : payload[..end];
            payload = end < 0 ? default : payload[(end + 1)..];
            if (message.StartsWith("{\"type\":1,"u8))
            {
                int at = message.IndexOf("@@"u8);
                bool isWhole = at >= 0 && message.Length - at >= _payloadBytes;
                TakeText(connection, isWhole ? message.Slice(at, _payloadBytes) : default, now);
            }
            else if (message.StartsWith("{\"type\":3,"u8))
            {
                MarkReady(connection);
            }
        }
    }

    public override void Publish(LoadConnection sender, long number)
    {
        byte[] head = _heads[sender.Chat];
        head.CopyTo(_json, 0);
        Messages.TextOf(number).CopyTo(_json.AsSpan(head.Length));
        int at = head.Length + _payloadBytes;
        "\"]}\u001e"u8.CopyTo(_json.AsSpan(at));
        int bytes = ClientFrame.Write(_output, ClientFrame.FinalText, _json.AsSpan(0, at + 4));
        Loop.Send(sender, _output.AsSpan(0, bytes));
    }
}
