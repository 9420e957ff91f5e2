using Chat.Domain.Messages;
using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.Domain.Tests.Messages;

/// <summary>R-080, R-082, R-046: what a message is beside its text, protocol-spec.md §6.35.</summary>
public sealed class MessageContentTests : WorldFixture
{
    private const string Card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Bert\r\nTEL;TYPE=cell:+49170\r\nNOTE:one\r\n two\r\nEND:VCARD\r\n";
    private static readonly WireMedia Jpeg = new("b-1_A", "image/jpeg", 9, "a.jpg", 3, 2, null, "LEHV6nWB", []);
    private static readonly WireContent Image = new(ContentKind.Image, null, [], Jpeg, null, null);
    private static readonly WireContent Place = new(ContentKind.Location, null, [], null, new WireLocation(0, 36_000_000_000, "There"), null);
    private static readonly WireContent Contact = new(ContentKind.Contact, 1, [], null, null, Card);

    private static WireContent Text(params WireMark[] marks) => new(ContentKind.Text, null, marks, null, null, null);

    public static IEnumerable<TestCaseData> Good()
    {
        yield return new TestCaseData("hello @Bert 😀", Text(new(MarkKind.Bold, 0, 5), new(MarkKind.Mention, 6, 5, 13), new(MarkKind.Code, 12, 2))).SetArgDisplayNames("marks");
        yield return new TestCaseData("hello", new WireContent(ContentKind.Text, 255, [], null, null, null)).SetArgDisplayNames("forwarded");
        yield return new TestCaseData("the harbour", Image with { Marks = [new(MarkKind.Italic, 0, 3)] }).SetArgDisplayNames("image with caption");
        yield return new TestCaseData("", Image with { Kind = ContentKind.Document, Media = Jpeg with { ContentType = "application/pdf" } }).SetArgDisplayNames("document");
        yield return new TestCaseData("", new WireContent(ContentKind.Voice, null, [], new WireMedia("v", "audio/ogg", 5, null, null, null, 4_200, null, [0, 255]), null, null))
            .SetArgDisplayNames("voice");
        yield return new TestCaseData("", Place).SetArgDisplayNames("location");
        yield return new TestCaseData("", Contact).SetArgDisplayNames("contact");
    }

