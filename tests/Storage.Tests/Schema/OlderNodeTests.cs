using Chat.Storage.People;
using Chat.Storage.Tests.ChatLog;
using Npgsql;

namespace Chat.Storage.Tests.Schema;

/// <summary>What a node of the version before writes beside this one: the statements are its own, and know no column of ours.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class OlderNodeTests
{
    [Test, CancelAfter(30_000)]
    public async Task A_direct_chat_and_a_membership_that_it_makes_honour_what_was_set_before(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        NpgsqlDataSource source = fixture.Database.Source;
        long cleo = await fixture.People.CreateAsync("Cleo");
        await new BlockStore(source, fixture.Events).BlockAsync(fixture.Anna, fixture.Ben, 10, ct);
        await new ProfileStore(source, fixture.Events).SetPrivacyAsync(cleo, new PrivacyChange(null, null, null, ReadReceipts: false), ct);

        long blocked = await MakeDirectAsync(fixture.Anna, fixture.Ben), open = await MakeDirectAsync(fixture.Anna, cleo);

        Assert.That(await ScalarAsync($"select blocked from chats where id = {blocked}"), Is.True);
        Assert.That(await ScalarAsync($"select blocked from chats where id = {open}"), Is.False);
        Assert.That(await ScalarAsync($"select hides_reads from members where chat_id = {open} and principal_id = {cleo}"), Is.True);
        Assert.That(await ScalarAsync($"select hides_reads from members where chat_id = {open} and principal_id = {fixture.Anna}"), Is.False);

        async Task<long> MakeDirectAsync(long a, long b)
        {
            await using NpgsqlCommand command = source.CreateCommand(
                $"""
                with made as (insert into chats (kind, low_principal_id, high_principal_id) values (1, {Math.Min(a, b)}, {Math.Max(a, b)}) returning id),
                joined as (
                    insert into members (chat_id, principal_id, role, joined_at_sequence, delivered_up_to, read_up_to)
                    select made.id, p, 1, 1, 1, 1 from made, unnest(array[{a}, {b}]) as p)
                select id from made
                """);
            return (long)(await command.ExecuteScalarAsync(ct))!;
        }

        async Task<object?> ScalarAsync(string sql)
        {
            await using NpgsqlCommand command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync(ct);
        }
    }
}
