using Chat.Load.Engine;

namespace Chat.Load.Tests.Engine;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class WebSocketFrameTests
{
    [TestCase(0)]
    [TestCase(125)]
    [TestCase(126)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    public void A_frame_of_any_length_is_cut_whole_and_only_when_its_last_byte_is_there(int length)
    {
        byte[] payload = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        byte[] bytes = [.. ServerFrame(0x82, payload), 0x82];

        for (int have = 0; have < bytes.Length - 1; have += have < 20 ? 1 : 997)
            Assert.That(WebSocketFrame.TryCut(bytes.AsSpan(0, have), out _, out _), Is.False, $"with {have} bytes");
        bool isCut = WebSocketFrame.TryCut(bytes, out WebSocketFrame frame, out int taken);

        Assert.That((isCut, taken, frame.Opcode, frame.IsFinal), Is.EqualTo((true, bytes.Length - 1, WebSocketFrame.Binary, true)));
        Assert.That(frame.Payload.SequenceEqual(payload), Is.True);
    }

    [Test]
    public void A_masked_frame_of_a_server_is_of_no_known_kind()
    {
        bool isCut = WebSocketFrame.TryCut([0x82, 0x81, 0, 0, 0, 0, 1], out WebSocketFrame frame, out _);

        Assert.That((isCut, frame.Opcode), Is.EqualTo((true, 3)));
    }

    [Test]
    public void A_close_says_its_code()
    {
        WebSocketFrame.TryCut([0x88, 2, 0x0f, 0xa1], out WebSocketFrame frame, out _);

        Assert.That(frame.DescribeClose(), Is.EqualTo("close 4001"));
    }

    private static byte[] ServerFrame(byte first, byte[] payload) => payload.Length switch
    {
        < 126 => [first, (byte)payload.Length, .. payload],
        <= ushort.MaxValue => [first, 126, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload],
        _ => [first, 127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, .. payload],
    };
}
