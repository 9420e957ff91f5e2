using System.Globalization;
using Chat.Domain.Fanout;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.TestKit;
using Npgsql;
using static Chat.Domain.Tests.Fanout.ClusterNode;

namespace Chat.Domain.Tests.Fanout;

/// <summary>A chat that is deleted for everyone: its sessions get the event that says so as its last, on the node that commits it and on another.</summary>
[TestFixture]
internal sealed class DeletedChatFanoutTests : TwoNodesFixture
{
    private const int Readers = 20_000;

    private ChatDeletionStore _deletions = null!;

    [SetUp]
    public void MakeStore() => _deletions = new ChatDeletionStore(Database.Source, NodeA.Fanout);

    [TestCase(false), TestCase(true), CancelAfter(60_000)]
    [Property("Promise", "P9")]
    public async Task Everybody_gets_the_end_as_the_last_event_and_is_in_it_no_more(bool isSilent, CancellationToken ct)
    {
        CreateAccountResult anna = await NewPersonAsync("Anna"), ben = await NewPersonAsync("Ben");
        long group = (await Memberships.CreateGroupAsync(anna.PrincipalId, "group", [ben.PrincipalId], 256, ct)).ChatId;
        RecordingSubscriber[] sessions =
        [
            .. ((ClusterNode[])[NodeA, NodeB]).SelectMany(node => ((CreateAccountResult[])[anna, ben]).Select(person => node.SignIn(
                person.PrincipalId, new SessionMembership(person.InboxChatId, ChatKinds.Inbox, 1, 1, 1), new SessionMembership(group, ChatKinds.Group, 1, 2, 1)))),
        ];
        if (isSilent) Bus.OnPublish = static (_, _, _) => { };
        long said = await SendAsync(group, anna);

        Assert.That((await _deletions.DeleteAsync(group, anna.PrincipalId, ct)).Status, Is.EqualTo(MembershipStatus.Done));
        while (await _deletions.TellNextAsync(null, 219, ct)) continue;
        await HealAsync(isSilent, ct);
        await UntilAsync(() => sessions.All(session => session.Events.Any(row => (short)row.Kind == EventKinds.ChatRemoved)), ct, sessions);
        await UntilAsync(() => ((ClusterNode[])[NodeA, NodeB]).All(node => !node.Fanout.IsMemberOnline(group, ben.PrincipalId)), ct, sessions);
        NodeA.Fanout.PublishEphemeral(group, [1]);

        foreach (RecordingSubscriber session in sessions)
        {
            session.Drain();
            Assert.That(session.Events.Where(row => row.ChatId == group).Select(row => ((short)row.Kind, row.Sequence)),
                Is.EqualTo(new[] { (EventKinds.Message, said), (EventKinds.ChatDeleted, said + 1) }));
        }
    }

    [Test, CancelAfter(60_000), Property("Promise", "P9")]
    public async Task Who_signs_in_by_a_membership_that_was_read_before_hears_the_end_and_leaves(CancellationToken ct)
    {
        CreateAccountResult anna = await NewPersonAsync("Anna"), ben = await NewPersonAsync("Ben");
        long group = (await Memberships.CreateGroupAsync(anna.PrincipalId, "group", [ben.PrincipalId], 256, ct)).ChatId;
        RecordingSubscriber present = NodeA.SignIn(anna.PrincipalId, new SessionMembership(group, ChatKinds.Group, 1, 2, 1));
        await _deletions.DeleteAsync(group, anna.PrincipalId, ct);

        RecordingSubscriber late = NodeA.SignIn(ben.PrincipalId, new SessionMembership(group, ChatKinds.Group, 1, 2, 1));
        await UntilAsync(() => late.Events.Count > 0 && !NodeA.Fanout.IsMemberOnline(group, ben.PrincipalId), ct, late, present);

        Assert.That(late.Events.Select(row => (short)row.Kind), Is.EqualTo(new[] { EventKinds.ChatDeleted }));
    }

    /// <summary>What is asserted is that all are out of it at once and told; the times are written down.</summary>
    [Test, CancelAfter(180_000)]
    public async Task Twenty_thousand_readers_are_out_of_a_channel_with_one_commit_and_are_told_in_steps(CancellationToken ct)
    {
        CreateAccountResult anna = await NewPersonAsync("Anna");
        long channel = (await new ChannelStore(Database.Source, NodeA.Fanout).CreateAsync(anna.PrincipalId, new NewChannel("News", null, null, "big_news"), ct)).ChatId;
        await MakeReadersAsync(channel, ct);
        long started = TimeProvider.System.GetTimestamp();
        Assert.That((await _deletions.DeleteAsync(channel, anna.PrincipalId, ct)).Status, Is.EqualTo(MembershipStatus.Done));
        double deleted = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;

        Assert.That(await CountAsync($"select count(*) from members where chat_id = {channel}", ct), Is.Zero);
        started = TimeProvider.System.GetTimestamp();
        int steps = 0;
        while (await _deletions.TellNextAsync(channel, 219, ct)) steps++;
        double told = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;

        Assert.That(steps, Is.EqualTo((Readers + ChatDeletionStore.PeopleAtOnce) / ChatDeletionStore.PeopleAtOnce));
        Assert.That(await CountAsync($"select count(*) from events where kind = 9 and subject_id = {channel} and body = 'deleted'", ct), Is.EqualTo(Readers + 1));
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"deleting a channel of {Readers} {deleted:0} ms; telling {Readers} inboxes {told:0} ms in {steps} steps"));
    }

    private async Task<long> CountAsync(string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = Database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task MakeReadersAsync(long channel, CancellationToken ct)
    {
        string sql = $"""
            with inboxes as (insert into chats (kind) select 5 from generate_series(1, {Readers}) returning id),
            people as (insert into principals (kind, name, inbox_chat_id) select 1, 'reader', id from inboxes returning id),
            past as (
                insert into members (chat_id, principal_id, role, joined_at_sequence, left_at_sequence) select {channel}, id, 1, 1, 1 from people)
            insert into members (chat_id, principal_id, role, joined_at_sequence) select {channel}, id, 1, 2 from people
            """;
        await using NpgsqlCommand command = Database.Source.CreateCommand(sql);
        command.CommandTimeout = 60;
        await command.ExecuteNonQueryAsync(ct);
    }
}
