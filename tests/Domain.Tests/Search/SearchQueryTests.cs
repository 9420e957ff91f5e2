using Chat.Domain.Search;
using Chat.Protocol.Codes;

namespace Chat.Domain.Tests.Search;

/// <summary>R-090: what a query finds in a text, and where.</summary>
public sealed class SearchQueryTests
{
    [TestCase("hello", "Hello world", "[Hello]")]
    [TestCase("wor", "Hello world", "[wor]", Description = "the last word may be a beginning")]
    [TestCase("wor ", "Hello world", null, Description = "unless a space says that it is over")]
    [TestCase("hel wor", "Hello world", null, Description = "only the last one may")]
    [TestCase("world hello", "Hello, world: hello", "[Hello][world][hello]")]
    [TestCase("cafe", "Das CAFÉ", "[CAFÉ]")]
    [TestCase("strasse", "Hauptstraße Straße", "[Straße]")]
    [TestCase("京タ", "東京タワー", "[京タ]", Description = "any part of a script without spaces")]
    [TestCase("ทย", "ภาษาไทย", "[ทย]")]
    [TestCase("猫", "黒猫と白猫", "[猫][猫]")]
    [TestCase("東京都", "東京の京都", null, Description = "pairs that are there, and not together")]
    [TestCase("가", "각하", "[각]", Description = "a syllable that is being typed")]
    [TestCase("missing", "Hello world", null)]
    public void It_finds(string query, string text, string? highlighted)
    {
        SearchMatch? match = SearchQuery.Read(query).Value.Match(text, null);

        string? found = match is null
            ? null
            : string.Concat(match.Highlights.Select(range => $"[{text.Substring(range.Start, range.Length)}]"));
        Assert.That(found, Is.EqualTo(highlighted));
    }

    [Test]
    public void A_file_s_name_is_found_without_a_highlight()
    {
        SearchMatch? match = SearchQuery.Read("invoice march").Value.Match("for March", "Invoice-2026.pdf");

        Assert.That(match!.Highlights, Is.EqualTo(new[] { new TextRange(4, 5) }));
    }

    [Test]
    public void Whole_words_in_their_order_are_the_better_match()
    {
        SearchQuery query = SearchQuery.Read("red car").Value;

        int ordered = query.Match("a red car", null)!.Score, turned = query.Match("the car is red", null)!.Score, begun = query.Match("red carpet", null)!.Score;

        Assert.That(ordered, Is.GreaterThan(turned));
        Assert.That(turned, Is.GreaterThan(begun).Or.GreaterThan(query.Match("carpet, red", null)!.Score));
    }

    [Test]
    public void It_is_bounded()
    {
        FailureAssert.Failed(SearchQuery.Read(new string('a', 257)), ErrorCode.InvalidArgument, "q");
        FailureAssert.Failed(SearchQuery.Read(string.Join(' ', Enumerable.Range(0, 17))), ErrorCode.InvalidArgument, "q");
        FailureAssert.Failed(SearchQuery.Read("a\uD800"), ErrorCode.InvalidArgument, "q");
        FailureAssert.Failed(SearchQuery.Read("a\0b"), ErrorCode.InvalidArgument, "q");
        Assert.That(SearchQuery.Read("… !").Value.IsEmpty);
        Assert.That(
            SearchQuery.Read("a").Value.Match(string.Join(' ', Enumerable.Repeat("ab", 500)), null)!.Highlights,
            Has.Count.EqualTo(SearchQuery.MaxHighlights));
    }

    [Test]
    public void The_index_is_asked_for_what_it_holds()
    {
        var plan = SearchQuery.Read("red 東京タ 猫 ca").Value.Plan(["@7"], []);

        Assert.That(plan.Words, Is.EquivalentTo(new[] { "@7", "red", "東京", "京タ" }));
        Assert.That(plan.Prefix, Is.EqualTo("ca"));
    }
}
