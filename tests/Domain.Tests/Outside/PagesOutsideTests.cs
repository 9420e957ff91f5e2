using Chat.Domain.Outside;

namespace Chat.Domain.Tests.Outside;

/// <summary>Which addresses a preview is made of, by their looks.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class PagesOutsideTests
{
    [TestCase("https://example.org")]
    [TestCase("http://example.org:80/a?b#c")]
    [TestCase("https://example.org:443/")]
    [TestCase("http://example.org:443/")]
    [TestCase("https://de.wikipedia.org/wiki/Köln")]
    [TestCase("https://bücher.example.org/ü?ä=ö")]
    [TestCase("HTTPS://EXAMPLE.ORG/")]
    public void A_page_of_a_public_host(string url) => Assert.That(PublicUrl.TryReadPage(url, isOwnNetworkAllowed: false, out _, out string? wrong), Is.True, wrong);

    [TestCase(null)]
    [TestCase("")]
    [TestCase("example.org")]
    [TestCase("//example.org")]
    [TestCase("ftp://example.org/")]
    [TestCase("file:///etc/passwd")]
    [TestCase("gopher://example.org/")]
    [TestCase("javascript:alert(1)")]
    [TestCase("http://")]
    [TestCase("http:///path")]
    [TestCase("https://anna@example.org/")]
    [TestCase("https://anna:secret@example.org/")]
    [TestCase("https://example.org:8080/")]
    [TestCase("https://example.org:22/")]
    [TestCase("http://127.0.0.1/")]
    [TestCase("http://2130706433/")]
    [TestCase("http://0x7f.1/")]
    [TestCase("http://0177.0.0.1/")]
    [TestCase("http://127.1/")]
    [TestCase("http://[::1]/")]
    [TestCase("http://[::ffff:169.254.169.254]/")]
    [TestCase("http://１２７.0.0.1/")]
    [TestCase("http://localhost/")]
    [TestCase("http://localhost./")]
    [TestCase("http://db.internal/")]
    [TestCase("http://printer.local/")]
    [TestCase("http://intranet/")]
    [TestCase("https://exa mple.org/")]
    [TestCase(" https://example.org/")]
    [TestCase("https://example.org/\u0000")]
    [TestCase("https://example.org/\r\nHost: a")]
    public void And_what_is_none(string? url) => Assert.That(PublicUrl.TryReadPage(url, isOwnNetworkAllowed: false, out _, out _), Is.False);

    [Test]
    public void Nor_is_one_with_half_a_character() => Assert.That(PublicUrl.TryReadPage("https://example.org/\ud800", false, out _, out _), Is.False);

    [Test]
    public void Nor_is_one_of_more_than_2_000_characters()
    {
        const string Origin = "https://example.org/";
        Assert.That(PublicUrl.TryReadPage(Origin + new string('a', 2_000 - Origin.Length), false, out _, out _));
        Assert.That(PublicUrl.TryReadPage(Origin + new string('a', 2_001 - Origin.Length), false, out _, out _), Is.False);
    }

    /// <summary>63 letters are the most of a label, also where they are what stands for letters of another script: 29 that lie far apart take more.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void A_host_with_a_label_that_is_too_long_is_none_wherever_it_is(bool isOwnNetworkAllowed)
    {
        string label = string.Concat(Enumerable.Range(0, 29).Select(n => (char)(0x4E00 + (n * 701))));

        Assert.That(PublicUrl.TryReadPage($"https://{label}.example.org/", isOwnNetworkAllowed, out _, out string? wrong), Is.False);
        Assert.That(wrong, Does.Contain("no name"));
    }

    [TestCase("https://127.0.0.1/", "by a number")]
    [TestCase("https://１２７.0.0.1/", "by a number")]
    [TestCase("https://xn--99999999999.example.org/", null)]
    [TestCase("https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.org/", "no name")]
    [TestCase("https://ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää.example.org/", "no name")]
    public void What_is_wrong_with_a_host_is_said_of_it(string url, string? said)
    {
        _ = PublicUrl.TryReadPage(url, isOwnNetworkAllowed: false, out _, out string? wrong);

        Assert.That(wrong, said is null ? Is.Null : Does.Contain(said));
    }

    [Test]
    public void Where_that_is_allowed_ones_own_network_is_asked_too() =>
        Assert.That(PublicUrl.TryReadPage("http://127.0.0.1:5000/a", isOwnNetworkAllowed: true, out _, out string? wrong), Is.True, wrong);
}