    [TestCaseSource(nameof(Good)), CancelAfter(30_000)]
    public async Task A_content_is_pushed_and_read_as_it_was_sent(string text, WireContent content, CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        content = await WithFileAsync(anna, chatId, content);
        SendMessageInput input = new(chatId, Guid.NewGuid(), text, null, content);

        SentMessage sent = (await World.Send.ExecuteAsync(anna, input).AsTask().WaitAsync(ct)).Value;
        SentMessage again = (await World.Send.ExecuteAsync(anna, input).AsTask().WaitAsync(ct)).Value;

        EventRow told = World.Events.Committed.First(row => row.ChatId == chatId && row.Sequence == sent.Sequence);
        EventRow repaired = (await new EventStore(World.Source).ReadRangeAsync(chatId, sent.Sequence, sent.Sequence, ct)).Single();
        EventRow shown = (await World.ReadHistory.ExecuteAsync(bert, chatId, sent.Sequence - 1, null, 1, ct)).Value.Events.Single();
        Assert.That(again, Is.EqualTo(sent));
        foreach (EventRow row in (EventRow[])[told, repaired, shown])
        {
            WireContent read = row.ToWire().Content!;
            Assert.That(read with { Marks = content.Marks, Media = content.Media }, Is.EqualTo(content));
            Assert.That(read.Marks, Is.EqualTo(content.Marks));
            Assert.That(read.Media?.Waveform, Is.EqualTo(content.Media?.Waveform));
            WireMedia? media = read.Media is { } file ? file with { Waveform = content.Media!.Value.Waveform } : null;
            Assert.That(media, Is.EqualTo(content.Media));
        }
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task The_same_id_with_another_content_is_refused_one_by_one_and_in_a_batch(CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await PairAsync();
        SendMessageInput input = new(chatId, Guid.NewGuid(), "x", null, Place);
        Task<Result<SentMessage>>[] atOnce =
        [
            .. Enumerable.Range(0, 10).Select(i => World.Send.ExecuteAsync(anna, input with { Content = i < 5 ? Place : Contact }).AsTask()),
        ];

        Result<SentMessage>[] answers = await Task.WhenAll(atOnce).WaitAsync(ct);

        Assert.That(answers[..5].Select(answer => answer.IsOk), Is.All.True);
        Assert.That(answers[5..].Select(answer => answer.Failure?.Code), Is.All.EqualTo(ErrorCode.ClientMessageIdReused));
        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, input with { Content = null }).AsTask().WaitAsync(ct), ErrorCode.ClientMessageIdReused, "client_message_id");
    }

    [Test, CancelAfter(30_000)]
    public async Task An_edit_keeps_the_content_without_its_marks_and_a_deletion_takes_it(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        WireContent image = await WithFileAsync(anna, chatId, Image);
        SendMessageInput input = new(chatId, Guid.NewGuid(), "the harbour", null, image with { Marks = [new(MarkKind.Italic, 0, 3)] });
        long message = (await World.Send.ExecuteAsync(anna, input).AsTask().WaitAsync(ct)).Value.Sequence;
        async Task<WireContent?> ShownAsync() =>
            (await World.ReadHistory.ExecuteAsync(bert, chatId, message - 1, null, 1, ct)).Value.Events.Single().ToWire().Content;

        await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "our harbour", ct);
        WireContent? edited = await ShownAsync();
        await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, ct);

        Assert.That((edited!.Kind, edited.Marks.Count, edited.Media!.Value.BlobId), Is.EqualTo((ContentKind.Image, 0, image.Media!.Value.BlobId)));
        Assert.That(await ShownAsync(), Is.Null);
    }

    public static IEnumerable<TestCaseData> Bad()
    {
        (string Name, string Text, WireContent Content)[] cases =
        [
            ("kind 0", "x", Text() with { Kind = ContentKind.None }),
            ("unknown kind", "x", Text() with { Kind = (ContentKind)9 }),
            ("forwarded 0", "x", Text() with { Forwarded = 0 }),
            ("forwarded 256", "x", Text() with { Forwarded = 256 }),
            ("text with media", "x", Text() with { Media = Jpeg }),
            ("image without media", "x", Image with { Media = null }),
            ("image that is audio", "x", Image with { Media = Jpeg with { ContentType = "audio/ogg" } }),
            ("content type with parameters", "x", Image with { Media = Jpeg with { ContentType = "image/png; x=1" } }),
            ("no content type", "x", Image with { Media = Jpeg with { ContentType = "image/" } }),
            ("blob id with a path", "x", Image with { Media = Jpeg with { BlobId = "../etc/passwd" } }),
            ("no blob id", "x", Image with { Media = Jpeg with { BlobId = "" } }),
            ("no bytes", "x", Image with { Media = Jpeg with { Bytes = 0 } }),
            ("file name with a line break", "x", Image with { Media = Jpeg with { FileName = "a\nb" } }),
            ("no width", "x", Image with { Media = Jpeg with { Width = 0 } }),
            ("preview that is no ASCII", "x", Image with { Media = Jpeg with { Preview = "é" } }),
            ("waveform over 255", "x", Image with { Media = Jpeg with { Waveform = [256] } }),
            ("duration below 0", "x", Image with { Media = Jpeg with { DurationMs = -1 } }),
            ("long waveform", "x", Image with { Media = Jpeg with { Waveform = new long[129] } }),
            ("location without a place", "", Place with { Location = null }),
            ("place with another kind", "x", Text() with { Location = Place.Location }),
            ("north of the pole", "", Place with { Location = new WireLocation(18_000_000_001, 0) }),
            ("east of the east", "", Place with { Location = new WireLocation(0, 36_000_000_001) }),
            ("place with a NUL", "", Place with { Location = new WireLocation(0, 0, "a\0") }),
            ("contact without a card", "", Contact with { Contact = null }),
            ("card without a name", "", Contact with { Contact = "BEGIN:VCARD\nVERSION:4.0\nTEL:1\nEND:VCARD" }),
            ("card without an end", "", Contact with { Contact = "BEGIN:VCARD\nVERSION:4.0\nFN:B\nTEL:1" }),
            ("two cards", "", Contact with { Contact = Card + Card }),
            ("card of version 2.1", "", Contact with { Contact = "BEGIN:VCARD\nVERSION:2.1\nFN:B\nEND:VCARD" }),
            ("card with a NUL", "", Contact with { Contact = "BEGIN:VCARD\nVERSION:4.0\nFN:B\0\nEND:VCARD" }),
            ("large card", "", Contact with { Contact = Card.Replace("one", new string('x', 8_192), StringComparison.Ordinal) }),
            ("mark beyond the text", "x", Text(new WireMark(MarkKind.Bold, 0, 2))),
            ("mark behind the text", "x", Text(new WireMark(MarkKind.Bold, 5, 1))),
            ("mark of nothing", "x", Text(new WireMark(MarkKind.Bold, 0, 0))),
            ("mark of an unknown kind", "x", Text(new WireMark((MarkKind)6, 0, 1))),
            ("mark in a character", "😀", Text(new WireMark(MarkKind.Bold, 1, 1))),
            ("mark that ends in a character", "😀", Text(new WireMark(MarkKind.Bold, 0, 1))),
            ("marks out of order", "xx", Text(new WireMark(MarkKind.Bold, 1, 1), new WireMark(MarkKind.Bold, 0, 1))),
            ("mention of nobody", "x", Text(new WireMark(MarkKind.Mention, 0, 1))),
            ("bold somebody", "x", Text(new WireMark(MarkKind.Bold, 0, 1, 13))),
            ("101 marks", new string('x', 200), Text([.. Enumerable.Range(0, 101).Select(i => new WireMark(MarkKind.Bold, i, 1))])),
            ("huge mark", "x", Text(new WireMark(MarkKind.Bold, 1, int.MaxValue))),
        ];
        foreach ((string name, string text, WireContent content) in cases) yield return new TestCaseData(text, content).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Bad)), CancelAfter(30_000)]
    public async Task What_is_not_as_the_specification_says_is_refused(string text, WireContent content, CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await PairAsync();
        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), text, null, content)).AsTask().WaitAsync(ct),
            ErrorCode.InvalidArgument, "content");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_text_needs_its_text_whatever_its_marks(CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await PairAsync();
        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), "", null, Text())).AsTask().WaitAsync(ct), ErrorCode.TextEmpty, "text");
        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), "a\0", null, Image)).AsTask().WaitAsync(ct), ErrorCode.TextHasNul, "text");
    }

    /// <summary>The content, with a file of the sender's where it has one.</summary>
    private async Task<WireContent> WithFileAsync(Caller sender, long chatId, WireContent content) => content.Media is { } media
        ? content with { Media = media with { BlobId = await World.FileAsync(sender, chatId, media.ContentType, media.Bytes) } }
        : content;

    private async Task<(Caller Anna, Caller Bert, long ChatId)> PairAsync()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        return (anna, bert, await World.DirectChatAsync(anna, bert));
    }
}
