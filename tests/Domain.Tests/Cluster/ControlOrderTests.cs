using Chat.Domain.Cluster;

namespace Chat.Domain.Tests.Cluster;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ControlOrderTests
{
    [Test]
    public void A_revocation_comes_out_as_it_went_in()
    {
        ControlOrder? order = ControlOrder.TryRead(ControlOrder.EncodeRevocation(7, [1, 1L << 52]));

        Assert.That(order, Is.Not.Null);
        Assert.That((order!.Kind, order.PrincipalId), Is.EqualTo((ControlKind.DevicesRevoked, 7L)));
        Assert.That(order.DeviceIds, Is.EqualTo(new[] { 1, 1L << 52 }));
    }

    [Test]
    public void Changed_privacy_comes_out_as_it_went_in()
    {
        ControlOrder? order = ControlOrder.TryRead([.. ControlOrder.EncodePrivacyChanged([7, 1L << 52]), 9]);

        Assert.That(order?.Kind, Is.EqualTo(ControlKind.PrivacyChanged));
        Assert.That(order!.PrincipalIds, Is.EqualTo(new[] { 7, 1L << 52 }));
    }

    [Test]
    public void A_changed_status_comes_out_as_it_went_in()
    {
        byte[] whole = ControlOrder.EncodeStatusChanged(7, 1L << 52);
        ControlOrder? order = ControlOrder.TryRead([.. whole, 9]);

        Assert.That((order?.Kind, order?.PrincipalId, order?.StatusId), Is.EqualTo((ControlKind.StatusChanged, 7L, 1L << 52)));
        for (int length = 0; length < whole.Length; length++) Assert.That(ControlOrder.TryRead(whole.AsSpan(0, length)), Is.Null, $"{length} bytes");
    }

    [Test]
    public void Its_bytes_are_frozen()
    {
        Assert.That(Convert.ToHexStringLower(ControlOrder.EncodeStatusChanged(258, 3)), Is.EqualTo("012702010000000000000300000000000000"));
        string revocation = Convert.ToHexStringLower(ControlOrder.EncodeRevocation(7, [258]));
        Assert.That(revocation, Is.EqualTo("0101070000000000000001000201000000000000"));
        Assert.That(Convert.ToHexStringLower(ControlOrder.EncodeSettingsChanged()), Is.EqualTo("0102"));
        Assert.That(Convert.ToHexStringLower(ControlOrder.EncodePrivacyChanged([258])), Is.EqualTo("0103010201000000000000"));
    }

    [Test]
    public void Bytes_of_a_newer_version_behind_an_order_are_ignored()
    {
        Assert.That(ControlOrder.TryRead([.. ControlOrder.EncodeRevocation(7, [1]), 9, 9, 9])?.DeviceIds, Is.EqualTo(new[] { 1L }));
        Assert.That(ControlOrder.TryRead([.. ControlOrder.EncodeSettingsChanged(), 9])?.Kind, Is.EqualTo(ControlKind.SettingsChanged));
    }

    [Test]
    public void What_is_cut_short_at_any_byte_is_no_order()
    {
        byte[] whole = ControlOrder.EncodeRevocation(7, [1, 2, 3]);
        for (int length = 0; length < whole.Length; length++)
            Assert.That(ControlOrder.TryRead(whole.AsSpan(0, length)), Is.Null, $"{length} bytes");
    }

    [TestCase("0201")]
    [TestCase("0103")]
    [TestCase("0100")]
    [TestCase("0103000700000000000000", TestName = "Nobody's privacy")]
    [TestCase("0103010000000000000000", TestName = "The privacy of principal 0")]
    [TestCase("01030207000000000000", TestName = "More people than there are bytes")]
    [TestCase("012700000000000000000300000000000000", TestName = "Nobody's status")]
    [TestCase("012707000000000000000000000000000000", TestName = "Status 0")]
    [TestCase("ffffffff")]
    [TestCase("010100000000000000000100010000000000 0000", TestName = "Nobody's devices")]
    [TestCase("0101070000000000000001000000000000000000", TestName = "Device 0, which would mean every device")]
    [TestCase("010107000000000000000100ffffffffffffffff", TestName = "A device below zero")]
    [TestCase("0101070000000000000000000100000000000000", TestName = "No device")]
    [TestCase("01010700000000000000ffff0100000000000000", TestName = "More devices than there are bytes")]
    public void What_is_unknown_or_nonsense_is_no_order(string hex) =>
        Assert.That(ControlOrder.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))), Is.Null);

    [Test]
    public void Random_bytes_never_throw()
    {
        int seed = Environment.TickCount;
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            if (bytes.Length > 1) (bytes[0], bytes[1]) = (1, (byte)random.Next(4));
            Assert.DoesNotThrow(() => ControlOrder.TryRead(bytes));
        }
    }
}
