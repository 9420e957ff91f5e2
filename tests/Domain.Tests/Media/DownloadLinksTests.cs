using Chat.Domain.Media;
using Chat.Protocol.Codes;
using Chat.TestKit;

namespace Chat.Domain.Tests.Media;

[Parallelizable]
public sealed class DownloadLinksTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Caller Ada = new(7, 0);
    private readonly BlobName _blob = BlobName.Create();

    [TestCase(0, LinkVerdict.Valid)]
    [TestCase(299, LinkVerdict.Valid)]
    [TestCase(300, LinkVerdict.Expired)]
    public void A_link_lives_as_long_as_was_said(int seconds, LinkVerdict expected)
    {
        FakeTimeProvider time = new(Start);
        DownloadLinks links = new(Secret, TimeSpan.FromMinutes(5), time);
        string signature = links.Sign(_blob, Ada, out long expiresAt);

        time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That(links.Verify(_blob, Ada, expiresAt, signature), Is.EqualTo(expected));
    }

    [Test]
    public void A_link_opens_no_other_blob_no_later_and_nothing_under_another_secret()
    {
        FakeTimeProvider time = new(Start);
        DownloadLinks links = new(Secret, TimeSpan.FromMinutes(5), time);
        DownloadLinks others = new([.. Secret.Reverse()], TimeSpan.FromMinutes(5), time);
        string signature = links.Sign(_blob, Ada, out long expiresAt);

        Assert.Multiple(() =>
        {
            Assert.That(links.Verify(BlobName.Create(), Ada, expiresAt, signature), Is.EqualTo(LinkVerdict.Forged));
            Assert.That(links.Verify(_blob, Ada with { PrincipalId = 8 }, expiresAt, signature), Is.EqualTo(LinkVerdict.Forged), "given to another");
            Assert.That(links.Verify(_blob, Ada with { Kind = PrincipalKind.Bot }, expiresAt, signature), Is.EqualTo(LinkVerdict.Forged), "of another kind");
            Assert.That(links.Verify(_blob, Ada, expiresAt + 1, signature), Is.EqualTo(LinkVerdict.Forged));
            Assert.That(others.Verify(_blob, Ada, expiresAt, signature), Is.EqualTo(LinkVerdict.Forged));
        });
    }

    [TestCase(PrincipalKind.Person, LinkVerdict.Forged)]
    [TestCase(PrincipalKind.None, LinkVerdict.Forged)]
    [TestCase(PrincipalKind.Visitor, LinkVerdict.Valid)]
    public void A_link_of_a_visitor_is_good_for_a_visitor_alone(PrincipalKind kind, LinkVerdict expected)
    {
        DownloadLinks links = new(Secret, TimeSpan.FromMinutes(5), new FakeTimeProvider(Start));
        string signature = links.Sign(_blob, Ada with { Kind = PrincipalKind.Visitor }, out long expiresAt);

        Assert.That(links.Verify(_blob, Ada with { Kind = kind }, expiresAt, signature), Is.EqualTo(expected));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("short")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public void What_is_no_signature_of_ours_is_forged(string? signature)
    {
        DownloadLinks links = new(Secret, TimeSpan.FromMinutes(5), new FakeTimeProvider(Start));
        links.Sign(_blob, Ada, out long expiresAt);

        Assert.That(links.Verify(_blob, Ada, expiresAt, signature), Is.EqualTo(LinkVerdict.Forged));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("../../../../etc/passwd/aaaaaaaaaa")]
    [TestCase("0123456789ABCDEF0123456789ABCDEF")]
    [TestCase("0123456789abcdef0123456789abcdef0")]
    [TestCase("0123456789abcdef0123456789abcde\0")]
    public void A_blob_name_is_32_lower_case_hex_digits_and_nothing_else(string? text) =>
        Assert.That(BlobName.TryParse(text, out _), Is.False);

    [Test]
    public void A_made_blob_name_is_read_back() =>
        Assert.That(BlobName.TryParse(_blob.ToString(), out BlobName read) && read == _blob, Is.True);
}
