using Chat.Domain.Receipts;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Storage.Receipts;

namespace Chat.Domain.Tests.Receipts;

[Parallelizable]
public sealed class ReceiptFanoutTests // R-110, D12
{
    private readonly RecordingFanout _fanout = new();

    [Test]
    public void Receipts_of_one_batch_are_one_push_a_chat()
    {
        ReceiptFanout receipts = new(_fanout);

        receipts.OnStored([new(7, 1, 5, 4, 3), new(8, 1, 9, 9, 2), new(7, 2, 6, 6, 3)]);

        ReceiptsPush[] pushes = [.. _fanout.Published.Select(published => PushFrames.Read<ReceiptsPush>(published.Frame)).OrderBy(push => push.ChatId)];
        Assert.That(pushes.Select(push => push.ChatId), Is.EqualTo(new long[] { 7, 8 }));
        Assert.Multiple(() =>
        {
            Assert.That(pushes[0].Receipts, Is.EqualTo(new WireReceipt[] { new(1, 5, 4), new(2, 6, 6) }));
            Assert.That(pushes[1].Receipts, Is.EqualTo(new WireReceipt[] { new(1, 9, 9) }));
            Assert.That(_fanout.Published.Select(published => published.ChatId), Is.EquivalentTo(new long[] { 7, 8 }));
            Assert.That(_fanout.Published.Select(published => published.ExceptSessionId), Is.All.Zero, "one's other devices are told too");
        });
    }

    [TestCase(1, 0)]
    [TestCase(2, 1)]
    [TestCase(256, 1)]
    [TestCase(257, 0)]
    public void Only_chats_of_2_to_256_members_are_told(int members, int pushes)
    {
        new ReceiptFanout(_fanout).OnStored([new(7, 1, 5, 4, members)]);
        Assert.That(_fanout.Published, Has.Count.EqualTo(pushes));
    }

    [SetUp]
    public void Clear() => _fanout.Published.Clear();
}
