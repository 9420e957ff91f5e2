using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Chat.Domain;
using Chat.Domain.Links;
using Chat.Protocol.Codes;
using Chat.Server.Links;
using Chat.Server.Outside;
using Chat.Server.Tests.Push;
using Microsoft.AspNetCore.Builder;

namespace Chat.Server.Tests.Links;

/// <summary>What pages do costs little, and leads nowhere but where anybody may look (promises: egress).</summary>
[TestFixture, Parallelizable(ParallelScope.Self)]
internal sealed class LinkFetcherTests
{
    private static readonly IPAddress Outside = IPAddress.Parse("127.0.0.1"), Inside = IPAddress.Parse("127.0.0.2");

    private PageHost _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _host = await PageHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [SetUp]
    public void Forget() => _host.Asked.Clear();

    [TestCase("/page")]
    [TestCase("/gzip")]
    [TestCase("/br")]
    [TestCase("/hop/2")]
    [CancelAfter(30_000)]
    public async Task A_page_and_its_picture(string path, CancellationToken ct)
    {
        LinkPage page = (await FetchAsync(path, ct))!;

        Assert.That((page.Title, page.Description, page.SiteName), Is.EqualTo(("A harbour & more", "What is seen there.", "Example")));
        Assert.That(page.Image!.Bytes, Is.EqualTo(PageHost.Picture));
        Assert.That((page.Image.Extension, page.Image.Width, page.Image.Height), Is.EqualTo(("png", 300, 200)));
    }

