using System.Text;

using Chat.Chaos.Workload;

namespace Chat.Chaos.Tests.Workload;

[TestFixture]
internal sealed class ChaosPayloadTests
{
    [Test]
    public void A_payload_follows_from_its_marker()
    {
        Guid marker = Guid.NewGuid();

        string again = ChaosPayload.Create(marker);

        Assert.That(ChaosPayload.Create(marker), Is.EqualTo(again));
        Assert.That(ChaosPayload.Create(marker), Does.StartWith(marker.ToString("N")));
        Assert.That(ChaosPayload.Create(marker), Is.Not.EqualTo(ChaosPayload.Create(Guid.NewGuid())));
    }

    [Test]
    public void Every_changed_character_changes_the_hash()
    {
        string text = ChaosPayload.Create(Guid.NewGuid());
        ulong whole = ChaosPayload.Hash(text);

        for (int i = 0; i < text.Length; i++)
        {
            StringBuilder changed = new(text);
            changed[i] = changed[i] == 'x' ? 'y' : 'x';
            Assert.That(ChaosPayload.Hash(changed.ToString()), Is.Not.EqualTo(whole));
        }
    }
}
