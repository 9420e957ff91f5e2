using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.TestKit;

namespace Chat.Domain.Tests.Fanout;

/// <summary>The bytes between nodes: what is written is read again, and what is not ours does no harm.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class RelayFormatTests
{
    private const long ChatId = 7;

    private static readonly byte[] Typing = FrameEncoder.EncodeWebSocket(new TypingPush(ChatId, 1, true));

    [Test]
    public void First_bytes_are_frozen()
    {
        Assert.That(
            Enum.GetValues<RelayFormat>().ToDictionary(format => $"{format}", format => (int)format),
            Is.EquivalentTo(new Dictionary<string, int> { ["Events"] = 0x11, ["Ephemeral"] = 0x21, ["Heads"] = 0x31, ["Farewell"] = 0x41, ["Directed"] = 0x51 }),
            "append, never edit: nodes of two versions run side by side");
    }

    [TestCase(1), TestCase(125), TestCase(126), TestCase(70_000)]
    public void Events_are_read_as_they_were_written(int textBytes)
    {
        EventRow row = new((1L << 53) - 1, (1L << 53) - 1, EventKinds.MemberAdded, 1, 0, null, null, new string('x', textBytes), (1L << 53) - 1, 1);
        byte[] frame = FrameEncoder.EncodeWebSocket(new EventPush(Chat.Domain.Wire.WireMapping.ToWire(row)));
        RelayWriter writer = new();
        writer.BeginEvents(2);
        writer.Event(new SequencedPush(row, frame));
        writer.Event(new SequencedPush(1, 1, EventKinds.Message, 0, frame));

        RelayReader reader = new(writer.ToArray());
        bool isWhole = reader.TryReadFormat(out RelayFormat format) & reader.TryReadCount(out int count) & reader.TryReadEvent(out SequencedPush first)
            & reader.TryReadEvent(out SequencedPush second);

        Assert.That(isWhole && reader.IsAtEnd);
        Assert.That((format, count), Is.EqualTo((RelayFormat.Events, 2)));
        Assert.That((first.ChatId, first.Sequence, first.Kind, first.SubjectId), Is.EqualTo((row.ChatId, row.Sequence, row.Kind, row.SubjectId!.Value)));
        Assert.That(first.ToFrame(), Is.EqualTo(frame));
        Assert.That((second.ChatId, second.Sequence, second.SubjectId, second.IsJoin), Is.EqualTo((1L, 1L, 0L, false)));
    }

    [Test]
    public void Heads_are_read_as_they_were_written()
    {
        ChatHead[] heads = [new(1, 1), new((1L << 53) - 1, (1L << 53) - 1)];

        RelayReader reader = new(new RelayWriter().Heads(42, heads));
        bool isWhole = reader.TryReadFormat(out RelayFormat format) & reader.TryReadIncarnation(out long incarnation) & reader.TryReadCount(out int count)
            & reader.TryReadHead(out long a, out long aHead) & reader.TryReadHead(out long b, out long bHead);

        Assert.That(isWhole && reader.IsAtEnd);
        Assert.That((format, incarnation, count), Is.EqualTo((RelayFormat.Heads, 42L, 2)));
        Assert.That(new ChatHead[] { new(a, aHead), new(b, bHead) }, Is.EqualTo(heads));
    }

    [TestCaseSource(nameof(Broken))]
    public async Task What_cannot_be_read_is_ignored(byte[] payload)
    {
        await using ClusterNode node = await ClusterNode.JoinAsync(new InMemoryBus(), new MemoryLog());
        RecordingSubscriber ben = node.SignIn(2, new SessionMembership(ChatId, ChatKinds.Group, 1, 0, 1));

        Assert.That(() => Receive(node, payload), Throws.Nothing);
        ben.Drain();

        Assert.That(ben.Events.Count + ben.Typing.Count, Is.Zero);
    }

    [Test]
    public async Task No_bytes_make_the_receiver_throw_or_break_the_stream_of_a_connection([Range(1, 5)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        MemoryLog log = new();
        await using ClusterNode node = await ClusterNode.JoinAsync(new InMemoryBus(), log);
        RecordingSubscriber ben = node.SignIn(2, [.. Enumerable.Range(1, 20).Select(id => new SessionMembership(id, ChatKinds.Group, 1, 0, 1))]);
        EventRow row = new(ChatId, 1, EventKinds.Message, 1, 0, Guid.Empty, null, "text", null, null);
        RelayWriter writer = new();
        writer.BeginEvents(1);
        writer.Event(new SequencedPush(row, FrameEncoder.EncodeWebSocket(new EventPush(Chat.Domain.Wire.WireMapping.ToWire(row)))));
        byte[][] seeds = [writer.ToArray(), RelayWriter.Ephemeral(ChatId, Typing), new RelayWriter().Heads(5, [new ChatHead(ChatId, 3)]), RelayWriter.Farewell(5), RelayWriter.Directed(5, 1, Typing)];

        for (int round = 0; round < 5_000; round++)
        {
            byte[] payload = [.. seeds[random.Next(seeds.Length)]];
            // The bytes inside of a frame are the broker's word; everything around it is judged.
            for (int edits = random.Next(1, 4); edits > 0; edits--) payload[random.Next(Math.Min(payload.Length, 10))] = (byte)random.Next(256);
            Receive(node, payload.AsMemory(0, random.Next(payload.Length + 1)).ToArray());
        }

        ben.Drain(); // fails on anything but whole frames
    }

    private static void Receive(ClusterNode node, byte[] payload) => new ChatRelayReceiver(node.Fanout, node.Poller, node.Announcer, node.Peers).OnPublication(BrokerChannel.ForNode(ChatId), payload);

    private static IEnumerable<TestCaseData> Broken()
    {
        byte[] whole = RelayWriter.Ephemeral(ChatId, Typing);
        yield return new TestCaseData(Array.Empty<byte>()).SetName("{m}: nothing");
        yield return new TestCaseData((byte[])[0x12, .. whole[1..]]).SetName("{m}: events of a newer layout");
        yield return new TestCaseData((byte[])[0xff, .. whole[1..]]).SetName("{m}: an unknown content");
        yield return new TestCaseData((byte[])[.. whole[..1], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]).SetName("{m}: a count of 2^63");
        yield return new TestCaseData((byte[])[.. whole[..1], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]).SetName("{m}: an integer without end");
        yield return new TestCaseData(whole[..^1]).SetName("{m}: cut short");
        yield return new TestCaseData(RelayWriter.Ephemeral(ChatId, Typing.AsSpan(0, Typing.Length - 1))).SetName("{m}: a frame shorter than it says");
        yield return new TestCaseData(RelayWriter.Ephemeral(ChatId, (byte[])[.. Typing, 0])).SetName("{m}: a frame longer than it says");
        yield return new TestCaseData(RelayWriter.Ephemeral(ChatId, (byte[])[0x88, .. Typing[1..]])).SetName("{m}: a close instead of a message");
        yield return new TestCaseData(RelayWriter.Ephemeral(ChatId, default)).SetName("{m}: an empty frame");
        yield return new TestCaseData(RelayWriter.Directed(5, 1, Typing)[..^1]).SetName("{m}: for a device, cut short");
        yield return new TestCaseData(RelayWriter.Directed(0, 1, Typing)).SetName("{m}: for nobody");
        yield return new TestCaseData(RelayWriter.Directed(5, 0, Typing)).SetName("{m}: for no device");
        yield return new TestCaseData(RelayWriter.Ephemeral(0, Typing)).SetName("{m}: chat 0");
        yield return new TestCaseData(RelayWriter.Ephemeral(-1, Typing)).SetName("{m}: a negative chat");
    }
}
