using System.Net;
using System.Net.Sockets;
using System.Text;

using Chat.Load.Engine;

namespace Chat.Load.Tests.Engine;

/// <summary>The engine over a real socket of the loopback: what it does is system calls.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class SocketLoopTests
{
    private const string Accepted = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    private static readonly long Patience = 5 * Clock.Second;

    [Test, CancelAfter(20_000)]
    public void Frames_that_come_byte_by_byte_are_handed_over_once_and_whole()
    {
        using Wire wire = new();
        wire.Accept(Accepted);
        foreach (byte b in (byte[])[0x82, 3, 1, 2, 3, 0x81, 1, 65])
        {
            wire.Server.Send([b]);
            wire.PollOnce();
        }

        wire.PollUntil(() => wire.Sink.Messages.Count == 2);

        Assert.That(wire.Sink.Messages, Is.EqualTo((string[])["010203", "41"]));
    }

    [Test, CancelAfter(20_000)]
    public void Fragments_are_one_message_also_with_a_ping_between_them()
    {
        using Wire wire = new();
        wire.Accept(Accepted);
        wire.Server.Send([0x01, 1, 1, 0x89, 0, 0x00, 2, 2, 3, 0x80, 1, 4, 0x82, 1, 9]);
        wire.PollUntil(() => wire.Sink.Messages.Count == 2);

        Assert.That(wire.Sink.Messages, Is.EqualTo((string[])["01020304", "09"]));
        Assert.That(wire.Loop.Pongs, Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public void A_ping_is_answered_with_its_payload()
    {
        using Wire wire = new();
        wire.Accept(Accepted);
        wire.Server.Send([0x89, 2, 7, 8]);
        wire.PollUntil(() => wire.Loop.Pongs == 1);

        byte[] pong = wire.ReadExactly(8);

        Assert.That(pong, Is.EqualTo((byte[])[0x8a, 0x82, 0, 0, 0, 0, 7, 8]));
    }

    [Test, CancelAfter(20_000)]
    public void What_the_socket_does_not_take_is_kept_and_sent_in_order()
    {
        using Wire wire = new();
        wire.Accept(Accepted);
        byte[] part = new byte[1 << 20];
        for (byte i = 0; i < 16; i++)
        {
            Array.Fill(part, i);
            wire.Loop.Send(wire.Connection, part);
        }

        byte[] received = new byte[16 << 20];
        int have = 0;
        wire.Server.Blocking = false;
        wire.PollUntil(() =>
        {
            int read = wire.Server.Receive(received.AsSpan(have), SocketFlags.None, out SocketError error);
            if (error == SocketError.Success) have += read;
            return have == received.Length;
        });

        Assert.That(Enumerable.Range(0, 16).All(i => received.AsSpan(i << 20, 1 << 20).IndexOfAnyExcept((byte)i) < 0), Is.True);
    }

    [Test, CancelAfter(20_000)]
    public void The_server_s_close_is_told_with_its_code()
    {
        using Wire wire = new();
        wire.Accept(Accepted);
        wire.Server.Send([0x88, 2, 0x0f, 0xa0]);
        wire.PollUntil(() => wire.Sink.Closed.Count == 1);

        Assert.That(wire.Sink.Closed[0], Is.EqualTo("close 4000"));
        Assert.That(wire.Connection.State, Is.EqualTo(ConnectionState.Closed));
    }

    [Test, CancelAfter(20_000)]
    public void A_refused_upgrade_is_told_with_the_answer()
    {
        using Wire wire = new();
        wire.Accept("HTTP/1.1 403 Forbidden\r\n\r\n", isOpened: false);
        wire.PollUntil(() => wire.Sink.Closed.Count == 1);

        Assert.That(wire.Sink.Closed[0], Does.Contain("403 Forbidden"));
    }

    /// <summary>One connection of the engine and its other end.</summary>
    private sealed class Wire : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Wire()
        {
            _listener.Start();
            Loop = new SocketLoop([(IPEndPoint)_listener.LocalEndpoint], [Connection], Sink);
            Loop.Open(Connection);
            Server = _listener.AcceptSocket();
        }

        public LoadConnection Connection { get; } = new(0);

        public RecordingSink Sink { get; } = new();

        public SocketLoop Loop { get; }

        public Socket Server { get; }

        public void Accept(string answer, bool isOpened = true)
        {
            byte[] request = new byte[1_024];
            int have = 0;
            while (request.AsSpan(0, have).IndexOf("\r\n\r\n"u8) < 0)
            {
                PollOnce();
                if (Server.Available > 0) have += Server.Receive(request.AsSpan(have));
            }

            Server.Send(Encoding.ASCII.GetBytes(answer));
            if (isOpened) PollUntil(() => Connection.State == ConnectionState.Open);
        }

        public byte[] ReadExactly(int bytes)
        {
            byte[] read = new byte[bytes];
            for (int have = 0; have < bytes;) have += Server.Receive(read.AsSpan(have));
            return read;
        }

        public void PollOnce() => Loop.Poll(Clock.Second / 1_000);

        public void PollUntil(Func<bool> isDone)
        {
            for (long until = Clock.Now + Patience; !isDone() && Clock.Now < until;) PollOnce();
        }

        public void Dispose()
        {
            Loop.Dispose();
            Server.Dispose();
            _listener.Dispose();
        }
    }

    private sealed class RecordingSink : IConnectionSink
    {
        public List<string> Messages { get; } = [];

        public List<string> Closed { get; } = [];

        public string PathOf(LoadConnection connection) => "/ws";

        public void OnOpen(LoadConnection connection)
        {
        }

        public void OnMessage(LoadConnection connection, ReadOnlySpan<byte> payload, long now) => Messages.Add(Convert.ToHexString(payload));

        public void OnClosed(LoadConnection connection, string why) => Closed.Add(why);
    }
}
