using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Storage.Messages;

namespace Chat.Domain.Tests.Messages;

public sealed class ReadHistoryTests : WorldFixture // R-093, promise P9
{
    [Test, CancelAfter(20_000)]
    public async Task History_is_paged_upwards_and_downwards(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        for (int i = 0; i < 9; i++) await World.SendAsync(anna, chatId, $"{i}");

        HistoryPage newest = (await World.ReadHistory.ExecuteAsync(anna, chatId, null, null, 4, ct)).Value;
        HistoryPage up = (await World.ReadHistory.ExecuteAsync(anna, chatId, 0, null, 4, ct)).Value;
        HistoryPage down = (await World.ReadHistory.ExecuteAsync(anna, chatId, null, newest.CoversFrom, 4, ct)).Value;
        HistoryPage all = (await World.ReadHistory.ExecuteAsync(anna, chatId, 0, null, null, ct)).Value;

        Assert.Multiple(() =>
        {
            Assert.That(newest.Events.Select(e => e.Sequence), Is.EqualTo(new long[] { 7, 8, 9, 10 }));
            Assert.That((newest.HeadSequence, newest.HasMore), Is.EqualTo((10L, true)));
            Assert.That(up.Events.Select(e => e.Sequence), Is.EqualTo(new long[] { 1, 2, 3, 4 }));
            Assert.That(down.Events.Select(e => e.Sequence), Is.EqualTo(new long[] { 3, 4, 5, 6 }));
            Assert.That(all.Events, Has.Count.EqualTo(10));
            Assert.That(all.HasMore, Is.False);
        });
    }

    [Test, CancelAfter(60_000)]
    public async Task A_page_of_the_longest_texts_fits_into_one_frame(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        for (int i = 0; i < 20; i++) await World.SendAsync(anna, chatId, new string('€', ProtocolLimits.MaxTextBytes / 3));

        long position = 0;
        int pages = 0;
        while (true)
        {
            HistoryPage page = (await World.ReadHistory.ExecuteAsync(anna, chatId, position, null, 200, ct)).Value;
            int bytes = FrameEncoder.Encode(WireMapping.ToReply(chatId, page), uint.MaxValue).Length;
            Assert.That(bytes, Is.LessThanOrEqualTo(ProtocolLimits.MaxServerFrameBytes));
            Assert.That(page.CoversFrom, Is.EqualTo(position + 1));
            Assert.That(page.CoversTo, Is.GreaterThan(position), "each page goes on");
            (position, pages) = (page.CoversTo, pages + 1);
            if (!page.HasMore) break;
        }

        Assert.That(position, Is.EqualTo(21));
        Assert.That(pages, Is.GreaterThan(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_page_of_200_events_fits_into_one_frame_whatever_their_fields(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        await Task.WhenAll(Enumerable.Range(0, 220).Select(_ => World.SendAsync(anna, chatId, new string('x', 1200))));

        HistoryPage page = (await World.ReadHistory.ExecuteAsync(anna, chatId, null, null, 200, ct)).Value;

        Assert.That(FrameEncoder.Encode(WireMapping.ToReply(chatId, page), uint.MaxValue), Has.Length.LessThanOrEqualTo(ProtocolLimits.MaxServerFrameBytes));
    }

    [TestCase(1L, 2L, null, "before")]
    [TestCase(-1L, null, null, "after")]
    [TestCase(null, -1L, null, "before")]
    [TestCase(null, null, 0, "limit")]
    [TestCase(null, null, -1, "limit")]
    [TestCase(null, null, 201, "limit")]
    [CancelAfter(20_000)]
    public async Task A_bad_argument_is_named(long? after, long? before, int? limit, string field, CancellationToken ct)
    {
        Caller anna = await World.PersonAsync();
        long chatId = await World.GroupAsync(anna);
        FailureAssert.Failed(await World.ReadHistory.ExecuteAsync(anna, chatId, after, before, limit, ct), ErrorCode.InvalidArgument, field);
    }

    [Test, CancelAfter(20_000), Property("Promise", "P9")]
    public async Task A_chat_one_was_never_in_looks_like_one_that_does_not_exist(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller dora = await World.PersonAsync("Dora");
        long chatId = await World.GroupAsync(anna);

        Result<HistoryPage> foreign = await World.ReadHistory.ExecuteAsync(dora, chatId, null, null, null, ct);
        Result<HistoryPage> unknown = await World.ReadHistory.ExecuteAsync(dora, 1L << 50, null, null, null, ct);

        FailureAssert.Failed(foreign, ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(unknown, ErrorCode.ChatNotFound, "chat_id");
    }
}
