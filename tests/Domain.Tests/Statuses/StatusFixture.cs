using System.Buffers;
using Chat.Domain.Media;
using Chat.Domain.People;
using Chat.Domain.Statuses;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Storage.Media;
using Chat.Storage.Statuses;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Statuses;

/// <summary>People who keep each other as contacts, and the use cases of statuses on one database.</summary>
public abstract class StatusFixture : WorldFixture
{
    private protected const long FileBytes = 9;

    private StatusAnnouncer? _announcer;

    private protected StatusStore Store => new(World.Source, World.Events);

    private protected StatusReads Reads => new(World.Source);

    private protected StatusViewStore Views => new(World.Source);

    private protected StatusAnnouncer Announcer => _announcer ??= new StatusAnnouncer(
        Reads, World.Fanout, new InMemoryBus().Join(), World.Time, NullLogger<StatusAnnouncer>.Instance);

    private protected PostStatus Poster => new(Store, World.Limits, new MediaOptions(), Announcer);

    private protected DeleteStatus Deleter => new(Store, World.Limits, Announcer);

    private protected ListStatuses Lists => new(Reads, World.Limits);

    private protected ViewStatus Viewing => new(Views, World.Limits, World.Fanout, World.Time);

    private protected ListStatusViewers Viewers => new(Views, World.Limits);

    private protected StatusPrivacy Privacy => new(Store, World.Limits);

    private protected static StatusInput Text(string text = "At sea") => new(Guid.NewGuid(), ContentKind.Text, text);

    private protected static StatusInput Image(string blobId, string contentType = "image/png", long bytes = FileBytes) => new(
        Guid.NewGuid(), ContentKind.Image, "The harbour", Media: new WireMedia(blobId, contentType, bytes, null, null, null, null, null, []));

    private protected async Task<StatusRow> PostAsync(Caller author, StatusInput? input = null) =>
        (await Poster.ExecuteAsync(author, input ?? Text(), default)).Value;

    private protected async Task<long[]> SeenByAsync(Caller viewer, Caller author) =>
        [.. (await Lists.ListOfAsync(viewer, author.PrincipalId, null, null, default)).Value.Statuses.Select(status => status.Id)];

    private protected async Task<(Caller Anna, Caller Bert)> FriendsAsync()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        await BefriendAsync(anna, bert);
        return (anna, bert);
    }

    private protected async Task BefriendAsync(Caller one, Caller other)
    {
        await KeepAsync(one, other);
        await KeepAsync(other, one);
    }

    private protected Task KeepAsync(Caller keeper, Caller contact) =>
        World.Contacts.PutAsync(keeper.PrincipalId, contact.PrincipalId, (null, false), 10_000, default);

    private protected Task ForgetAsync(Caller keeper, Caller contact) =>
        World.Contacts.RemoveAsync(keeper.PrincipalId, contact.PrincipalId, default);

    private protected Task BlockAsync(Caller who, Caller whom) =>
        new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(who, whom.PrincipalId, default);

    private protected Task UnblockAsync(Caller who, Caller whom) =>
        new UnblockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(who, whom.PrincipalId, default);

    private protected Task HideReceiptsAsync(Caller caller, bool hide) =>
        new UpdatePrivacy(World.Profiles, World.Limits, World.Privacy).ExecuteAsync(caller, null, null, null, !hide, null, default);

    /// <summary>Events that were passed on without a place in a log, and to which inbox.</summary>
    private protected IEnumerable<(long ChatId, WireEvent Event)> Hints()
    {
        foreach ((long chatId, byte[] frame, _) in World.Fanout.Published)
        {
            ReadOnlySequence<byte> rest = new(frame, 2, frame.Length - 2); // shorter than 126 bytes
            if (FrameReader.TryRead(ref rest, ProtocolLimits.MaxServerFrameBytes, out ReadOnlySequence<byte> body) == FrameReadResult.Complete
                && EventPush.TryRead(body, out _, out EventPush push))
                yield return (chatId, push.Event);
        }
    }

    /// <summary>A file that was uploaded for a status, as far as the rows know.</summary>
    private protected async Task<string> FileAsync(Caller owner, string contentType = "image/png", BlobPurpose purpose = BlobPurpose.Status)
    {
        BlobTable blobs = new(World.Source);
        NewBlob file = new(Guid.NewGuid(), owner.PrincipalId, null, (short)purpose, ForChange: false, "a", FileBytes, Guid.NewGuid());
        Assert.That(await blobs.ReserveAsync(file, TimeSpan.FromDays(1), long.MaxValue, default), Is.EqualTo(ReserveStatus.Reserved));
        FinishedBlob finished = new(
            file.Id, file.ObjectId!.Value, contentType, FileBytes, FileBytes, KeptFor: null, UnshownFor: TimeSpan.FromDays(1));
        Assert.That(await blobs.FinishAsync(finished, default));
        return $"{file.Id:N}";
    }

    private protected async Task<bool> MayReadAsync(Caller caller, string blobId)
    {
        DownloadLinks links = new(World.TokenOptions.SigningKey, TimeSpan.FromMinutes(30), World.Time);
        GetBlobLink get = new(new BlobTable(World.Source), links, World.Limits, NullLogger<GetBlobLink>.Instance);
        return (await get.ExecuteAsync(caller, blobId, invite: null, default)).IsOk;
    }

    /// <summary>The database's clock decides, and it cannot be moved: so the status is.</summary>
    private protected Task EndAsync(long statusId) => ExecuteAsync(
        """
        with s as (update statuses set expires_at = now() - interval '1 second' where id = $1 returning blob_id, expires_at)
        update blobs b set expires_at = s.expires_at from s where b.id = s.blob_id
        """,
        statusId);

    private protected async Task ExecuteAsync(string sql, params object[] values)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        foreach (object value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    private protected async Task<long> CountAsync(string sql, params object[] values)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        foreach (object value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
