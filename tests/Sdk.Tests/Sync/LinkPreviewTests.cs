using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Cards of pages, protocol-spec.md §6.43 and §8.16.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class LinkPreviewTests
{
    private const string Url = "https://example.org/a?b=ü";

    private const string Made =
        """
        {"url":"https://example.org/a?b=ü","title":"A harbour","description":null,"siteName":"Example",
         "image":{"blobId":"b1","contentType":"image/png","bytes":9,"fileName":null,"width":3,"height":2,"durationMs":null,"preview":null,"waveform":[]},
         "token":"AAECAwQFBgcICQoLDA0ODw"}
        """;

    [Test, CancelAfter(10_000)]
    public async Task A_card_goes_into_a_message_as_the_service_made_it(CancellationToken ct)
    {
        List<string> calls = [];
        using FakeRest rest = new((request, body) =>
        {
            calls.Add($"{request.Method} {request.RequestUri!.PathAndQuery} {body}");
            return (200, Made);
        });
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });

        LinkPreview preview = (await world.Client.LinkPreviews.ReadAsync(Url, 7, ct))!;
        await world.Chat.Send($"Look: {Url}", content: new MessageContent { Kind = ContentKind.Text, Link = preview }).Sent.WaitAsync(ct);

        WireLink stored = world.Server.Log().Events[^1].Content!.Link!.Value;
        Assert.That(calls, Is.EqualTo(new[] { $$"""POST /api/link-previews {"url":"https://example.org/a?b=\u00FC","chatId":7}""" }));
        Assert.That((preview.Title, preview.Description, preview.Image!.Width, preview.Image.BlobId), Is.EqualTo(("A harbour", (string?)null, 3, "b1")));
        Assert.That((stored.Url, stored.Title, stored.SiteName, stored.Token), Is.EqualTo((Url, "A harbour", "Example", preview.Token)));
        WireMedia image = stored.Image!.Value;
        Assert.That(
            (image.BlobId, image.ContentType, image.Bytes, image.Width, image.Height, image.FileName, image.Waveform.Count),
            Is.EqualTo(("b1", "image/png", 9L, 3, 2, (string?)null, 0)));
    }

    [TestCase(ErrorCode.LinkTokenInvalid, true)]
    [TestCase(ErrorCode.BlobNotFound, true)]
    [TestCase(ErrorCode.BlobNotFound, false)]
    [TestCase(ErrorCode.NotAMember, true)]
    [CancelAfter(10_000)]
    public async Task A_card_that_is_not_taken_any_more_is_left_out_and_the_text_goes(ErrorCode code, bool hasImage, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        List<(Guid Id, bool HasLink)> tries = [];
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.SendMessage) return false;
            SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
            tries.Add((request.ClientMessageId, request.Content?.Link is not null));
            if (!tries[^1].HasLink) return false;
            connection.Send(new ErrorReply(code, "no", Retryable: false, RetryAfterMs: null), header.RequestId);
            return true;
        };
        MessageMedia image = new() { BlobId = "b1", ContentType = "image/png", Bytes = 9 };
        LinkPreview link = new() { Url = Url, Token = "t", Image = hasImage ? image : null };

        OutgoingMessage message = world.Chat.Send($"Look: {Url}", content: new MessageContent { Kind = ContentKind.Text, Forwarded = 2, Link = link });
        await world.RunUntilAsync(() => message.State is OutgoingState.Sent or OutgoingState.Failed, ct);

        bool isCard = code == ErrorCode.LinkTokenInvalid || code == ErrorCode.BlobNotFound && hasImage;
        Assert.That(message.State, Is.EqualTo(isCard ? OutgoingState.Sent : OutgoingState.Failed));
        Assert.That(tries.Select(attempt => attempt.Id).Distinct(), Is.EqualTo(new[] { message.ClientMessageId }));
        Assert.That(tries.Select(attempt => attempt.HasLink), Is.EqualTo(isCard ? [true, false] : new[] { true }));
        Assert.That((message.Content!.Forwarded, message.Content.Link is null), Is.EqualTo((2, isCard)));
    }

    [TestCase(ErrorCode.LinkTokenInvalid)]
    [TestCase(ErrorCode.BlobNotFound)]
    [CancelAfter(10_000), Property("Promise", "P5")]
    public async Task A_card_is_not_left_out_while_the_message_may_still_be_stored_with_it(ErrorCode code, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        List<SendMessageRequest> tries = [];
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.SendMessage) return false;
            SendMessageRequest.TryRead(body, out _, out SendMessageRequest request);
            tries.Add(request);
            if (tries.Count == 1) connection.Break();
            if (tries.Count is 2 or 3) connection.Send(new ErrorReply(code, "no", Retryable: false), header.RequestId);
            if (tries.Count == 3) world.Server.Store(tries[0]); // arrives, through a node that knows the key
            return tries.Count < 4;
        };
        LinkPreview link = new() { Url = Url, Token = "t", Image = new() { BlobId = "b1", ContentType = "image/png", Bytes = 9 } };

        OutgoingMessage message = world.Chat.Send($"Look: {Url}", content: new MessageContent { Kind = ContentKind.Text, Link = link });
        await world.RunUntilAsync(() => message.State is OutgoingState.Sent or OutgoingState.Failed, ct);

        Assert.That(message.State, Is.EqualTo(OutgoingState.Sent));
        Assert.That(tries.Select(attempt => attempt.Content?.Link is not null), Is.All.True);
        Assert.That(message.Content!.Link, Is.Not.Null);
        Assert.That(world.Server.Log().Events.Count(e => e.Kind == EventKind.Message && e.ClientMessageId == message.ClientMessageId), Is.EqualTo(1));
    }

    [Test]
    public void An_edit_takes_it_away_and_none_brings_it_back()
    {
        ChatMessage message = new(7, 1, 3, 12, default, $"Look: {Url}", Guid.NewGuid(), null, IsOwn: false)
        {
            Content = new MessageContent { Kind = ContentKind.Text, Link = new LinkPreview { Url = Url, Token = "t" } },
        };

        ChatMessage again = message;
        foreach ((long sequence, string text) in new[] { (4L, $"At {Url}"), (5L, "Never mind"), (6L, $"Look: {Url}") })
        {
            again = again.With(new ChatMessageChange(7, 1, sequence, EventKind.Edited, 12, default, 3, text, null, IsOwn: false));
            Assert.That((again.Text, again.Content!.Link), Is.EqualTo((text, (LinkPreview?)null)));
        }
    }

    [TestCase(236, "preview_unavailable", 404)]
    [TestCase(237, "url_refused", 400)]
    [CancelAfter(10_000)]
    public async Task Where_there_is_none_the_message_goes_without(int code, string name, int status, CancellationToken ct)
    {
        using FakeRest rest = new((_, _) => (status, FakeRest.Problem(code, name)));
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });

        Assert.That(await world.Client.LinkPreviews.ReadAsync(Url, cancellationToken: ct), Is.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task What_may_be_otherwise_later_is_told(CancellationToken ct)
    {
        using FakeRest rest = new((_, _) => (501, FakeRest.Problem(307, "not_configured")));
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });

        Assert.That(
            async () => await world.Client.LinkPreviews.ReadAsync(Url, cancellationToken: ct),
            Throws.InstanceOf<ChatException>().With.Property(nameof(ChatException.Name)).EqualTo("not_configured"));
    }
}