    [Test, CancelAfter(30_000)]
    public async Task Nothing_is_said_of_who_asks(CancellationToken ct)
    {
        using LinkFetcher fetcher = Fetcher();
        await fetcher.FetchAsync(_host.Url("/page"), ct);
        await fetcher.FetchAsync(_host.Url("/page"), ct);

        Assert.That(_host.Asked, Has.Count.EqualTo(4));
        foreach ((_, Microsoft.AspNetCore.Http.IHeaderDictionary headers) in _host.Asked)
        {
            Assert.That(headers.Keys, Is.EquivalentTo(new[] { "Host", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding" }));
            Assert.That(headers.UserAgent.ToString(), Does.StartWith("ChatLinkPreview/"));
            Assert.That(headers.AcceptLanguage.ToString(), Is.EqualTo("*"));
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task A_picture_has_its_file_name_for_a_title(CancellationToken ct)
    {
        LinkPage page = (await FetchAsync("/files/a%20view.png", ct))!;

        Assert.That((page.Title, page.Description, page.Image!.Extension), Is.EqualTo(("a view.png", (string?)null, "png")));
    }

    [TestCase("/svg")]
    [TestCase("/text")]
    [TestCase("/nothing")]
    [TestCase("/gone")]
    [TestCase("/liar.png")]
    [TestCase("/large.png")]
    [TestCase("/bomb.png")]
    [TestCase("/deflate")]
    [TestCase("/twice")]
    [TestCase("/broken")]
    [TestCase("/brokenbr")]
    [TestCase("/hollow")]
    [TestCase("/hop/3")]
    [TestCase("/nowhere")]
    [CancelAfter(30_000)]
    public async Task There_is_no_card_of(string path, CancellationToken ct) => Assert.That(await FetchAsync(path, ct), Is.Null);

    [TestCase("/with?image=/gone")]
    [TestCase("/with?image=/svg")]
    [TestCase("/with?image=/liar.png")]
    [TestCase("/with?image=/large.png")]
    [TestCase("/with?image=/bomb.png")]
    [TestCase("/with?image=http://[bad")]
    [TestCase("/with?image=file:///etc/passwd")]
    [TestCase("/with?image=data:image/png;base64,AAAA")]
    [CancelAfter(30_000)]
    public async Task Where_the_picture_is_none_the_page_has_its_words(string path, CancellationToken ct)
    {
        LinkPage page = (await FetchAsync(path, ct))!;

        Assert.That((page.Title, page.Image), Is.EqualTo(("T", (LinkImage?)null)));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_picture_of_two_mebibytes_is_taken(CancellationToken ct) =>
        Assert.That((await FetchAsync("/with?image=/largest.png", ct))!.Image!.Bytes, Has.Length.EqualTo(2 << 20));

    [TestCase("/endless", "Endless")]
    [TestCase("/bomb", "Bomb")]
    [TestCase("/headthendrip", "Head")]
    [CancelAfter(30_000)]
    public async Task A_body_is_read_no_further_than_its_head_and_a_mebibyte(string path, string title, CancellationToken ct) =>
        Assert.That((await FetchAsync(path, ct))!.Title, Is.EqualTo(title));

    [TestCase("/inscript")]
    [TestCase("/incomment")]
    [TestCase("/header")]
    [TestCase("/pieces")]
    [TestCase("/piecesofbody")]
    [CancelAfter(30_000)]
    public async Task A_head_ends_where_it_does_in_whatever_pieces_it_comes(string path, CancellationToken ct) =>
        Assert.That((await FetchAsync(path, ct))?.Title, Is.EqualTo("Late"));

    [TestCase("/drip", false)]
    [TestCase("/silent", false)]
    [TestCase("/with?image=/silent", true)]
    [CancelAfter(30_000)]
    public async Task A_page_that_takes_too_long_is_given_up_and_one_whose_picture_does_has_none(string path, bool hasWords, CancellationToken ct)
    {
        using LinkFetcher fetcher = Fetcher(patience: TimeSpan.FromSeconds(3)); // enough for the words on a busy machine

        LinkPage? page = (await fetcher.FetchAsync(_host.Url(path), ct)).Value;

        Assert.That((page is not null, page?.Image), Is.EqualTo((hasWords, (LinkImage?)null)));
    }

    [TestCase("http://inside.example.org:{port}/page", TestName = "to a name that leads inside")]
    [TestCase("http://127.0.0.2:{port}/page", TestName = "to a number inside")]
    [TestCase("http://2130706434:{port}/page", TestName = "to a number that is written otherwise")]
    [TestCase("http://[::ffff:127.0.0.2]:{port}/page", TestName = "to a number inside of a longer one")]
    [TestCase("http://nowhere.example.org:{port}/page", TestName = "to a name that is none")]
    [CancelAfter(30_000)]
    public async Task A_redirect_leads_to_no_address_that_may_not_be_asked(string to, CancellationToken ct)
    {
        to = to.Replace("{port}", $"{_host.Port}", StringComparison.Ordinal);

        Assert.That(await FetchAsync($"/to?url={Uri.EscapeDataString(to)}", ct), Is.Null);
        Assert.That(await FetchAsync($"/with?image={Uri.EscapeDataString(to)}", ct), Has.Property("Image").Null, "nor does a picture");
        Assert.That(_host.Asked.Select(one => one.Path), Is.EqualTo(new[] { "/to", "/with" }));
    }

    [TestCase("http://127.0.0.1/page")]
    [TestCase("http://outside.example.org:22/page")]
    [TestCase("http://outside.example.org:8080/page")]
    [TestCase("http://anna:secret@outside.example.org/page")]
    [TestCase("http://localhost/page")]
    [TestCase("ftp://outside.example.org/page")]
    [TestCase("file:///etc/passwd")]
    [TestCase("gopher://outside.example.org/")]
    [CancelAfter(30_000)]
    public async Task Nor_to_one_that_nobody_may_name(string to, CancellationToken ct)
    {
        using LinkFetcher fetcher = Fetcher(isOwnNetworkAllowed: false);

        Assert.That((await fetcher.FetchAsync(_host.Url($"/to?url={Uri.EscapeDataString(to)}"), ct)).Value, Is.Null);
        Assert.That(_host.Asked.Select(one => one.Path), Is.EqualTo(new[] { "/to" }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Of_a_name_that_leads_inside_as_well_only_the_public_address_is_asked(CancellationToken ct)
    {
        using LinkFetcher fetcher = Fetcher();

        Assert.That((await fetcher.FetchAsync(_host.Url("/title", "both.example.org"), ct)).Value, Has.Property("Title").EqualTo("Only a title"));
        Assert.That((await fetcher.FetchAsync(_host.Url("/title", "inside.example.org"), ct)).Value, Is.Null);
        Assert.That(_host.Asked, Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task Nothing_leads_out_of_encryption(CancellationToken ct)
    {
        await using PushServiceHost secure = await PushServiceHost.StartAsync(app => app.MapGet(
            "/down", () => Microsoft.AspNetCore.Http.Results.Redirect(_host.Url("/page").AbsoluteUri)));
        using LinkFetcher fetcher = new(secure.Client(), new LinkPreviewOptions { AllowPrivateAddresses = true }, TimeProvider.System);

        Assert.That((await fetcher.FetchAsync(new Uri($"{secure.Origin}/down"), ct)).Value, Is.Null);
        Assert.That(_host.Asked, Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task Where_no_turn_came_the_node_was_busy_and_nobody_is_asked_later(CancellationToken ct)
    {
        ConcurrentQueue<string> asked = new();
        TaskCompletionSource<IPAddress[]> silence = new(TaskCreationOptions.RunContinuationsAsynchronously);
        NameLookup names = new(TimeProvider.System, host =>
        {
            asked.Enqueue(host);
            return host.StartsWith("silent", StringComparison.Ordinal) ? silence.Task : Task.FromResult<IPAddress[]>([Outside]);
        });
        LinkPreviewOptions options = new() { AllowPrivateAddresses = true, Patience = TimeSpan.FromSeconds(4) };
        using LinkFetcher fetcher = new(new OutsideHttp(Outside.Equals, names), options, TimeProvider.System);
        Task<Result<LinkPage?>>[] silent = [.. Enumerable.Range(0, 4).Select(n => fetcher.FetchAsync(_host.Url("/title", $"silent{n}.example.org"), ct))];
        while (asked.Count < 4) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);

        Result<LinkPage?> late = await fetcher.FetchAsync(_host.Url("/title", "late.example.org"), ct);

        Assert.That(late.Failure?.Code, Is.EqualTo(ErrorCode.Busy));
        foreach (Task<Result<LinkPage?>> one in silent) Assert.That((await one).Value, Is.Null, "it was asked for, and nothing was heard");
        silence.SetException(new SocketException((int)SocketError.TryAgain));
        Assert.That((await fetcher.FetchAsync(_host.Url("/title", "other.example.org"), ct)).Value?.Title, Is.EqualTo("Only a title"));
        Assert.That(asked, Does.Not.Contain("late.example.org"), "who gave up stands in no queue");
        Assert.That((await fetcher.FetchAsync(_host.Url("/title", "late.example.org"), ct)).Value?.Title, Is.EqualTo("Only a title"));
    }

    private async Task<LinkPage?> FetchAsync(string path, CancellationToken ct)
    {
        using LinkFetcher fetcher = Fetcher();
        return (await fetcher.FetchAsync(_host.Url(path), ct)).Value;
    }

    /// <summary>One for which 127.0.0.1 is the internet, and the rest of 127.0.0.0/8 the network that must not be asked.</summary>
    private static LinkFetcher Fetcher(TimeSpan? patience = null, bool isOwnNetworkAllowed = true)
    {
        NameLookup names = new(TimeProvider.System, host => Task.FromResult<IPAddress[]>(host switch
        {
            "outside.example.org" => [Outside],
            "inside.example.org" => [Inside],
            "both.example.org" => [Inside, Outside],
            _ => [],
        }));
        LinkPreviewOptions options = new() { AllowPrivateAddresses = isOwnNetworkAllowed, Patience = patience ?? TimeSpan.FromSeconds(20) };
        return new LinkFetcher(new OutsideHttp(Outside.Equals, names), options, TimeProvider.System);
    }
}
