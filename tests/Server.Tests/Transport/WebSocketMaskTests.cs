using System.Buffers.Binary;
using Chat.Server.Transport;

namespace Chat.Server.Tests.Transport;

public sealed class WebSocketMaskTests
{
    [Test]
    public void Every_length_in_any_two_pieces_is_the_same_as_byte_by_byte()
    {
        byte[] key = [0x11, 0x22, 0x83, 0xF4];
        uint mask = BinaryPrimitives.ReadUInt32LittleEndian(key);
        for (int length = 0; length <= 140; length++)
        {
            byte[] source = [.. Enumerable.Range(0, length).Select(n => (byte)(n * 7))];
            byte[] expected = [.. source.Select((b, n) => (byte)(b ^ key[n & 3]))];
            for (int cut = 0; cut <= length; cut++)
            {
                byte[] data = [.. source];
                uint turned = WebSocketMask.Apply(data.AsSpan(0, cut), data, mask);
                WebSocketMask.Apply(data.AsSpan(cut), data.AsSpan(cut), turned);
                Assert.That(data.AsSpan().SequenceEqual(expected), $"length {length}, cut {cut}");
            }
        }
    }
}
