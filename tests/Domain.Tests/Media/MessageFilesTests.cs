using Chat.Domain.Chats;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Domain.People;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Chats;
using Chat.Storage.Media;
using Chat.Storage.Messages;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Media;

/// <summary>protocol-spec.md §8.8: which files a message may show, who may read them then, and with what they go.</summary>
public sealed class MessageFilesTests : WorldFixture
{
    private const long Bytes = 9;

    [Test, CancelAfter(30_000)]
    public async Task Only_a_file_of_ones_own_that_is_complete_and_of_this_chat_is_shown()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cleo = await World.PersonAsync("Cleo");
        long chatId = await World.DirectChatAsync(anna, bert), elsewhere = await World.DirectChatAsync(anna, cleo);
        NewBlob uploading = new(Guid.NewGuid(), anna.PrincipalId, chatId, (short)BlobPurpose.Media, ForChange: false, "a.png", Bytes, Guid.NewGuid());
        await new BlobTable(World.Source).ReserveAsync(uploading, TimeSpan.FromDays(1), long.MaxValue, default);

        Dictionary<string, string> wrong = new()
        {
            ["another's"] = await World.FileAsync(bert, chatId, "image/png", Bytes),
            ["of another chat"] = await World.FileAsync(anna, elsewhere, "image/png", Bytes),
            ["not complete"] = $"{uploading.Id:N}",
            ["none"] = $"{Guid.NewGuid():N}",
            ["no name"] = "b-1_A",
            ["in capitals"] = (await World.FileAsync(anna, chatId, "image/png", Bytes)).ToUpperInvariant(),
        };

