using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Storage;

namespace Chat.Domain.Tests.Messages;

public sealed class SendMessageTests : WorldFixture // promises P3, P4, P5
{
    [Test, CancelAfter(20_000)]
    public async Task A_message_gets_the_next_sequence_and_is_told_after_the_commit(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await ChatAsync();
        Guid id = Guid.NewGuid();

        SentMessage first = (await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, id, "hello", null)).AsTask().WaitAsync(ct)).Value;
        SentMessage second = (await World.Send.ExecuteAsync(bert, new SendMessageInput(chatId, Guid.NewGuid(), "hi", first.Sequence)).AsTask().WaitAsync(ct)).Value;

        EventRow told = World.Events.Committed.Single(row => row.ChatId == chatId && row.Sequence == first.Sequence);
        Assert.Multiple(() =>
        {
            Assert.That((first.ChatId, second.Sequence), Is.EqualTo((chatId, first.Sequence + 1)));
            Assert.That((told.Text, told.ClientMessageId, told.SenderId), Is.EqualTo(("hello", (Guid?)id, anna.PrincipalId)));
            Assert.That(told.CreatedAtMs, Is.EqualTo(first.CreatedAtMs));
            Assert.That(World.Events.Committed.Single(row => row.ChatId == chatId && row.Sequence == second.Sequence).ReplyTo, Is.EqualTo(first.Sequence));
        });
    }

    [Test, CancelAfter(20_000), Property("Promise", "P3")]
    public async Task Messages_are_numbered_in_the_order_of_the_calls(CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await ChatAsync();
        List<Task<Result<SentMessage>>> calls = [];
        for (int i = 0; i < 300; i++)
            calls.Add(World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), $"{i}", null)).AsTask());

        long[] sequences = [.. (await Task.WhenAll(calls).WaitAsync(ct)).Select(result => result.Value.Sequence)];

        Assert.That(sequences, Is.EqualTo(Enumerable.Range(0, 300).Select(i => sequences[0] + i)));
    }

    [Test, CancelAfter(20_000), Property("Promise", "P4")]
    public async Task A_retry_returns_the_first_answer_and_another_content_is_refused(CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await ChatAsync();
        SendMessageInput input = new(chatId, Guid.NewGuid(), "hello", null);

        SentMessage first = (await World.Send.ExecuteAsync(anna, input).AsTask().WaitAsync(ct)).Value;
        SentMessage retry = (await World.Send.ExecuteAsync(anna, input).AsTask().WaitAsync(ct)).Value;

        Assert.That(retry, Is.EqualTo(first));
        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, input with { Text = "else" }).AsTask().WaitAsync(ct), ErrorCode.ClientMessageIdReused, "client_message_id");
        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, input with { ReplyTo = first.Sequence }).AsTask().WaitAsync(ct), ErrorCode.ClientMessageIdReused, "client_message_id");
    }

    [Test, CancelAfter(20_000)]
    public async Task Texts_at_the_limit_are_taken_and_one_byte_more_is_too_long(CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await ChatAsync();
        int max = ProtocolLimits.MaxTextBytes;
        string[] fitting = ["x", new('x', max), new('é', max / 2), new('€', max / 3), string.Concat(Enumerable.Repeat("😀", max / 4))];

        foreach (string text in fitting)
        {
            Assert.That((await SendAsync(anna, chatId, text, ct)).IsOk);
            FailureAssert.Failed(await SendAsync(anna, chatId, text + new string('x', max), ct), ErrorCode.TextTooLong, "text");
        }

        FailureAssert.Failed(await SendAsync(anna, chatId, new string('x', max + 1), ct), ErrorCode.TextTooLong, "text");
        FailureAssert.Failed(await SendAsync(anna, chatId, new string('é', max / 2) + "x", ct), ErrorCode.TextTooLong, "text");
        FailureAssert.Failed(await SendAsync(anna, chatId, string.Concat(Enumerable.Repeat("😀", max / 4)) + "x", ct), ErrorCode.TextTooLong, "text");
    }

    // Not attributes: the compiler stores their texts as UTF-8, which replaces lone surrogates.
    public static IEnumerable<TestCaseData> BadTexts()
    {
        yield return new TestCaseData("", ErrorCode.TextEmpty).SetArgDisplayNames("empty");
        yield return new TestCaseData("a\0b", ErrorCode.TextHasNul).SetArgDisplayNames("NUL inside");
        yield return new TestCaseData("\0", ErrorCode.TextHasNul).SetArgDisplayNames("only NUL");
        yield return new TestCaseData("a\uD800", ErrorCode.InvalidArgument).SetArgDisplayNames("high surrogate at the end");
        yield return new TestCaseData("\uDC00a", ErrorCode.InvalidArgument).SetArgDisplayNames("low surrogate at the start");
        yield return new TestCaseData("\uD83D\uD83D\uDE00", ErrorCode.InvalidArgument).SetArgDisplayNames("high surrogate before a pair");
        yield return new TestCaseData("\uDE00\uD83D", ErrorCode.InvalidArgument).SetArgDisplayNames("pair the wrong way round");
    }

    [TestCaseSource(nameof(BadTexts)), CancelAfter(20_000)]
    public async Task A_text_that_cannot_be_stored_has_its_own_code(string text, ErrorCode code, CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await ChatAsync();
        FailureAssert.Failed(await SendAsync(anna, chatId, text, ct), code, "text");
    }

    [Test, CancelAfter(20_000)]
    public async Task Null_text_and_an_all_zero_id_are_refused(CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await ChatAsync();
        FailureAssert.Failed(await SendAsync(anna, chatId, null!, ct), ErrorCode.TextEmpty, "text");
        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.Empty, "hello", null)).AsTask().WaitAsync(ct),
            ErrorCode.InvalidArgument,
            "client_message_id");
    }

    [Test, CancelAfter(20_000)]
    public async Task Unknown_chat_foreign_chat_and_unknown_reply_target_differ(CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await ChatAsync();
        Caller dora = await World.PersonAsync("Dora");

        FailureAssert.Failed(await SendAsync(anna, 1L << 50, "hello", ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await SendAsync(anna, -5, "hello", ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await SendAsync(dora, chatId, "hello", ct), ErrorCode.NotAMember, "chat_id");
        foreach (long target in new[] { long.MinValue, -1, 0, 1_000_000 })
        {
            FailureAssert.Failed(
                await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), "hello", target)).AsTask().WaitAsync(ct),
                ErrorCode.ReplyTargetNotFound,
                "reply_to");
        }
    }

    [Test, CancelAfter(20_000), Property("Promise", "P3")]
    public async Task Refused_messages_leave_no_hole_in_the_numbering(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await ChatAsync();
        Caller dora = await World.PersonAsync("Dora");

        long first = await World.SendAsync(anna, chatId);
        _ = await SendAsync(dora, chatId, "hello", ct);
        _ = await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), "hello", 999)).AsTask().WaitAsync(ct);
        long second = await World.SendAsync(bert, chatId);

        Assert.That(second, Is.EqualTo(first + 1));
    }

    private Task<Result<SentMessage>> SendAsync(Caller sender, long chatId, string text, CancellationToken ct) =>
        World.Send.ExecuteAsync(sender, new SendMessageInput(chatId, Guid.NewGuid(), text, null)).AsTask().WaitAsync(ct);

    private async Task<(Caller Anna, Caller Bert, long ChatId)> ChatAsync()
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        return (anna, bert, await World.DirectChatAsync(anna, bert));
    }
}
