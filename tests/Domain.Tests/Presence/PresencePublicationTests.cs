using Chat.Domain.Cluster;
using Chat.Domain.Presence;

namespace Chat.Domain.Tests.Presence;

[Parallelizable]
public sealed class PresencePublicationTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_123);

    [Test]
    public void A_publication_is_read_as_it_was_written()
    {
        PresenceChange[] changes = [new(7, true, DateTimeOffset.UnixEpoch), new(long.MaxValue, false, At)];
        PresencePublication said = new(new NodeIdentity("node.a-1_b", 0x0102030405060708), 42, changes);

        PresencePublication read = PresencePublication.Read(said.Write())!;

        Assert.That((read.Node, read.Number), Is.EqualTo((said.Node, said.Number)));
        Assert.That(read.Changes, Is.EqualTo(changes));
    }

    [Test]
    public void The_bytes_are_frozen_because_nodes_of_two_versions_run_side_by_side()
    {
        byte[] bytes = new PresencePublication(new NodeIdentity("a", 1), 2, [new(3, true, default)]).Write();

        Assert.That(bytes, Is.EqualTo(new byte[]
        {
            1, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        }));
    }

    [Test]
    public void What_is_cut_or_of_another_version_or_absurd_is_not_read()
    {
        byte[] sound = new PresencePublication(new NodeIdentity("node", 1), 2, [new(3, false, At)]).Write();
        for (int length = 0; length < sound.Length; length++)
            Assert.That(PresencePublication.Read(sound.AsSpan(0, length)) is { Changes.Count: > 0 }, Is.False, $"{length} bytes");

        (int At, byte Value)[] absurd = [(0, 2), (8, 0x80), (16, 0x80), (17, 0), (17, 65), (18, 0x80), (29, 0x80), (37, 0x80)];
        foreach ((int at, byte value) in absurd)
        {
            byte[] changed = [.. sound];
            changed[at] = value;
            Assert.That(PresencePublication.Read(changed), Is.Null, $"byte {at} is {value}");
        }
    }

    [Test]
    public void Noise_is_never_more_than_unreadable()
    {
        Random random = new(17);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] noise = new byte[random.Next(120)];
            random.NextBytes(noise);
            if (noise.Length > 0) noise[0] = 1;
            if (noise.Length > 17) noise[17] = (byte)random.Next(8);

            Assert.That(() => PresencePublication.Read(noise), Throws.Nothing);
        }
    }
}
