using Chat.Domain.Cluster;

namespace Chat.Domain.Tests.Cluster;

[TestFixture, Parallelizable(ParallelScope.All)]
internal sealed class DeviceQuestionTests
{
    [TestCase(false, 0)]
    [TestCase(true, 1)]
    [TestCase(false, DeviceQuestion.MaxDevices)]
    public void A_question_and_an_answer_are_read_as_they_were_written(bool isAnswer, int count)
    {
        DeviceQuestion written = new(isAnswer, long.MinValue + 7, [.. Enumerable.Range(1, count).Select(id => new AskedDevice(id, (1L << 52) + id))], 4711);
        byte[] bytes = written.Encode();

        DeviceQuestion read = DeviceQuestion.TryRead(bytes)!;
        Assert.That((read.IsAnswer, read.Number, read.From), Is.EqualTo((isAnswer, written.Number, 4711)));
        Assert.That(read.Devices, Is.EqualTo(written.Devices));
        Assert.That(DeviceQuestion.TryRead([.. bytes, 9])?.Number, Is.EqualTo(written.Number), "a newer version's bytes behind it");
        for (int length = 0; length < bytes.Length; length++) Assert.That(DeviceQuestion.TryRead(bytes.AsSpan(0, length)), Is.Null);
    }

    [Test]
    public void Nonsense_is_not_read()
    {
        byte[] good = new DeviceQuestion(false, 1, [new AskedDevice(1, 2)], 3).Encode();
        for (int at = 0; at < 3; at++)
        {
            byte[] bad = [.. good];
            bad[at] = 99;
            Assert.That(DeviceQuestion.TryRead(bad), Is.Null, $"byte {at}");
        }

        byte[] many = [.. good];
        (many[11], many[12]) = (255, 255);
        Assert.That(DeviceQuestion.TryRead(many), Is.Null);
        Assert.That(ControlOrder.TryRead(good), Is.Null, "no order");
        Assert.That(() => new DeviceQuestion(false, 1, new AskedDevice[DeviceQuestion.MaxDevices + 1], 3).Encode(), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
