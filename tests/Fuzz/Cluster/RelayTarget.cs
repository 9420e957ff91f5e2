using System.Buffers;
using System.Buffers.Binary;
using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Fuzz.Engine;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Server.Tests.Transport;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Fuzz.Cluster;

/// <summary>
/// What comes from the broker. Right is: nothing throws, memory follows what came, and whatever is passed on to a session is whole
// WebSocket frames
/// with whole frames of ours, or a stranger at the broker could break every connection.
/// </summary>
internal sealed class RelayTarget : FuzzTarget
{
    private const int MostBytesAllocated = 256 * 1024;
    private const long Chat = 7;
    private const int InputsOfANode = 5_000;

    private readonly IReadOnlyList<byte[]> _corpus = Corpus.Read("relay");
    private Node? _node;
    private long _inputs, _passedOn;

    public override string Name => "relay";

    public override int InputsInSuite => 150_000;

    public override int InputsInFull => 2_000_000;

    public override string Describe() => $"{_passedOn} frames passed on.";

    public override byte[] Make(FuzzRandom random)
    {
        byte[] publication = random.Once(6) && _corpus.Count > 0 ? random.Pick(_corpus) : Publication(random);
        return random.Once(3) ? Mutator.Change(publication, random, publication) : publication;
    }

    public override async ValueTask CheckAsync(byte[] input, FuzzRandom random)
    {
        if (_inputs++ % InputsOfANode == 0)
        {
            if (_node is not null) await _node.DisposeAsync();
            _node = new Node();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        _node!.Receiver.OnPublication(BrokerChannel.ForNode(Chat), input);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Require(allocated <= MostBytesAllocated, $"{allocated} bytes were allocated");
        CheckPassedOn(_node.Subscriber.Drain());
    }

    public override async ValueTask DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        await base.DisposeAsync();
    }

    private void CheckPassedOn(byte[] stream)
    {
        for (int at = 0; at < stream.Length; _passedOn++)
        {
            (int Opcode, byte[] Payload, int FrameBytes)? frame = ClientFrames.ReadServerFrame(stream.AsSpan(at));
            Require(frame is { Opcode: ClientFrames.Binary }, "a session would get what is no whole WebSocket frame");
            ReadOnlySequence<byte> rest = new(frame!.Value.Payload);
            FrameReadResult read = FrameReader.TryRead(ref rest, ProtocolLimits.MaxServerFrameBytes, out _);
            Require(read == FrameReadResult.Complete && rest.IsEmpty, "a session would get what is no whole frame");
            at += frame.Value.FrameBytes;
        }
    }

    private static byte[] Publication(FuzzRandom random)
    {
        MemoryStream to = new();
        byte format = random.Once(12) ? (byte)random.Next(256) : random.Pick<byte>([0x11, 0x11, 0x21, 0x31, 0x41, 0x51]);
        to.WriteByte(format);
        if (format is 0x31 or 0x41) to.Write(random.Once(8) ? random.Bytes(random.Next(9)) : [1, 2, 3, 4, 5, 6, 7, 0]);
        int count = random.Next(5);
        if (format != 0x41) Leb128(to, random.Once(12) ? random.NextUInt64() >> random.Next(64) : (ulong)count);
        for (int i = 0; i < count; i++)
        {
            Leb128(to, random.Once(4) ? (ulong)random.Next(20) : Chat);
            if (format is 0x11 or 0x31) Leb128(to, random.Once(8) ? random.NextUInt64() >> random.Next(64) : (ulong)random.Next(1, 400));
            if (format == 0x51) Leb128(to, (ulong)random.Next(3)); // a device
            if (format == 0x11)
            {
                Leb128(to, (ulong)random.Next(1, 12));
                Leb128(to, random.Once(2) ? 0 : (ulong)random.Next(20));
            }

            if (format is not (0x11 or 0x21 or 0x51)) continue;
            byte[] frame = Frame(random);
            Leb128(to, random.Once(20) ? random.NextUInt64() >> random.Next(64) : (ulong)frame.Length);
            to.Write(frame);
        }

        return to.ToArray();
    }

    private static byte[] Frame(FuzzRandom random)
    {
        byte[] frame = FrameEncoder.EncodeWebSocket(new TypingPush(Chat, random.Next(1, 100), true), 0);
        if (random.Once(4)) frame = [0x82, 126, 0, 200, .. Inner(random.Once(2) ? 196 : random.Next(300), 200)];
        return random.Once(5) ? Mutator.Change(frame, random, frame) : frame;
    }

    private static byte[] Inner(int declared, int bytes)
    {
        byte[] inner = new byte[bytes];
        BinaryPrimitives.WriteInt32LittleEndian(inner, declared);
        return inner;
    }

    private static void Leb128(MemoryStream to, ulong value)
    {
        for (; value > 0x7F; value >>= 7) to.WriteByte((byte)(value | 0x80));
        to.WriteByte((byte)value);
    }

    /// <summary>A node's fan-out with one session in one chat, and a database that knows nothing.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly HoleRepairer _repairer;
        private readonly CommitsInDoubt _doubts;
        private readonly HeadPoller _poller;
        private readonly HeadAnnouncer _announcer;

        public Node()
        {
            FakeTimeProvider time = new();
            SilentReads reads = new();
            InMemoryBroker broker = new InMemoryBus().Join();
            _repairer = new HoleRepairer(reads, time, NullLogger<HoleRepairer>.Instance);
            _doubts = new CommitsInDoubt(reads, time, NullLogger<CommitsInDoubt>.Instance);
            ChatFanout fanout = new(_repairer, _doubts, time);
            NodeIdentity identity = new("fuzz", 1);
            PeerNodes peers = new(identity, time);
            _poller = new HeadPoller(fanout, broker, peers, reads, time, NullLogger<HeadPoller>.Instance);
            _announcer = new HeadAnnouncer(new ChatRelay(broker, identity, time), time, NullLogger<HeadAnnouncer>.Instance);
            Receiver = new ChatRelayReceiver(fanout, _poller, _announcer, peers);
            SessionSubscriptions session = fanout.Register(Subscriber);
            fanout.Enter(session, [new SessionMembership(Chat, 2, 1, 0, 1)], []);
            session.Entered();
        }

        public ChatRelayReceiver Receiver { get; }

        public DrainedSubscriber Subscriber { get; } = new();

        public async ValueTask DisposeAsync()
        {
            await _poller.DisposeAsync();
            await _announcer.DisposeAsync();
            await _doubts.DisposeAsync();
            await _repairer.DisposeAsync();
        }
    }

    private sealed class SilentReads : IRepairReads
    {
        public Task<IReadOnlyList<EventRow>> ReadRangeAsync(long chatId, long first, long last, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<EventRow>>([]);

        public Task<long> ReadHeadAsync(long chatId, CancellationToken ct) => Task.FromResult(0L);

        public Task<IReadOnlyList<ChatHead>> ReadAheadAsync(IReadOnlyList<ChatHead> known, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<ChatHead>>([]);

        public Task<IReadOnlyList<ChatHead>> ReadSettledHeadsAsync(IReadOnlyList<long> chatIds, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<ChatHead>>([]);

        public Task<IReadOnlyList<JoinedChat>> ReadJoinedAsync(long principalId, IReadOnlyList<long> chatIds, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<JoinedChat>>([]);

        public Task<IReadOnlyList<RunningNode>> ReadRunningNodesAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<RunningNode>>([]);
    }
}
