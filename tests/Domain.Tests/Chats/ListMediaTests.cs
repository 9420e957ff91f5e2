using Chat.Domain.Chats;
using Chat.Domain.Limits;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Chats;
using Chat.Storage.Messages;

namespace Chat.Domain.Tests.Chats;

/// <summary>R-068: what was shared in a chat, by what it is.</summary>
public sealed class ListMediaTests : WorldFixture
{
    private ListMedia List => new(new GalleryStore(World.Source), World.Limits);

    [Test, CancelAfter(60_000)]
    public async Task Each_kind_is_paged_the_newest_first_without_what_is_gone(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        List<long> pictures = [];
        for (int i = 0; i < 4; i++)
        {
            pictures.Add(await ShareAsync(anna, chatId, ContentKind.Image, "image/png"));
            await World.SendAsync(anna, chatId, "text between");
        }

        long document = await ShareAsync(anna, chatId, ContentKind.Document, "application/pdf");
        long video = await ShareAsync(anna, chatId, ContentKind.Video, "video/mp4");
        await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), pictures[1], ct);
        await new HiddenStore(World.Source, World.Events).HideAsync(bert.PrincipalId, chatId, pictures[2], ct);

        Assert.That(await ReadAsync(anna, chatId, []), Is.EqualTo(new[] { video, pictures[3], pictures[2], pictures[0] }));
        Assert.That(await ReadAsync(bert, chatId, []), Is.EqualTo(new[] { video, pictures[3], pictures[0] }));
        Assert.That(await ReadAsync(bert, chatId, [ContentKind.Document]), Is.EqualTo(new[] { document }));
        Assert.That(await ReadAsync(bert, chatId, [ContentKind.Voice]), Is.Empty);
        await new OwnSettingsStore(World.Source, World.Events).ClearAsync(bert.PrincipalId, chatId, pictures[3], ct);
        Assert.That(await ReadAsync(bert, chatId, []), Is.EqualTo(new[] { video }));
    }

    [Test, CancelAfter(60_000)]
    public async Task It_holds_what_one_may_see_and_no_more(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), stranger = await World.PersonAsync("Stranger");
        long chatId = await World.GroupAsync(anna);
        await ShareAsync(anna, chatId, ContentKind.Image, "image/png");
        await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], ct);
        long seen = await ShareAsync(anna, chatId, ContentKind.Image, "image/png");
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);
        await ShareAsync(anna, chatId, ContentKind.Image, "image/png");

        Assert.That(await ReadAsync(bert, chatId, []), Is.EqualTo(new[] { seen }));
        FailureAssert.Failed(await List.ExecuteAsync(stranger, chatId, null, null, null, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await List.ExecuteAsync(anna, chatId, null, "x", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await List.ExecuteAsync(anna, chatId, null, null, 101, ct), ErrorCode.InvalidArgument, "limit");
    }

    [Test, CancelAfter(60_000)]
    public async Task It_counts_as_older_history_for_the_rates(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(new LimitSettings { HistoryPerSecond = 0.001, HistoryBurst = 1 });
        Caller anna = await world.PersonAsync("Anna");
        long chatId = await world.GroupAsync(anna);
        ListMedia list = new(new GalleryStore(world.Source), world.Limits);

        Assert.That((await list.ExecuteAsync(anna, chatId, null, null, null, ct)).IsOk);
        Assert.That((await list.ExecuteAsync(anna, chatId, null, null, null, ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited));
    }

    private async Task<long> ShareAsync(Caller sender, long chatId, ContentKind kind, string contentType)
    {
        string blobId = await World.FileAsync(sender, chatId, contentType, bytes: 1);
        WireContent content = new(kind, null, [], new WireMedia(blobId, contentType, 1, null, null, null, null, null, []), null, null);
        return (await World.Send.ExecuteAsync(sender, new SendMessageInput(chatId, Guid.NewGuid(), "", null, content))).Value.Sequence;
    }

    private async Task<List<long>> ReadAsync(Caller caller, long chatId, ContentKind[] kinds)
    {
        List<long> read = [];
        string? cursor = null;
        do
        {
            GalleryPage page = (await List.ExecuteAsync(caller, chatId, kinds, cursor, 2, default)).Value;
            read.AddRange(page.Messages.Select(row => row.Sequence));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return read;
    }
}
