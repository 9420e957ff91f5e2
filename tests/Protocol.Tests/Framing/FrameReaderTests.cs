using System.Buffers;

using Chat.Protocol.Framing;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.Framing;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class FrameReaderTests
{
    private const int Max = ProtocolLimits.MaxClientFrameBytes;

    [Test]
    public void Frames_back_to_back_are_read_once_and_whole_however_they_are_cut()
    {
        byte[] bytes = [2, 0, 0, 0, 0xaa, 0xbb, 0, 0, 0, 0, 1, 0, 0, 0, 0xcc];

        foreach (ReadOnlySequence<byte> input in Segments.All(bytes))
        {
            ReadOnlySequence<byte> rest = input;
            var bodies = new List<byte[]>();
            while (FrameReader.TryRead(ref rest, Max, out ReadOnlySequence<byte> body) == FrameReadResult.Complete)
                bodies.Add(body.ToArray());

            Assert.That(bodies, Is.EqualTo(new byte[][] { [0xaa, 0xbb], [], [0xcc] }));
            Assert.That(rest.IsEmpty);
        }
    }

    [Test]
    public void Frame_that_is_not_whole_consumes_nothing()
    {
        byte[] bytes = [3, 0, 0, 0, 1, 2, 3];
        for (int length = 0; length < bytes.Length; length++)
        {
            foreach (ReadOnlySequence<byte> input in Segments.All(bytes[..length]))
            {
                ReadOnlySequence<byte> rest = input;
                FrameReadResult result = FrameReader.TryRead(ref rest, Max, out ReadOnlySequence<byte> body);

                Assert.That(result, Is.EqualTo(FrameReadResult.NeedMoreData));
                Assert.That(rest.Length, Is.EqualTo(length));
                Assert.That(body.IsEmpty);
            }
        }
    }

    [Test]
    public void Largest_body_is_accepted_and_one_byte_more_is_not()
    {
        var largest = new ReadOnlySequence<byte>([0, 0, 1, 0, .. new byte[65_536]]);
        var tooLarge = new ReadOnlySequence<byte>([1, 0, 1, 0]);

        Assert.That(FrameReader.TryRead(ref largest, Max, out ReadOnlySequence<byte> body), Is.EqualTo(FrameReadResult.Complete));
        Assert.That(body.Length, Is.EqualTo(65_536));
        Assert.That(FrameReader.TryRead(ref tooLarge, Max, out _), Is.EqualTo(FrameReadResult.BodyTooLarge));
        Assert.That(tooLarge.Length, Is.EqualTo(4), "nothing is consumed");
    }

    [Test, Property("Promise", "4.7")]
    public void Length_of_4_GiB_is_refused_on_its_four_bytes_alone()
    {
        foreach (ReadOnlySequence<byte> input in Segments.All([0xff, 0xff, 0xff, 0xff]))
        {
            ReadOnlySequence<byte> rest = input;
            Assert.That(FrameReader.TryRead(ref rest, Max, out _), Is.EqualTo(FrameReadResult.BodyTooLarge));
        }
    }

    [Test]
    public void Bound_of_zero_accepts_an_empty_body_only()
    {
        var empty = new ReadOnlySequence<byte>([0, 0, 0, 0]);
        var one = new ReadOnlySequence<byte>([1, 0, 0, 0, 0xc0]);

        Assert.That(FrameReader.TryRead(ref empty, 0, out _), Is.EqualTo(FrameReadResult.Complete));
        Assert.That(FrameReader.TryRead(ref one, 0, out _), Is.EqualTo(FrameReadResult.BodyTooLarge));
    }
}
