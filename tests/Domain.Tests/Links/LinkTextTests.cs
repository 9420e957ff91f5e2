using Chat.Domain.Links;

namespace Chat.Domain.Tests.Links;

/// <summary>protocol-spec.md §8.16: a card stands only over a text that links to its page.</summary>
public sealed class LinkTextTests
{
    private const string Url = "https://bank.example";

    [TestCase(Url)]
    [TestCase($"see {Url}")]
    [TestCase($"see {Url}!?")]
    [TestCase($"({Url}).")]
    [TestCase($"[here]({Url})")]
    [TestCase($"\"{Url}\"")]
    [TestCase($"<{Url}>")]
    [TestCase($"*{Url}*")]
    [TestCase($"{Url}.evil.example or {Url}")]
    [TestCase($"xhttps://a/{Url}", Description = "a letter before: the first is no link")]
    [TestCase($"http:// {Url}")]
    [TestCase($"{Url}\u3000more")]
    [TestCase($"{Url}\uFEFFmore")]
    public void The_text_links_to_it(string text) => Assert.That(LinkText.Has(text, Url));

    [TestCase("nothing")]
    [TestCase("")]
    [TestCase($"{Url}.evil.example")]
    [TestCase($"{Url}@evil.example")]
    [TestCase($"{Url}:8080")]
    [TestCase($"{Url}-login.example")]
    [TestCase($"{Url}/")]
    [TestCase($"{Url}).evil.example")]
    [TestCase($"x{Url}")]
    [TestCase($"ü{Url}")]
    [TestCase($"7{Url}")]
    [TestCase($"Ⅷ{Url}")]
    [TestCase($"𝒜{Url}", Description = "a letter of two UTF-16 units")]
    [TestCase($"https://evil.example/?to={Url}")]
    [TestCase($"HTTP://evil.example/{Url}")]
    [TestCase("HTTPS://bank.example")]
    public void The_text_does_not_link_to_it(string text) => Assert.That(LinkText.Has(text, Url), Is.False);

    [TestCase("https://example.org/a_(b)", "(https://example.org/a_(b))")]
    [TestCase("HTTP://Example.org/x", "HTTP://Example.org/x, and more")]
    [TestCase("https://example.org/a?b=ü&c=%20#d", "https://example.org/a?b=ü&c=%20#d.")]
    public void What_a_client_finds_as_the_first_link_is_one(string url, string text) => Assert.That(LinkText.Has(text, url));
}