        foreach ((string what, string blobId) in wrong)
            Assert.That((await ShowAsync(anna, chatId, blobId)).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound), what);
        Assert.That((await ShowAsync(anna, chatId, wrong["another's"], forwarded: 1)).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound), "not shown yet");
        Assert.That((await ShowAsync(anna, chatId, wrong["of another chat"], forwarded: 1)).IsOk, "passed on");
        Assert.That((await ShowAsync(anna, chatId, await World.FileAsync(anna, chatId, "image/png", Bytes))).IsOk);
    }

    [TestCase("image/jpeg", Bytes)]
    [TestCase("image/png", Bytes + 1)]
    [CancelAfter(30_000)]
    public async Task What_the_message_says_of_its_file_is_what_its_upload_found(string contentType, long bytes)
    {
        (Caller anna, _, long chatId) = await PairAsync();
        string blobId = await World.FileAsync(anna, chatId, "image/png", Bytes);

        FailureAssert.Failed(await World.Send.ExecuteAsync(anna, Message(chatId, blobId, contentType, bytes)), ErrorCode.InvalidArgument, "content");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_file_is_passed_on_by_who_may_read_it_and_nobody_else()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cleo = await World.PersonAsync("Cleo");
        long first = await World.GroupAsync(anna, bert), second = await World.DirectChatAsync(bert, cleo), third = await World.DirectChatAsync(anna, cleo);
        string blobId = await World.FileAsync(anna, first, "image/png", Bytes);
        await World.RemoveMember.ExecuteAsync(anna, first, bert.PrincipalId, default);
        Assert.That((await ShowAsync(anna, first, blobId)).IsOk);
        Assert.That((await ShowAsync(bert, second, blobId, forwarded: 1)).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound), "it came after he was removed");

        await World.AddMembers.ExecuteAsync(anna, first, [bert.PrincipalId], default);
        Assert.That((await ShowAsync(bert, second, blobId, forwarded: 1)).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound), "nor does he see what was before");
        Assert.That((await ShowAsync(anna, first, blobId)).IsOk);

        Assert.That((await ShowAsync(bert, second, blobId)).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound), "not as his own");
        Assert.That(await MayReadAsync(cleo, blobId), Is.False);
        Assert.That((await ShowAsync(bert, second, blobId, forwarded: 1)).IsOk);
        Assert.That(await MayReadAsync(cleo, blobId));
        Assert.That((await ShowAsync(cleo, third, blobId, forwarded: 2)).IsOk);
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task A_retry_is_answered_as_the_first_time_although_the_file_is_gone()
    {
        (Caller anna, _, long chatId) = await PairAsync();
        string blobId = await World.FileAsync(anna, chatId, "image/png", Bytes);
        SendMessageInput input = Message(chatId, blobId);
        SentMessage sent = (await World.Send.ExecuteAsync(anna, input)).Value;
        await new BlobTable(World.Source).DeleteAsync(Guid.ParseExact(blobId, "N"), default);

        Assert.That((await World.Send.ExecuteAsync(anna, input)).Value, Is.EqualTo(sent));
        Assert.That((await World.Send.ExecuteAsync(anna, input with { ClientMessageId = Guid.NewGuid() })).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound));
        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, input with { Text = "other" }), ErrorCode.ClientMessageIdReused, "client_message_id");
    }

    [Test, CancelAfter(30_000)]
    public async Task The_last_message_that_is_deleted_for_everyone_takes_the_file_and_its_room_with_it()
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        string blobId = await World.FileAsync(anna, chatId, "image/png", Bytes);
        long first = (await ShowAsync(anna, chatId, blobId)).Value.Sequence;
        long second = (await ShowAsync(bert, chatId, blobId, forwarded: 1)).Value.Sequence;

        Assert.That((await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), first, default)).IsOk);
        Assert.That(await MayReadAsync(bert, blobId));
        Assert.That((await World.Delete.ExecuteAsync(bert, chatId, Guid.NewGuid(), second, default)).IsOk);

        Assert.That(await MayReadAsync(bert, blobId), Is.False);
        Assert.That(await MayReadAsync(anna, blobId), Is.False);
        Assert.That(await new BlobTable(World.Source).ReadUsageAsync(anna.PrincipalId, default), Is.Zero);
        Assert.That(await CountAsync("select count(*) from blob_objects where blob_id = $1", blobId), Is.Zero, "it is garbage now");
        Assert.That(await CountAsync("select count(*) from blob_messages where blob_id = $1", blobId), Is.Zero);
    }

    [Test, CancelAfter(60_000), Property("Promise", "P4")]
    public async Task Whether_a_message_passed_on_or_the_deletion_of_the_last_comes_first_both_agree_on_the_file()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cleo = await World.PersonAsync("Cleo");
        long first = await World.DirectChatAsync(anna, bert), second = await World.DirectChatAsync(bert, cleo);
        for (int round = 0; round < 30; round++)
        {
            string blobId = await World.FileAsync(anna, first, "image/png", Bytes);
            long shown = (await ShowAsync(anna, first, blobId)).Value.Sequence;

            Task<Result<SentMessage>> passedOn = Task.Run(() => ShowAsync(bert, second, blobId, forwarded: 1));
            Task<Result<SentMessage>> deleted = Task.Run(() => World.Delete.ExecuteAsync(anna, first, Guid.NewGuid(), shown, default));
            await Task.WhenAll(passedOn, deleted);

            long messages = await CountAsync("select count(*) from blob_messages where blob_id = $1", blobId);
            long stored = await CountAsync("select count(*) from blobs where id = $1 and state = 2", blobId);
            Assert.That(stored, Is.EqualTo(messages), $"round {round}");
            Assert.That(await MayReadAsync(cleo, blobId), Is.EqualTo(stored == 1));
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task A_file_that_no_message_shows_is_given_up_and_one_that_is_shown_is_kept()
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        string shown = await World.FileAsync(anna, chatId, "image/png", Bytes), unshown = await World.FileAsync(anna, chatId, "image/png", Bytes);
        Assert.That((await ShowAsync(anna, chatId, shown)).IsOk);

        await ExecuteAsync("update blobs set expires_at = expires_at - interval '2 days' where owner_id = $1", anna.PrincipalId);
        await new BlobGarbage(World.Source).ExpireAsync(1_000, default);

        Assert.That(await MayReadAsync(bert, shown));
        Assert.That(await MayReadAsync(anna, unshown), Is.False);
        Assert.That((await ShowAsync(anna, chatId, unshown)).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_blocked_chat_keeps_what_was_shown_in_it_and_shows_no_more()
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        string shown = await World.FileAsync(anna, chatId, "image/png", Bytes), unshown = await World.FileAsync(anna, chatId, "image/png", Bytes);
        Assert.That((await ShowAsync(anna, chatId, shown)).IsOk);

        await new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(bert, anna.PrincipalId, default);

        NewBlob late = new(Guid.NewGuid(), anna.PrincipalId, chatId, (short)BlobPurpose.Media, ForChange: false, "a.png", Bytes, Guid.NewGuid());
        Assert.That(await new BlobTable(World.Source).ReserveAsync(late, TimeSpan.FromDays(1), long.MaxValue, default), Is.EqualTo(ReserveStatus.Blocked));
        FailureAssert.Failed(await ShowAsync(anna, chatId, unshown), ErrorCode.Blocked, "chat_id");
        Assert.That((await MayReadAsync(anna, shown), await MayReadAsync(bert, shown)), Is.EqualTo((true, true)));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_one_cleared_or_deleted_for_oneself_opens_no_file_for_one_alone(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cleo = await World.PersonAsync("Cleo");
        long chatId = await World.GroupAsync(anna, bert, cleo), elsewhere = await World.DirectChatAsync(bert, cleo);
        string cleared = await World.FileAsync(anna, chatId, "image/png", Bytes), hidden = await World.FileAsync(anna, chatId, "image/png", Bytes);
        long first = (await ShowAsync(anna, chatId, cleared)).Value.Sequence, second = (await ShowAsync(anna, chatId, hidden)).Value.Sequence;
        ClearHistory clear = new(new OwnSettingsStore(World.Source, World.Events), World.Limits);

        Assert.That((await clear.ExecuteAsync(bert, chatId, first, ct)).IsOk);
        Assert.That((await MayReadAsync(bert, cleared), await MayReadAsync(bert, hidden)), Is.EqualTo((false, true)));
        Assert.That((await new HideMessage(new HiddenStore(World.Source, World.Events), World.Limits).ExecuteAsync(bert, chatId, second, ct)).IsOk);
        Assert.That(await MayReadAsync(bert, hidden), Is.False);
        Assert.That((await ShowAsync(bert, elsewhere, hidden, forwarded: 1)).Failure?.Code, Is.EqualTo(ErrorCode.BlobNotFound));
        Assert.That((await MayReadAsync(cleo, cleared), await MayReadAsync(cleo, hidden)), Is.EqualTo((true, true)));

        Assert.That((await ShowAsync(cleo, elsewhere, hidden, forwarded: 1)).IsOk);
        Assert.That(await MayReadAsync(bert, hidden), "another message shows it");
        Assert.That((await clear.ExecuteAsync(anna, chatId, null, ct)).IsOk);
        Assert.That(await MayReadAsync(anna, cleared), "it is hers");
    }

    private static SendMessageInput Message(long chatId, string blobId, string contentType = "image/png", long bytes = Bytes, int? forwarded = null) => new(
        chatId, Guid.NewGuid(), "", null,
        new WireContent(ContentKind.Image, forwarded, [], new WireMedia(blobId, contentType, bytes, null, null, null, null, null, []), null, null));

    private async Task<Result<SentMessage>> ShowAsync(Caller sender, long chatId, string blobId, int? forwarded = null) =>
        await World.Send.ExecuteAsync(sender, Message(chatId, blobId, forwarded: forwarded));

    private async Task<bool> MayReadAsync(Caller caller, string blobId)
    {
        DownloadLinks links = new(World.TokenOptions.SigningKey, TimeSpan.FromMinutes(30), World.Time);
        return (await new GetBlobLink(new BlobTable(World.Source), links, World.Limits, NullLogger<GetBlobLink>.Instance).ExecuteAsync(caller, blobId, invite: null, default)).IsOk;
    }

    private async Task<long> CountAsync(string sql, string blobId)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.ParseExact(blobId, "N") });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql, long principalId)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        await command.ExecuteNonQueryAsync();
    }

    private async Task<(Caller Anna, Caller Bert, long ChatId)> PairAsync()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        return (anna, bert, await World.DirectChatAsync(anna, bert));
    }
}
