using System.Buffers;
using System.Diagnostics;

using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Protocol.MessagePack;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.MessagePack;

/// <summary>Promises 4.7: what an attacker sends costs at most 1 ms and 64 KiB.</summary>
[TestFixture, Property("Promise", "4.7")]
public sealed class HostileInputTests
{
    private const int Attempts = 50; // the fastest counts: the others tell of the machine's other work

#if DEBUG
    private static readonly TimeSpan Ceiling = TimeSpan.FromMilliseconds(10); // the promise is for optimised code
#else
    private static readonly TimeSpan Ceiling = TimeSpan.FromMilliseconds(1);
#endif

    [TestCase("ddffffffff", TestName = "Array_of_4_G_elements_is_refused")]
    [TestCase("dfffffffff", TestName = "Map_of_4_G_pairs_is_refused")]
    [TestCase("c6ffffffff", TestName = "Bin_of_4_GiB_is_refused")]
    [TestCase("dbffffffff", TestName = "Str_of_4_GiB_is_refused")]
    [TestCase("c9ffffffff01", TestName = "Ext_of_4_GiB_is_refused")]
    [TestCase("dd000f4240", TestName = "Array_of_a_million_elements_without_them_is_refused")]
    [TestCase("dd7fffffff", TestName = "Array_of_2_G_elements_is_refused")]
    [TestCase("df80000000", TestName = "Map_whose_doubled_count_overflows_32_bits_is_refused")]
    public void Declared_size_without_the_bytes_is_refused(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);

