using Chat.Load.Crowd;

namespace Chat.Load.Tests.Crowd;

public sealed class CrowdTextTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(12_345_678_901_234)]
    [TestCase(long.MaxValue)]
    public void A_text_tells_when_it_was_meant_to_be_sent(long intendedAt)
    {
        byte[] text = new byte[CrowdText.Bytes];

        CrowdText.Write(text, intendedAt);

        Assert.That(CrowdText.TryRead(text, out long read), Is.True);
        Assert.That(read, Is.EqualTo(intendedAt));
    }

    [Test]
    public void A_text_with_any_byte_changed_is_no_text_of_ours()
    {
        byte[] text = new byte[CrowdText.Bytes];
        CrowdText.Write(text, 12_345_678_901_234);
        for (int at = 0; at < text.Length; at++)
        {
            text[at] ^= 1;
            Assert.That(CrowdText.TryRead(text, out _), Is.False, $"byte {at}");
            text[at] ^= 1;
        }
    }

    [Test]
    public void A_text_cut_short_is_no_text_of_ours()
    {
        byte[] text = new byte[CrowdText.Bytes];
        CrowdText.Write(text, 5);

        Assert.That(CrowdText.TryRead(text.AsSpan(0, CrowdText.Bytes - 1), out _), Is.False);
    }
}
