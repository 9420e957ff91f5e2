using Chat.Domain.Limits;
using Chat.Domain.Links;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;

namespace Chat.Domain.Tests.Links;

/// <summary>protocol-spec.md §8.16, but for pictures and the fetching: Server.Tests/Links.</summary>
public sealed class MakeLinkPreviewTests : WorldFixture
{
    private const string Url = "https://example.org/Köln";

    private readonly Pages _pages = new();

    [Test, CancelAfter(30_000)]
    public async Task A_card_has_what_the_page_says_the_address_as_it_was_asked_for_and_a_token_that_stands_for_it(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");

        WireLink link = (await Make().ExecuteAsync(anna, Url, null, ct)).Value;

        Assert.That((link.Url, link.Title, link.Description, link.SiteName, link.Image), Is.EqualTo((Url, "Title", "Words", "Site", (WireMedia?)null)));
        Assert.That(World.Links.Judge(link), Is.Null);
        Assert.That(_pages.Asked, Is.EqualTo("https://example.org/K%C3%B6ln"));
    }

    [TestCase("http://127.0.0.1/")]
    [TestCase("https://example.org:8080/")]
    [TestCase("example.org")]
    [CancelAfter(30_000)]
    public async Task An_address_that_is_none_is_refused_and_not_asked(string url, CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");

        FailureAssert.Failed(await Make().ExecuteAsync(anna, url, null, ct), ErrorCode.UrlRefused, "url");
        Assert.That(_pages.Asked, Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task What_cannot_be_had_and_what_has_only_a_picture_that_is_not_wanted_is_one_answer(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        _pages.Page = null;
        Result<WireLink> none = await Make().ExecuteAsync(anna, Url, null, ct);
        _pages.Page = new LinkPage(null, null, "Site", new LinkImage([1], "png", null, null));
        Result<WireLink> picture = await Make().ExecuteAsync(anna, Url, null, ct);

        FailureAssert.Failed(none, ErrorCode.PreviewUnavailable, "url");
        Assert.That(picture.Failure, Is.EqualTo(none.Failure));
    }

    [Test, CancelAfter(30_000)]
    public async Task Turned_off_it_says_so_and_asks_nobody(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");

        Assert.That((await Make(new LinkPreviewOptions { Enabled = false }).ExecuteAsync(anna, Url, null, ct)).Failure?.Code, Is.EqualTo(ErrorCode.NotConfigured));
        Assert.That(_pages.Asked, Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task One_asks_five_times_at_once_and_twenty_a_minute_and_takes_nothing_from_others(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        RequestLimits limits = new(new LiveSettings(new LimitSettings()), World.Load, World.Fanout, World.Time);
        MakeLinkPreview make = Make(limits: limits);

        for (int n = 0; n < 5; n++) Assert.That((await make.ExecuteAsync(anna, Url, null, ct)).IsOk);
        Result<WireLink> sixth = await make.ExecuteAsync(anna, Url, null, ct);

        Assert.That((sixth.Failure?.Code, sixth.Failure?.RetryAfter), Is.EqualTo((ErrorCode.RateLimited, TimeSpan.FromSeconds(3))));
        Assert.That((await make.ExecuteAsync(bert, Url, null, ct)).IsOk);
        World.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.That((await make.ExecuteAsync(anna, Url, null, ct)).IsOk);
    }

    [SetUp]
    public void Reset() => (_pages.Page, _pages.Asked) = (new LinkPage("Title", "Words", "Site", null), null);

    private MakeLinkPreview Make(LinkPreviewOptions? options = null, RequestLimits? limits = null)
    {
        options ??= new LinkPreviewOptions();
        RequestLimits none = new(new LiveSettings(new LimitSettings { PreviewsPerMinute = 0 }), World.Load, World.Fanout, World.Time);
        return new MakeLinkPreview(new LinkCache(_pages, options, World.Time), new LinkPictures(null!), World.Links, options, limits ?? none);
    }

    private sealed class Pages : ILinkPages
    {
        public LinkPage? Page { get; set; }

        public string? Asked { get; set; }

        public Task<Result<LinkPage?>> FetchAsync(Uri url, CancellationToken ct)
        {
            Asked = url.AbsoluteUri;
            return Task.FromResult<Result<LinkPage?>>(Page);
        }
    }
}