        AssertRefusedCheaply(bytes, static input => new MessagePackReader(input).TrySkip());
        AssertRefusedCheaply(bytes, static input => new MessagePackReader(input).TryReadArrayHeader(out _));
        AssertRefusedCheaply(bytes, static input => new MessagePackReader(input).TryReadString(out _));
        AssertRefusedCheaply(bytes, static input => new MessagePackReader(input).TryReadBinary(out _));
        AssertRefusedCheaply(bytes, static input => FrameHeader.TryReadRequest(input, out _) == FrameDecodeResult.Ok);
        AssertRefusedCheaply([0x93, 3, 1, .. bytes], static input => PingRequest.TryRead(input, out _, out _));
        AssertRefusedCheaply([0x93, 14, 1, .. bytes], static input => WatchPresenceRequest.TryRead(input, out _, out _));
        AssertRefusedCheaply([0x96, 1, 1, 1, 0xa0, 0xa0, .. bytes], static input => HelloRequest.TryRead(input, out _, out _));
        AssertRefusedCheaply([0x93, 2, 1, .. bytes], static input => AuthenticateRequest.TryRead(input, out _, out _));
        AssertRefusedCheaply([0x95, 4, 1, 7, .. bytes], static input => SendMessageRequest.TryRead(input, out _, out _));
        AssertRefusedCheaply([0x93, 44, 1, .. bytes], static input => ChatsReply.TryRead(input, out _, out _));
    }

    [TestCase((byte)0x91)]
    [TestCase((byte)0x81)]
    public void Million_nested_levels_are_refused_without_recursion(byte level)
    {
        byte[] bomb = Enumerable.Repeat(level, 1_000_000).ToArray();

        AssertRefusedCheaply(bomb, static input => new MessagePackReader(input).TrySkip());
        AssertRefusedCheaply([0x93, 3, 1, .. bomb], static input => PingRequest.TryRead(input, out _, out _));
        AssertRefusedCheaply([0x93, 14, 1, .. bomb], static input => WatchPresenceRequest.TryRead(input, out _, out _));
        AssertRefusedCheaply([0x93, 45, 1, .. bomb], static input => ChatReply.TryRead(input, out _, out _));
    }

    // No field of the wire is a map, so there is no table to fill: a map in an unknown element is only walked over.
    [Test]
    public void Hundred_thousand_equal_keys_are_walked_over_and_fill_no_table()
    {
        byte[] pairs = Enumerable.Repeat<byte[]>([0xa1, 0x6b, 0xc0], 100_000).SelectMany(pair => pair).ToArray();
        var input = new ReadOnlySequence<byte>([0x93, 3, 1, 0xdf, 0x00, 0x01, 0x86, 0xa0, .. pairs]);

        Assert.That(PingRequest.TryRead(input, out _, out _));
        Assert.That(Allocation.Of(() => PingRequest.TryRead(input, out _, out _)), Is.Zero);
    }

    [Test]
    public void As_many_equal_keys_as_a_frame_holds_are_walked_over_in_time()
    {
        byte[] pairs = Enumerable.Repeat<byte[]>([0xa1, 0x6b, 0xc0], 21_842).SelectMany(pair => pair).ToArray();
        byte[] body = [0x93, 3, 1, 0xdf, 0x00, 0x00, 0x55, 0x52, .. pairs];
        var input = new ReadOnlySequence<byte>(body);

        Assert.That(body, Has.Length.InRange(ProtocolLimits.MaxClientFrameBytes - 10, ProtocolLimits.MaxClientFrameBytes));
        Assert.That(PingRequest.TryRead(input, out _, out _));
        AssertCheap(() => PingRequest.TryRead(input, out _, out _));
    }

    // The limits are errors of values, not of the protocol (§7), so such a frame decodes; what it costs is bounded all the same.
    [Test]
    public void More_ids_than_the_limit_are_judged_and_one_above_the_limit_is_kept()
    {
        byte[] body = [0x93, 14, 1, 0xdd, 0, 0, 0xfd, 0xe8, .. Enumerable.Repeat((byte)7, 65_000)];
        var input = new ReadOnlySequence<byte>(body);

        Assert.That(WatchPresenceRequest.TryRead(input, out _, out WatchPresenceRequest frame));
        Assert.That(frame.PrincipalIds, Has.Count.EqualTo(ProtocolLimits.MaxWatched + 1));
        AssertCheap(() => WatchPresenceRequest.TryRead(input, out _, out _));

        body[^1] = 0xc3;
        Assert.That(WatchPresenceRequest.TryRead(new ReadOnlySequence<byte>(body), out _, out _), Is.False, "the last one is judged too");
    }

    [Test]
    public void More_positions_than_the_limit_stay_below_the_ceiling()
    {
        byte[] positions = Enumerable.Repeat<byte[]>([0x93, 7, 7, 7], 16_380).SelectMany(one => one).ToArray();
        var input = new ReadOnlySequence<byte>([0x96, 1, 1, 1, 0xa0, 0xa0, 0xdd, 0, 0, 0x3f, 0xfc, .. positions]);

        Assert.That(HelloRequest.TryRead(input, out _, out HelloRequest frame));
        Assert.That(frame.Positions, Has.Count.EqualTo(ProtocolLimits.MaxPositions + 1));
        Assert.That(Allocation.Of(() => HelloRequest.TryRead(input, out _, out _)), Is.LessThanOrEqualTo(Allocation.HostileCeilingBytes));
    }

    [Test]
    public void Truncated_tail_of_a_long_text_is_refused_before_it_is_copied()
    {
        byte[] body = [0x95, 4, 1, 7, 0xc4, 16, .. new byte[16], 0xda, 0xff, 0xff, .. new byte[65_000]];

        AssertRefusedCheaply(body, static input => SendMessageRequest.TryRead(input, out _, out _));
    }

    [Test]
    public void Long_text_with_its_fault_at_the_end_is_refused_without_a_string()
    {
        byte[] body = [0x95, 4, 1, 7, 0xc4, 16, .. new byte[16], 0xda, 0xfd, 0xe8, .. new byte[64_999], 0xff];

        AssertRefusedCheaply(body, static input => SendMessageRequest.TryRead(input, out _, out _));
    }

    private static void AssertRefusedCheaply(byte[] bytes, Func<ReadOnlySequence<byte>, bool> read)
    {
        var whole = new ReadOnlySequence<byte>(bytes);
        ReadOnlySequence<byte> cut = Segments.Of(bytes, 1, bytes.Length / 2);
        Assert.That(read(whole), Is.False);
        Assert.That(read(cut), Is.False);

        AssertCheap(() => read(whole));
        AssertCheap(() => read(cut));
    }

    private static void AssertCheap(Action action)
    {
        Assert.That(Allocation.Of(action), Is.LessThanOrEqualTo(Allocation.HostileCeilingBytes));

        TimeSpan fastest = TimeSpan.MaxValue;
        for (int i = 0; i < Attempts && fastest > Ceiling; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed < fastest) fastest = elapsed;
        }

        Assert.That(fastest, Is.LessThanOrEqualTo(Ceiling));
    }
}
