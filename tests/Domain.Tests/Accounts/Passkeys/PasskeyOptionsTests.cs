using Chat.Domain.Accounts.Passkeys;

namespace Chat.Domain.Tests.Accounts.Passkeys;

[Parallelizable]
public sealed class PasskeyOptionsTests
{
    [TestCase("localhost", "", "http://localhost:5000", true)]
    [TestCase("localhost", "", "https://localhost", true)]
    [TestCase("localhost", "", "http://localhost.example.org", false)]
    [TestCase("localhost", "", "ftp://localhost", false)]
    [TestCase("localhost", "", "http://localhost:5000/", false)]
    [TestCase("localhost", "", "null", false)]
    [TestCase("example.org", "", "https://example.org", true)]
    [TestCase("example.org", "", "http://example.org", false)]
    [TestCase("example.org", "", "https://chat.example.org", false)]
    [TestCase("example.org", "https://chat.example.org", "https://chat.example.org", true)]
    [TestCase("example.org", "https://chat.example.org", "https://example.org", false)]
    [TestCase("example.org", "https://chat.example.org", "https://chat.example.org:8443", false)]
    [TestCase("example.org", "android:apk-key-hash:abc", "android:apk-key-hash:abc", true)]
    public void An_origin_is_one_that_was_named_or_the_domains_own(string domain, string named, string origin, bool isAllowed)
    {
        PasskeyOptions options = new() { ServerDomain = domain, Origins = named.Length == 0 ? [] : [named] };

        Assert.That(options.Validate(), Is.Empty);
        Assert.That(options.Allows(origin), Is.EqualTo(isAllowed));
    }

    [TestCase("", "https://example.org", "Passkeys:ServerDomain is not set")]
    [TestCase("Example.org", "", "'Example.org'")]
    [TestCase("example", "", "'example'")]
    [TestCase("example.org:443", "", "'example.org:443'")]
    [TestCase("https://example.org", "", "'https://example.org'")]
    [TestCase("192.0.2.1", "", "'192.0.2.1'")]
    [TestCase("example.org.", "", "'example.org.'")]
    [TestCase("bücher.example", "", "(xn--…)")]
    [TestCase("example.org", "https://example.org/", "'https://example.org/'")]
    [TestCase("example.org", "https://Example.org", "'https://Example.org'")]
    [TestCase("example.org", "http://example.org", "'http://example.org'")]
    [TestCase("example.org", "example.org", "'example.org'")]
    [TestCase("example.org", "https://example.com", "not of Passkeys:ServerDomain 'example.org'")]
    [TestCase("example.org", "https://badexample.org", "not of Passkeys:ServerDomain 'example.org'")]
    public void What_browsers_would_refuse_is_a_fault_that_is_named(string domain, string origin, string fault)
    {
        PasskeyOptions options = new() { ServerDomain = domain, Origins = origin.Length == 0 ? [] : [origin] };

        Assert.That(options.Validate(), Has.Exactly(1).Items);
        Assert.That(options.Validate(), Has.All.Contains(fault));
    }

    [Test]
    public void Nothing_is_on_where_nothing_is_set()
    {
        Assert.That(new PasskeyOptions().Validate(), Is.Empty);
        Assert.That(new PasskeyOptions().IsOn, Is.False);
    }
}
