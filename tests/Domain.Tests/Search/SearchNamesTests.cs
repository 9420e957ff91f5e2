using Chat.Domain.Search;
using Chat.Protocol.Codes;
using Chat.Storage.Search;
using Npgsql;

namespace Chat.Domain.Tests.Search;

/// <summary>R-090: people and chats are found by their names, by those who know them.</summary>
public sealed class SearchNamesTests : SearchFixture
{
    private SearchNames Names => new(NameIndex, Gate, World.Limits, TimeProvider.System);

    [Test, CancelAfter(60_000)]
    public async Task Contacts_peers_and_chats_are_found_by_beginnings_in_any_order(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), zoe = await World.PersonAsync("Zoë Müller"), stranger = await World.PersonAsync("Zoltan Muller");
        Caller kept = await World.PersonAsync("Someone");
        long direct = await World.DirectChatAsync(anna, zoe);
        await World.Contacts.PutAsync(anna.PrincipalId, kept.PrincipalId, ("Zora from work", false), 100, ct);
        long group = (await World.CreateGroup.ExecuteAsync(anna, "Zoo müllers", [], ct)).Value.ChatId;
        await World.CreateGroup.ExecuteAsync(stranger, "Zoo of others", [], ct);
        await IndexAllAsync(ct);

        FoundNames found = (await Names.ExecuteAsync(anna, "zo", null, null, ct)).Value;
        Assert.That(found.People.Select(person => person.PrincipalId), Is.EqualTo(new[] { zoe.PrincipalId, kept.PrincipalId }));
        Assert.That(found.People.Select(person => person.ChatId), Is.EqualTo(new long?[] { direct, null }));
        Assert.That(found.People[1].OwnName, Is.EqualTo("Zora from work"));
        Assert.That(found.Chats.Select(chat => chat.ChatId), Is.EqualTo(new[] { group }));
        FoundNames both = (await Names.ExecuteAsync(anna, "MULL zo", null, null, ct)).Value;
        Assert.That((both.People.Count, both.Chats.Count), Is.EqualTo((1, 1)));
        Assert.That((await Names.ExecuteAsync(zoe, "zora", null, null, ct)).Value.People, Is.Empty, "another's name for somebody is theirs");
        FailureAssert.Failed(await Names.ExecuteAsync(anna, " ", null, null, ct), ErrorCode.InvalidArgument, "q");
        FailureAssert.Failed(await Names.ExecuteAsync(anna, "a", "x1", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await Names.ExecuteAsync(anna, "a", null, 0, ct), ErrorCode.InvalidArgument, "limit");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_new_name_takes_the_place_of_the_old_one(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bertram"), carl = await World.PersonAsync("Carl");
        await World.DirectChatAsync(anna, bert);
        await World.Contacts.PutAsync(anna.PrincipalId, carl.PrincipalId, ("Cousin", false), 100, ct);
        long group = (await World.CreateGroup.ExecuteAsync(anna, "Harbour", [bert.PrincipalId], ct)).Value.ChatId;
        await IndexAllAsync(ct);
        await World.Profiles.UpdateAsync(bert.PrincipalId, new Chat.Storage.People.ProfileChange("Dieter", null, null), ct);
        await World.Rename.ExecuteAsync(anna, group, "Lighthouse", ct);
        await World.Contacts.RemoveAsync(anna.PrincipalId, carl.PrincipalId, ct);
        await IndexAllAsync(ct);

        Assert.That(await CountAsync(anna, "bertram"), Is.Zero);
        Assert.That(await CountAsync(anna, "dieter"), Is.EqualTo(1));
        Assert.That(await CountAsync(anna, "harbour"), Is.Zero);
        Assert.That(await CountAsync(anna, "lighthouse"), Is.EqualTo(1));
        Assert.That(await CountAsync(anna, "cousin"), Is.Zero);
        Assert.That(await CountAsync(bert, "lighthouse"), Is.EqualTo(1));
        await World.RemoveMember.ExecuteAsync(anna, group, bert.PrincipalId, ct);
        Assert.That(await CountAsync(bert, "lighthouse"), Is.Zero, "who was removed is not told its present name");

        async Task<int> CountAsync(Caller caller, string text)
        {
            FoundNames found = (await Names.ExecuteAsync(caller, text, null, null, ct)).Value;
            return found.People.Count + found.Chats.Count;
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_name_that_changes_while_the_one_before_is_indexed_is_indexed_too(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Ignatius");
        await World.DirectChatAsync(anna, bert);
        await using (NpgsqlConnection other = await World.Source.OpenConnectionAsync(ct))
        {
            await using NpgsqlTransaction renaming = await other.BeginTransactionAsync(ct);
            await using NpgsqlCommand rename = new("update principals set name = 'Jeremias' where id = $1", other, renaming);
            rename.Parameters.Add(new NpgsqlParameter<long> { TypedValue = bert.PrincipalId });
            await rename.ExecuteNonQueryAsync(ct);
            NameKey key = new(1, bert.PrincipalId, bert.PrincipalId);
            await NameIndex.IndexAsync([key], ct); // its first name is noted still
            await renaming.CommitAsync(ct);
            await NameIndex.IndexAsync([key], ct);
        }

        Assert.That((await Names.ExecuteAsync(anna, "jeremias", null, null, ct)).Value.People, Has.Count.EqualTo(1));
        Assert.That((await Names.ExecuteAsync(anna, "ignatius", null, null, ct)).Value.People, Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Very_many_contacts_are_looked_through_at_once(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        await SeedContactsAsync(anna.PrincipalId, count: 4_500, ct);
        await IndexAllAsync(ct);

        FoundNames none = (await Names.ExecuteAsync(anna, "a b c d x", null, null, ct)).Value;
        FoundNames last = (await Names.ExecuteAsync(anna, "a b own c d 4500", null, null, ct)).Value;

        Assert.That((none.People.Count, none.NextCursor), Is.EqualTo((0, (string?)null)));
        Assert.That(last.People.Select(person => person.OwnName), Is.EqualTo(new[] { "Own 4500" }), "some words of the one name and some of the other");
    }

    [Test, CancelAfter(60_000)]
    public async Task They_are_paged_people_in_front_of_chats(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        List<long> people = [], chats = [];
        for (int i = 0; i < 5; i++)
        {
            Caller friend = await World.PersonAsync($"Quentin {i}");
            await World.DirectChatAsync(anna, friend);
            people.Add(friend.PrincipalId);
            chats.Add((await World.CreateGroup.ExecuteAsync(anna, $"Quest {i}", [], ct)).Value.ChatId);
        }

        await IndexAllAsync(ct);
        List<long> found = [];
        string? cursor = null;
        int pages = 0;
        do
        {
            FoundNames page = (await Names.ExecuteAsync(anna, "que", cursor, 2, ct)).Value;
            found.AddRange(page.People.Select(person => person.PrincipalId));
            found.AddRange(page.Chats.Select(chat => chat.ChatId));
            cursor = page.NextCursor;
            pages++;
        }
        while (cursor is not null);

        Assert.That(found, Is.EqualTo(people.Concat(chats)));
        Assert.That(pages, Is.EqualTo(5));
    }

    private async Task SeedContactsAsync(long ownerId, int count, CancellationToken ct)
    {
        const string Sql = """
            with inboxes as (
                insert into chats (kind) select 5 from generate_series(1, $2) returning id
            ), made as (
                insert into principals (kind, name, inbox_chat_id) select 1, 'Anton Berta Carl Dora', id from inboxes returning id
            )
            insert into contacts (principal_id, contact_id, name) select $1, id, 'Own ' || row_number() over (order by id) from made
            """;
        await using NpgsqlCommand command = World.Source.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = ownerId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await command.ExecuteNonQueryAsync(ct);
    }
}
