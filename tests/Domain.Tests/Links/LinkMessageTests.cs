using Chat.Domain.Links;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Domain.Scheduled;
using Chat.Domain.Statuses;
using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Media;
using Chat.Storage.Messages;
using Chat.Storage.Statuses;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Domain.Tests.Links;

/// <summary>protocol-spec.md §6.43: the card of a page in a message is as the service made it, or is not there.</summary>
public sealed class LinkMessageTests : WorldFixture
{
    private const string Url = "https://example.org/a?b=ü";
    private const long Bytes = 9;

    private static readonly WireMedia NoImage = new("0123456789abcdef0123456789abcdef", "image/png", 1, null, null, null, null, null, []);

    [Test, CancelAfter(30_000)]
    public async Task A_card_is_shown_as_it_was_made_and_its_picture_opens_for_who_reads_the_message_and_nobody_else()
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        Caller cleo = await World.PersonAsync("Cleo");
        WireLink link = World.Links.Sign(Link() with { Image = await ImageAsync(anna, chatId) });

        SentMessage sent = (await World.Send.ExecuteAsync(anna, Message(chatId, link))).Value;

        Assert.That((await ShownAsync(bert, chatId)).Content?.Link, Is.EqualTo(link).Using<WireLink>(Same));
        Assert.That(await MayReadAsync(bert, link));
        Assert.That(await MayReadAsync(cleo, link), Is.False);
        Assert.That((await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), sent.Sequence, default)).IsOk);
        Assert.That((await ShownAsync(bert, chatId)).Content, Is.Null);
        Assert.That(await MayReadAsync(bert, link), Is.False, "the picture goes with its last message");
    }

    private static IEnumerable<TestCaseData> Forged()
    {
        WireMedia other = NoImage with { BlobId = "1123456789abcdef0123456789abcdef" };
        yield return new TestCaseData((WireLink link) => link with { Title = "Your bank" }).SetArgDisplayNames("another title");
        yield return new TestCaseData((WireLink link) => link with { Title = null, Description = link.Title + link.Description }).SetArgDisplayNames("the title moved");
        yield return new TestCaseData((WireLink link) => link with { Title = null }).SetArgDisplayNames("no title");
        yield return new TestCaseData((WireLink link) => link with { Description = null }).SetArgDisplayNames("no description");
        yield return new TestCaseData((WireLink link) => link with { SiteName = "Bank" }).SetArgDisplayNames("another site");
        yield return new TestCaseData((WireLink link) => link with { Url = "https://example.org" }).SetArgDisplayNames("another address");
        yield return new TestCaseData((WireLink link) => link with { Image = null }).SetArgDisplayNames("no image");
        yield return new TestCaseData((WireLink link) => link with { Image = other }).SetArgDisplayNames("another image");
        yield return new TestCaseData((WireLink link) => link with { Image = NoImage with { Width = 1 } }).SetArgDisplayNames("another width");
        yield return new TestCaseData((WireLink link) => link with { Image = NoImage with { ContentType = "image/gif" } }).SetArgDisplayNames("another type");
        yield return new TestCaseData((WireLink link) => link with { Token = "" }).SetArgDisplayNames("no token");
        yield return new TestCaseData((WireLink link) => link with { Token = link.Token + "AA" }).SetArgDisplayNames("a longer token");
        yield return new TestCaseData((WireLink link) => link with { Token = new string('=', 22) }).SetArgDisplayNames("no base64url");
        yield return new TestCaseData((WireLink link) => link with { Token = (link.Token[0] == 'A' ? "B" : "A") + link.Token[1..] }).SetArgDisplayNames("another token");
    }

    [TestCaseSource(nameof(Forged)), CancelAfter(30_000)]
    public async Task What_the_service_did_not_make_is_refused(Func<WireLink, WireLink> change)
    {
        (Caller anna, _, long chatId) = await PairAsync();
        WireLink link = World.Links.Sign(Link() with { Image = NoImage });
        Assert.That(World.Links.Judge(link), Is.Null);

        FailureAssert.Failed(await World.Send.ExecuteAsync(anna, Message(chatId, change(link))), ErrorCode.LinkTokenInvalid, "content");
    }

    private static IEnumerable<TestCaseData> OddPictures()
    {
        yield return new TestCaseData(NoImage with { FileName = "a.png" }).SetArgDisplayNames("a file name");
        yield return new TestCaseData(NoImage with { Waveform = [1] }).SetArgDisplayNames("a waveform");
        yield return new TestCaseData(NoImage with { Preview = "LEHV6nWB2yk8" }).SetArgDisplayNames("a preview");
        yield return new TestCaseData(NoImage with { DurationMs = 1 }).SetArgDisplayNames("a duration");
        yield return new TestCaseData(NoImage with { DurationMs = -1 }).SetArgDisplayNames("a duration below 0");
        yield return new TestCaseData(NoImage with { Width = -1 }).SetArgDisplayNames("a width below 1");
        yield return new TestCaseData(NoImage with { Height = -1 }).SetArgDisplayNames("a height below 1");
        yield return new TestCaseData(NoImage with { ContentType = "text/html" }).SetArgDisplayNames("no picture");
        yield return new TestCaseData(NoImage with { Bytes = -1 }).SetArgDisplayNames("bytes below 1");
    }

    /// <summary>What a reader would call malformed, and close its connection for, is not stored, whatever its token.</summary>
    [TestCaseSource(nameof(OddPictures)), CancelAfter(30_000)]
    public async Task A_picture_says_what_a_picture_has_and_nothing_else(WireMedia image)
    {
        (Caller anna, _, long chatId) = await PairAsync();

        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, Message(chatId, World.Links.Sign(Link() with { Image = image }))), ErrorCode.InvalidArgument, "content");
    }

    private static IEnumerable<TestCaseData> NoneAndMinusOne()
    {
        yield return new TestCaseData(NoImage with { Width = -1 }).SetArgDisplayNames("the width");
        yield return new TestCaseData(NoImage with { Height = -1 }).SetArgDisplayNames("the height");
        yield return new TestCaseData(NoImage with { DurationMs = -1 }).SetArgDisplayNames("the duration");
        yield return new TestCaseData(NoImage with { Width = 0 }).SetArgDisplayNames("a width of 0");
    }

    [TestCaseSource(nameof(NoneAndMinusOne))]
    public void A_number_that_is_not_there_is_signed_otherwise_than_any_that_is(WireMedia image)
    {
        WireLink without = World.Links.Sign(Link() with { Image = NoImage });

        Assert.That(World.Links.Judge(without), Is.Null);
        Assert.That(World.Links.Judge(without with { Image = image })?.Code, Is.EqualTo(ErrorCode.LinkTokenInvalid));
    }

    [Test]
    public void Every_node_with_the_same_key_knows_a_card_and_one_with_another_key_does_not()
    {
        WireLink link = World.Links.Sign(Link());

        Assert.That(new LinkTokens(World.TokenOptions with { Issuer = "another node" }).Judge(link), Is.Null);
        Assert.That(new LinkTokens(World.TokenOptions with { SigningKey = new byte[32] }).Judge(link)?.Code, Is.EqualTo(ErrorCode.LinkTokenInvalid));
    }

    [TestCase(ContentKind.Text, "nothing of it", TestName = "the text does not have the address")]
    [TestCase(ContentKind.Text, Url + ".evil.example", TestName = "the text has it as the beginning of another")]
    [TestCase(ContentKind.Text, "HTTPS://example.org/a?b=ü", TestName = "the text has it in another case")]
    [TestCase(ContentKind.Location, Url, TestName = "not with a place")]
    [CancelAfter(30_000)]
    public async Task A_link_stands_in_the_text_of_a_message_of_text(ContentKind kind, string text)
    {
        (Caller anna, _, long chatId) = await PairAsync();
        WireContent content = new(
            kind, null, [], null, kind == ContentKind.Location ? new WireLocation(1, 1) : null, null, Link: World.Links.Sign(Link()));

        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), text, null, content)), ErrorCode.InvalidArgument, "content");
    }

    [Test, CancelAfter(30_000)]
    public async Task The_picture_is_a_file_of_the_sender_for_this_chat_unless_the_message_is_passed_on()
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        Caller cleo = await World.PersonAsync("Cleo");
        long elsewhere = await World.DirectChatAsync(bert, cleo);
        WireLink link = World.Links.Sign(Link() with { Image = await ImageAsync(anna, chatId) });

        Assert.That((await World.Send.ExecuteAsync(bert, Message(chatId, link))).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound), "not his");
        Assert.That((await World.Send.ExecuteAsync(anna, Message(chatId, link))).IsOk);
        SendMessageInput passedOn = Message(elsewhere, link);
        Assert.That((await World.Send.ExecuteAsync(bert, passedOn)).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound), "not as his own");
        passedOn = passedOn with { Content = passedOn.Content! with { Forwarded = 1 } };
        Assert.That((await World.Send.ExecuteAsync(bert, passedOn)).IsOk);
        Assert.That(await MayReadAsync(cleo, link));
    }

    [TestCase("Look, there: " + Url)]
    [TestCase("Never mind", "Look: " + Url)]
    [CancelAfter(30_000)]
    public async Task An_edit_takes_the_link_away_and_none_brings_it_back(params string[] texts)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        SentMessage sent = (await World.Send.ExecuteAsync(anna, Message(chatId, World.Links.Sign(Link())))).Value;

        Assert.That((await ShownAsync(bert, chatId)).Content?.Link, Is.Not.Null);

        foreach (string text in texts)
        {
            Assert.That((await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), sent.Sequence, text, default)).IsOk);
            WireEvent shown = await ShownAsync(bert, chatId);
            Assert.That((shown.Text, shown.Content?.Link), Is.EqualTo((text, (WireLink?)null)));
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task A_scheduled_message_keeps_the_picture_of_its_link()
    {
        (Caller anna, _, long chatId) = await PairAsync();
        WireLink link = World.Links.Sign(Link() with { Image = await ImageAsync(anna, chatId) });

        Assert.That(ScheduledRules.ToStored(Message(chatId, link)).BlobId, Is.EqualTo(Guid.ParseExact(link.Image!.Value.BlobId, "N")));
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task A_retry_is_answered_as_the_first_time_although_the_picture_is_gone()
    {
        (Caller anna, _, long chatId) = await PairAsync();
        WireLink link = World.Links.Sign(Link() with { Image = await ImageAsync(anna, chatId) });
        SendMessageInput input = Message(chatId, link);
        SentMessage sent = (await World.Send.ExecuteAsync(anna, input)).Value;
        await new BlobTable(World.Source).DeleteAsync(Guid.ParseExact(link.Image!.Value.BlobId, "N"), default);

        Assert.That((await World.Send.ExecuteAsync(anna, input)).Value, Is.EqualTo(sent));
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task A_retry_is_answered_as_the_first_time_on_a_node_with_another_key()
    {
        (Caller anna, _, long chatId) = await PairAsync();
        LinkTokens other = new(World.TokenOptions with { SigningKey = new byte[32] });
        MessageReferences node = new(
            new MessageFiles(new BlobTable(World.Source)), new StatusReplies(new StatusReads(World.Source)), other, new EventStore(World.Source));
        SendMessageInput input = Message(chatId, World.Links.Sign(Link()));
        Assert.That((await node.JudgeAsync(anna, input, default))?.Code, Is.EqualTo(ErrorCode.LinkTokenInvalid), "new to it");
        SentMessage sent = (await World.Send.ExecuteAsync(anna, input)).Value;

        Assert.That(await node.JudgeAsync(anna, input, default), Is.Null);
        Assert.That(
            (await node.JudgeAsync(anna, input with { ClientMessageId = Guid.NewGuid() }, default))?.Code, Is.EqualTo(ErrorCode.LinkTokenInvalid));
        Assert.That((await World.Send.ExecuteAsync(anna, input)).Value, Is.EqualTo(sent));
    }

    private static WireLink Link() => new(Url, "A harbour", "What is seen there.", "Example", null, "");

    private static SendMessageInput Message(long chatId, WireLink link) =>
        new(chatId, Guid.NewGuid(), $"Look: {link.Url}", null, new WireContent(ContentKind.Text, null, [], null, null, null, Link: link));

    private static bool Same(WireLink one, WireLink other) =>
        one with { Image = null } == other with { Image = null } && one.Image is { } image && other.Image is { } second
        && image with { Waveform = NoImage.Waveform } == second with { Waveform = NoImage.Waveform };

    private async Task<WireMedia> ImageAsync(Caller owner, long chatId) =>
        NoImage with { BlobId = await World.FileAsync(owner, chatId, "image/png", Bytes), Bytes = Bytes, Width = 1_200, Height = 630 };

    private async Task<bool> MayReadAsync(Caller caller, WireLink link)
    {
        DownloadLinks links = new(World.TokenOptions.SigningKey, TimeSpan.FromMinutes(30), World.Time);
        GetBlobLink get = new(new BlobTable(World.Source), links, World.Limits, NullLogger<GetBlobLink>.Instance);
        return (await get.ExecuteAsync(caller, link.Image!.Value.BlobId, invite: null, default)).IsOk;
    }

    private async Task<(Caller Anna, Caller Bert, long ChatId)> PairAsync()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        return (anna, bert, await World.DirectChatAsync(anna, bert));
    }

    private async Task<WireEvent> ShownAsync(Caller reader, long chatId) =>
        (await World.ReadHistory.ExecuteAsync(reader, chatId, null, null, 50, default)).Value.Events.Single(one => one.Kind == EventKinds.Message).ToWire();
}
