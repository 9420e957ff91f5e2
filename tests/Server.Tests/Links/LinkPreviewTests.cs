using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Sdk;
using Chat.Server.Tests.Wire;
using Chat.Storage.Chats;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;

namespace Chat.Server.Tests.Links;

/// <summary>Cards through the C# SDK and the composed server, over two nodes, of pages of a site beside it.</summary>
[Category("postgres")]
internal sealed class LinkPreviewTests : ServerFixture
{
    private string _folder = "";
    private PageHost _site = null!;

    protected override IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?>
    {
        ["Blobs:Directory"] = Path.Combine(_folder, "media"),
        ["Media:QuotaBytes"] = "100000",
        ["LinkPreviews:AllowPrivateAddresses"] = "true",
    };

    protected override async Task PrepareAsync()
    {
        _folder = Directory.CreateTempSubdirectory("chat-links-").FullName;
        _site = await PageHost.StartAsync();
    }

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        await _site.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_card_that_one_node_made_goes_through_another_and_its_picture_is_read_by_who_reads_the_message(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct), cleo = await NewPersonAsync("Cleo", ct);
        ChatRow group = await NewGroupAsync(ct, anna, ben);
        await using WebApplication other = await StartNodeAsync();
        await using ChatClient one = Client(Url, anna), two = Client(new Uri(other.Urls.First()), anna), bens = Client(Url, ben), cleos = Client(Url, cleo);
        using WireClient hears = await WireClient.ConnectAsync(new Uri(other.Urls.First()), ct);
        await hears.HelloAsync(ben.AccessToken, ct);
        string url = _site.Url("/page").AbsoluteUri;

        LinkPreview preview = (await one.LinkPreviews.ReadAsync(url, group.ChatId, ct))!;
        Assert.That(async () => await bens.Files.LinkAsync(preview.Image!.BlobId, ct), Throws.InstanceOf<ChatException>(), "nobody was shown it yet");
        await two.ConnectAsync(ct);
        await two.Chat(group.ChatId).Send($"Look: {url}", content: new MessageContent { Kind = ContentKind.Text, Link = preview }).Sent.WaitAsync(ct);

        WireLink link = (await hears.NextEventAsync(ct)).Content!.Link!.Value;
        Assert.That((link.Url, link.Title, link.Description, link.SiteName), Is.EqualTo((url, "A harbour & more", "What is seen there.", "Example")));
        Assert.That((link.Image!.Value.BlobId, link.Image.Value.ContentType, link.Image.Value.Width), Is.EqualTo((preview.Image!.BlobId, "image/png", 300)));
        await using Stream read = await bens.Files.OpenReadAsync(preview.Image.BlobId, ct);
        using MemoryStream copy = new();
        await read.CopyToAsync(copy, ct);
        Assert.That(copy.ToArray(), Is.EqualTo(PageHost.Picture));
        Assert.That(
            async () => await cleos.Files.LinkAsync(preview.Image.BlobId, ct),
            Throws.InstanceOf<ChatException>().With.Property(nameof(ChatException.Name)).EqualTo("blob_not_found"));
        await other.StopAsync(ct);
    }

    [Test, CancelAfter(60_000)]
    public async Task Of_a_card_that_was_changed_nobody_sees_more_than_the_text(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow group = await NewGroupAsync(ct, anna, ben);
        await using ChatClient client = Client(Url, anna);
        string url = _site.Url("/title").AbsoluteUri;
        LinkPreview preview = (await client.LinkPreviews.ReadAsync(url, cancellationToken: ct))!;
        using WireClient hears = await WireClient.ConnectAsync(Url, ct);
        await hears.HelloAsync(ben.AccessToken, ct);
        await client.ConnectAsync(ct);

        MessageContent forged = new() { Kind = ContentKind.Text, Link = preview with { Title = "Your bank" } };
        OutgoingMessage message = client.Chat(group.ChatId).Send(url, content: forged);
        await message.Sent.WaitAsync(ct);

        WireEvent heard = await hears.NextEventAsync(ct);
        Assert.That((heard.Text, heard.Content?.Link, message.Content!.Link), Is.EqualTo((url, (WireLink?)null, (LinkPreview?)null)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Without_room_or_a_place_to_write_the_card_comes_without_its_picture(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow group = await NewGroupAsync(ct, ben, anna), others = await NewGroupAsync(ct, ben);
        await using ChatClient client = Client(Url, anna);
        string url = _site.Url("/page").AbsoluteUri;

        Assert.That((await client.LinkPreviews.ReadAsync(url, others.ChatId, ct))!.Image, Is.Null, "not her chat");
        Assert.That((await client.LinkPreviews.ReadAsync(url, null, ct))!.Image, Is.Null, "no chat");
        Assert.That((await client.LinkPreviews.ReadAsync(url, group.ChatId, ct))!.Image, Is.Not.Null);
        await client.Files.UploadAsync(new MemoryStream(SamplePictures.Png(94_000)), new FileUpload("a.png", group.ChatId), null, ct);
        LinkPreview full = (await client.LinkPreviews.ReadAsync(url, group.ChatId, ct))!;
        Assert.That((full.Title, full.Image), Is.EqualTo(("A harbour & more", (MessageMedia?)null)), "no room");
    }

    [Test, CancelAfter(60_000)]
    public async Task There_is_none_of_a_page_that_is_none(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        await using ChatClient client = Client(Url, anna);

        Assert.That(await client.LinkPreviews.ReadAsync(_site.Url("/gone").AbsoluteUri, cancellationToken: ct), Is.Null);
        Assert.That(await client.LinkPreviews.ReadAsync("http://127.0.0.1:1/", cancellationToken: ct), Is.Null);
        Assert.That(await client.LinkPreviews.ReadAsync("javascript:alert(1)", cancellationToken: ct), Is.Null);
    }

    private static ChatClient Client(Uri url, SignedIn person) => new(new ChatClientOptions
    {
        Url = url,
        Token = (_, _) => ValueTask.FromResult(person.AccessToken),
    });
}
