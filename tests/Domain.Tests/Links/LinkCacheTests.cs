using System.Collections.Concurrent;
using Chat.Domain.Links;
using Chat.Protocol.Codes;
using Chat.TestKit;

namespace Chat.Domain.Tests.Links;

/// <summary>A page that many link to is asked for once, and what is remembered has bounds.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class LinkCacheTests
{
    private const long Anna = 1, Bert = 2;

    private static readonly LinkPage Page = new("Title", null, null, null);

    private readonly FakeTimeProvider _time = new();
    private readonly Pages _pages = new();

    [Test, CancelAfter(10_000)]
    public async Task Who_asks_meanwhile_waits_for_the_same_answer_and_who_gives_up_leaves_it_to_the_others(CancellationToken ct)
    {
        LinkCache cache = Cache();
        using CancellationTokenSource givesUp = new();
        Task<Result<LinkPage?>> first = cache.GetAsync(Url(1), Anna, givesUp.Token), second = cache.GetAsync(Url(1), Anna, ct);
        await givesUp.CancelAsync();
        _pages.Answer(Url(1), Page);

        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await second).Value, Is.EqualTo(Page));
        Assert.That((await cache.GetAsync(Url(1), Anna, ct)).Value, Is.EqualTo(Page));
        Assert.That(_pages.Asked, Is.EqualTo(new[] { Url(1) }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_page_is_remembered_for_five_minutes_and_that_there_is_none_for_half_of_one(CancellationToken ct)
    {
        LinkCache cache = Cache();
        _pages.Answer(Url(1), Page);
        _pages.Answer(Url(2), null);
        await AskAsync(cache, ct, 1, 2);
        _time.Advance(TimeSpan.FromSeconds(29));
        await AskAsync(cache, ct, 1, 2);
        Assert.That(_pages.Asked, Has.Count.EqualTo(2));
        _time.Advance(TimeSpan.FromSeconds(2));
        await AskAsync(cache, ct, 1, 2);
        Assert.That(_pages.Asked, Is.EqualTo(new[] { Url(1), Url(2), Url(2) }));
        _time.Advance(TimeSpan.FromMinutes(5));
        await AskAsync(cache, ct, 1);
        Assert.That(_pages.Asked, Has.Count.EqualTo(4));
    }

    [Test, CancelAfter(10_000)]
    public async Task Only_so_many_are_fetched_at_once_and_what_is_known_is_answered_meanwhile(CancellationToken ct)
    {
        LinkCache cache = Cache();
        _pages.Answer(Url(9), Page);
        await AskAsync(cache, ct, 9);
        Task<Result<LinkPage?>>[] fetching = [.. Enumerable.Range(1, 2).Select(n => cache.GetAsync(Url(n), Anna, ct))];

        Result<LinkPage?> more = await cache.GetAsync(Url(3), Bert, ct);

        Assert.That(more.Failure?.Code, Is.EqualTo(ErrorCode.Busy));
        Assert.That(more.Failure?.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        Assert.That((await cache.GetAsync(Url(9), Anna, ct)).IsOk);
        foreach (int n in (int[])[1, 2, 3]) _pages.Answer(Url(n), Page);
        await Task.WhenAll(fetching);
        Assert.That((await cache.GetAsync(Url(3), Anna, ct)).Value, Is.EqualTo(Page));
    }

    [Test, CancelAfter(10_000)]
    public async Task The_oldest_goes_for_the_257th_page(CancellationToken ct)
    {
        LinkCache cache = Cache();
        for (int n = 0; n <= 256; n++)
        {
            _pages.Answer(Url(n), Page);
            await AskAsync(cache, ct, n);
        }

        await AskAsync(cache, ct, 1, 256);
        Assert.That(_pages.Asked, Has.Count.EqualTo(257));
        await AskAsync(cache, ct, 0);
        Assert.That(_pages.Asked, Has.Count.EqualTo(258));
    }

    [Test, CancelAfter(10_000)]
    public async Task And_pictures_take_16_MiB_of_all(CancellationToken ct)
    {
        LinkCache cache = Cache();
        LinkImage image = new(new byte[2 << 20], "png", null, null);
        for (int n = 0; n <= 8; n++)
        {
            _pages.Answer(Url(n), Page with { Image = image });
            await AskAsync(cache, ct, n);
        }

        await AskAsync(cache, ct, 1);
        Assert.That(_pages.Asked, Has.Count.EqualTo(9));
        await AskAsync(cache, ct, 0);
        Assert.That(_pages.Asked, Has.Count.EqualTo(10));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_fault_is_told_to_who_waits_and_gives_its_turn_back(CancellationToken ct)
    {
        LinkCache cache = new(_pages, new LinkPreviewOptions { MaxAtOnce = 1 }, _time);
        Task<Result<LinkPage?>> asked = cache.GetAsync(Url(1), Anna, ct);
        _pages.Fail(Url(1));
        Assert.That(async () => await asked, Throws.InstanceOf<NotSupportedException>());

        _pages.Answer(Url(2), Page);
        Assert.That((await cache.GetAsync(Url(2), Anna, ct)).IsOk);
    }

    [Test, CancelAfter(10_000)]
    public async Task One_has_two_fetched_at_once_and_takes_no_turn_of_others(CancellationToken ct)
    {
        LinkCache cache = new(_pages, new LinkPreviewOptions(), _time);
        Task<Result<LinkPage?>>[] annas = [.. Enumerable.Range(1, 2).Select(n => cache.GetAsync(Url(n), Anna, ct))];

        Assert.That((await cache.GetAsync(Url(3), Anna, ct)).Failure?.Code, Is.EqualTo(ErrorCode.Busy));
        Task<Result<LinkPage?>> same = cache.GetAsync(Url(1), Bert, ct), berts = cache.GetAsync(Url(3), Bert, ct);
        Task<Result<LinkPage?>> waits = cache.GetAsync(Url(3), Anna, ct);
        foreach (int n in (int[])[1, 2, 3]) _pages.Answer(Url(n), Page);

        foreach (Task<Result<LinkPage?>> one in (Task<Result<LinkPage?>>[])[.. annas, same, berts, waits]) Assert.That((await one).Value, Is.EqualTo(Page));
        _pages.Answer(Url(4), Page);
        Assert.That((await cache.GetAsync(Url(4), Anna, ct)).IsOk, "hers are back");
    }

    [Test, CancelAfter(10_000)]
    public async Task That_this_node_did_not_come_to_ask_is_told_to_who_waits_and_not_remembered(CancellationToken ct)
    {
        LinkCache cache = Cache();
        Task<Result<LinkPage?>> asked = cache.GetAsync(Url(1), Anna, ct);
        _pages.BeBusy(Url(1));
        Assert.That((await asked).Failure?.Code, Is.EqualTo(ErrorCode.Busy));

        _pages.Forget(Url(1));
        _pages.Answer(Url(1), Page);
        Assert.That((await cache.GetAsync(Url(1), Anna, ct)).Value, Is.EqualTo(Page));
        Assert.That(_pages.Asked, Has.Count.EqualTo(2));
    }

    private static Uri Url(int n) => new($"https://example.org/{n}");

    private static async Task AskAsync(LinkCache cache, CancellationToken ct, params int[] pages)
    {
        foreach (int n in pages) Assert.That((await cache.GetAsync(Url(n), Anna, ct)).IsOk);
    }

    private LinkCache Cache() => new(_pages, new LinkPreviewOptions { MaxAtOnce = 2 }, _time);

    private sealed class Pages : ILinkPages
    {
        private readonly ConcurrentDictionary<Uri, TaskCompletionSource<Result<LinkPage?>>> _answers = new();

        public ConcurrentQueue<Uri> Asked { get; } = new();

        public Task<Result<LinkPage?>> FetchAsync(Uri url, CancellationToken ct)
        {
            Asked.Enqueue(url);
            return Of(url).Task;
        }

        public void Answer(Uri url, LinkPage? page) => Of(url).TrySetResult(page);

        public void BeBusy(Uri url) => Of(url).TrySetResult(Failures.Busy(TimeSpan.FromSeconds(1)));

        public void Forget(Uri url) => _answers.TryRemove(url, out _);

        public void Fail(Uri url) => Of(url).TrySetException(new NotSupportedException());

        private TaskCompletionSource<Result<LinkPage?>> Of(Uri url) =>
            _answers.GetOrAdd(url, _ => new TaskCompletionSource<Result<LinkPage?>>(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
