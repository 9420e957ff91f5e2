using Chat.Server.Cluster;

namespace Chat.Server.Tests.Cluster;

[Parallelizable]
internal sealed class PublicationHeaderTests
{
    [Test]
    public void Ten_bytes_stand_in_front_of_the_payload()
    {
        byte[] publication = new PublicationHeader(PublicationKind.Payload, 0x0102030405060708).InFrontOf([0xAA, 0xBB]);

        Assert.That(
            publication, Is.EqualTo(new byte[] { 1, 1, 8, 7, 6, 5, 4, 3, 2, 1, 0xAA, 0xBB }),
            "frozen: nodes of two versions run side by side");
        Assert.That(PublicationHeader.TryRead(publication, out PublicationHeader header), Is.True);
        Assert.That(header, Is.EqualTo(new PublicationHeader(PublicationKind.Payload, 0x0102030405060708)));
    }

    [Test]
    public void What_is_short_or_of_another_format_or_kind_is_not_read()
    {
        byte[] sound = new PublicationHeader(PublicationKind.Probe, 1).InFrontOf([]);
        for (int length = 0; length < PublicationHeader.Bytes; length++)
            Assert.That(PublicationHeader.TryRead(sound.AsSpan(0, length), out _), Is.False);

        for (int value = 0; value < 256; value++)
        {
            byte[] otherFormat = [(byte)value, .. sound[1..]], otherKind = [sound[0], (byte)value, .. sound[2..]];
            Assert.That(PublicationHeader.TryRead(otherFormat, out _), Is.EqualTo(value == 1));
            Assert.That(PublicationHeader.TryRead(otherKind, out _), Is.EqualTo(value is 1 or 2));
        }
    }
}
