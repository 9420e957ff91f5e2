using Chat.Domain.Messages;
using Chat.Domain.Notices;
using Chat.Domain.Search;
using Chat.Domain.Tests.Calls;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Notices;
using Chat.Storage.Search;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Notices;

/// <summary>People to whom something happens. Answers are found by the index of search, so it is brought up to date before each look.</summary>
public abstract class NoticeFixture : CallFixture
{
    private protected const string Text = "@somebody, look at this";

    private protected ListNotices List => new(new NoticeStore(World.Source, World.Events), World.Limits);

    private protected ReadNotices Read => new(new NoticeStore(World.Source, World.Events), World.Limits);

    private protected async Task<(Caller Anna, Caller Bert, Caller Cleo, long ChatId)> TrioAsync()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cleo = await World.PersonAsync("Cleo");
        return (anna, bert, cleo, await World.GroupAsync(anna, bert, cleo));
    }

    private protected async Task<long> MentionAsync(Caller sender, long chatId, Caller person, long? replyTo = null)
    {
        WireContent content = new(ContentKind.Text, null, [new WireMark(MarkKind.Mention, 0, 9, person.PrincipalId)], null, null, null);
        return (await World.Send.ExecuteAsync(sender, new SendMessageInput(chatId, Guid.NewGuid(), Text, replyTo, content))).Value.Sequence;
    }

    private protected async Task<long> AnswerAsync(Caller sender, long chatId, long sequence, string text = "indeed") =>
        (await World.Send.ExecuteAsync(sender, new SendMessageInput(chatId, Guid.NewGuid(), text, sequence))).Value.Sequence;

    private protected async Task ReactAsync(Caller person, long chatId, long sequence, string? emoji, CancellationToken ct) =>
        Assert.That((await World.React.ExecuteAsync(person, chatId, Guid.NewGuid(), sequence, emoji, ct)).Failure, Is.Null);

    private protected async Task<IReadOnlyList<Notice>> NoticesAsync(Caller person, CancellationToken ct)
    {
        await IndexAsync(ct);
        return (await List.ExecuteAsync(person, null, 100, ct)).Value.Notices;
    }

    private protected async Task<NoticeKind[]> KindsAsync(Caller person, CancellationToken ct) => [.. (await NoticesAsync(person, ct)).Select(notice => notice.Kind)];

    private protected async Task<int> UnreadAsync(Caller person, CancellationToken ct) => (await List.CountAsync(person, ct)).Value.Count;

    private protected async Task ExecuteAsync(string sql, CancellationToken ct, params long[] values)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        foreach (long value in values) command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync(ct);
    }

    private protected async Task IndexAsync(CancellationToken ct)
    {
        await using SearchIndexer indexer = new(
            new SearchNews(World.Events, World.Time), new SearchIndexStore(World.Source, MessageWords.Of), new NameStore(World.Source, MessageWords.OfName),
            World.Load, World.Peers, World.Time, NullLogger<SearchIndexer>.Instance);
        while (await indexer.FillUpAsync(ct)) continue;
        await indexer.CatchUpAsync(ct);
    }
}
