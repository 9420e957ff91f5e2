using Chat.Server.Transport;

namespace Chat.Server.Tests.Transport;

[Property("Promise", "4.3")]
public sealed class OriginPolicyTests
{
    private static readonly WebSocketOptions Options = new() { AllowedOrigins = ["https://Example.com", "http://localhost:5173", "https://xn--mnchen-3ya.example"] };

    private readonly OriginPolicy _policy = new(Options);

    [TestCase(null)]
    [TestCase("https://example.com")]
    [TestCase("https://EXAMPLE.com")]
    [TestCase("HTTPS://example.com:443")]
    [TestCase("http://localhost:5173")]
    [TestCase("https://xn--mnchen-3ya.example")]
    [TestCase("https://chat.example:8080")]
    [TestCase("http://CHAT.example:8080")]
    public void Is_let_in(string? origin) => Assert.That(_policy.IsAllowed(origin, "chat.example:8080", isTls: false));

    [TestCase("null")]
    [TestCase("")]
    [TestCase("https://evil-example.com")]
    [TestCase("https://example.com.evil.net")]
    [TestCase("https://sub.example.com")]
    [TestCase("https://example.com:444")]
    [TestCase("http://example.com")]
    [TestCase("https://example.com.")]
    [TestCase("https://user@example.com")]
    [TestCase("https://example.com@evil.net")]
    [TestCase("https://example.com/")]
    [TestCase("https://example.com/path")]
    [TestCase("https://example.com?x")]
    [TestCase("https://example.com#x")]
    [TestCase("https://example.com https://evil.net")]
    [TestCase("https://example.com:0")]
    [TestCase("https://example.com:+443")]
    [TestCase("https:/example.com")]
    [TestCase("//example.com")]
    [TestCase("example.com")]
    [TestCase("https://münchen.example")]
    [TestCase("https://localhost:5173")]
    [TestCase("http://chat.example")]
    [TestCase("http://chat.example:8081")]
    [TestCase("file://")]
    [TestCase("ftp://chat.example:8080")]
    public void Is_kept_out(string origin) => Assert.That(_policy.IsAllowed(origin, "chat.example:8080", isTls: false), Is.False);

    [Test]
    public void A_missing_port_is_the_schemes_own() => Assert.Multiple(() =>
    {
        Assert.That(_policy.IsAllowed("https://chat.example", "chat.example", isTls: true));
        Assert.That(_policy.IsAllowed("https://chat.example:443", "chat.example", isTls: true));
        Assert.That(_policy.IsAllowed("http://chat.example", "chat.example", isTls: false));
        Assert.That(_policy.IsAllowed("http://chat.example", "chat.example", isTls: true), Is.False, "a page without TLS is not of a host with it");
    });

    [Test]
    public void The_same_host_can_be_kept_out_too() =>
        Assert.That(new OriginPolicy(Options with { AllowSameHostOrigin = false }).IsAllowed("http://a", "a", isTls: false), Is.False);

    [Test]
    public void Options_name_all_their_faults_at_once()
    {
        WebSocketOptions options = new() { Path = "ws", MaxFragments = 0, AllowedOrigins = ["https://a/b", "null"] };

        Assert.That(options.Faults(), Has.Count.EqualTo(4));
        Assert.That(new WebSocketOptions().Faults(), Is.Empty);
    }
}
