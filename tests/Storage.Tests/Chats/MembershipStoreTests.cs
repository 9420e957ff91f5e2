using Chat.Storage.Accounts;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Tests.ChatLog;
using Chat.TestKit;
using Npgsql;

namespace Chat.Storage.Tests.Chats;

[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class MembershipStoreTests
{
    private const int MaxMembers = 256;

    [Test, CancelAfter(30_000)]
    public async Task A_pair_has_one_direct_chat_however_many_open_it_at_once(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        var store = new MembershipStore(fixture.Database.Source, fixture.Events);

        MembershipOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 2 == 0
            ? store.OpenDirectAsync(fixture.Anna, fixture.Ben, ct)
            : store.OpenDirectAsync(fixture.Ben, fixture.Anna, ct)));

        Assert.That(outcomes.Count(outcome => outcome.Status == MembershipStatus.Done), Is.EqualTo(1));
        Assert.That(outcomes.Select(outcome => outcome.ChatId).Distinct().Count(), Is.EqualTo(1));
        ChatRow row = (await new ChatStore(fixture.Database.Source).FindAsync(outcomes[0].ChatId, fixture.Ben, ct))!;
        Assert.That((row.Kind, row.PeerId, row.PeerName, row.HeadSequence, row.ReadUpTo, row.MemberCount, row.Name),
            Is.EqualTo((ChatKinds.Direct, (long?)fixture.Anna, "Anna", 1L, 1L, 2, (string?)null)));
        Assert.That((row.LastEvent!.Kind, row.LastEvent.Text), Is.EqualTo((EventKinds.ChatCreated, (string?)null)));
        foreach (long person in (long[])[fixture.Anna, fixture.Ben])
            Assert.That(await InboxAsync(fixture, person, ct), Does.Contain((EventKinds.ChatAdded, outcomes[0].ChatId)));
    }

    [Test, CancelAfter(30_000)]
    public async Task Direct_chat_with_nobody_or_oneself_is_not_made(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        var store = new MembershipStore(fixture.Database.Source, fixture.Events);

        Assert.That((await store.OpenDirectAsync(fixture.Anna, 999_999, ct)).Status, Is.EqualTo(MembershipStatus.PrincipalNotFound));
        Assert.That((await store.OpenDirectAsync(fixture.Anna, fixture.Anna, ct)).Status, Is.EqualTo(MembershipStatus.NotAllowed));
    }

    [Test, CancelAfter(30_000)]
    public async Task Group_starts_with_its_creation_and_its_members_in_the_given_order(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        long[] people = await fixture.People.CreateManyAsync(3);
        var store = new MembershipStore(fixture.Database.Source, fixture.Events);

        MembershipOutcome made = await store.CreateGroupAsync(
            people[0], "Team", [people[2], people[0], people[1], people[2]], MaxMembers, ct);

        IReadOnlyList<EventRow> events = await fixture.ReadAllAsync(made.ChatId);
        Assert.That(events.Select(e => (e.Kind, e.SenderId, e.SubjectId, e.Text, e.Role)), Is.EqualTo(new[]
        {
            (EventKinds.ChatCreated, people[0], (long?)null, (string?)"Team", (short?)null),
            (EventKinds.MemberAdded, people[0], people[2], null, MemberRoles.Member),
            (EventKinds.MemberAdded, people[0], people[1], null, MemberRoles.Member),
        }));
        Assert.That(fixture.Events.Of(made.ChatId), Is.EqualTo(events));
        MemberPage members = (await new ChatStore(fixture.Database.Source).ListMembersAsync(made.ChatId, people[1], 0, 10, ct))!;
        Assert.That(members.Members.Select(m => (m.PrincipalId, m.Role, m.JoinedAtSequence, m.ReadUpTo)), Is.EqualTo(new[]
        {
            (people[0], MemberRoles.Admin, 1L, 3L), (people[1], MemberRoles.Member, 1L, 3L), (people[2], MemberRoles.Member, 1L, 3L),
        }));
        foreach (long person in people)
            Assert.That(await InboxAsync(fixture, person, ct), Is.EqualTo(new[] { (EventKinds.ChatAdded, made.ChatId) }));
    }

    [Test, CancelAfter(30_000), Property("Promise", "P15"), Property("Issue", 4)]
    public async Task A_change_whose_commit_got_no_answer_is_in_doubt_and_how_far_the_chat_goes_can_be_asked(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await using var proxy = new PostgresProxy(fixture.Database.ConnectionString);
        // The first answer outside of a transaction is then that of the commit.
        var store = new ChatDetailsStore(fixture.CreateSource(proxy.ConnectionString + ";No Reset On Close=true"), fixture.Events);
        await store.RenameAsync(fixture.Group, fixture.Anna, "first", ct);

        proxy.SwallowNextReply();
        Assert.That(async () => await store.RenameAsync(fixture.Group, fixture.Anna, "second", ct), Throws.InstanceOf<NpgsqlException>());

        Assert.That(fixture.Events.InDoubt, Is.EqualTo(new[] { fixture.Group }));
        Assert.That(fixture.Events.Of(fixture.Group)[^1].Text, Is.EqualTo("first"), "nobody was told");
        var heads = new HeadStore(fixture.Database.Source);
        Assert.That(await heads.ReadSettledAsync([fixture.Group, 999_999], ct), Is.EqualTo(new[] { new ChatHead(fixture.Group, 4) }));
    }

    [Test, CancelAfter(30_000), Property("Promise", "P15"), Property("Issue", 4)]
    public async Task A_settled_head_waits_for_who_is_about_to_commit(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        await using NpgsqlConnection writing = await fixture.Database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await writing.BeginTransactionAsync(ct);
        await using (var count = new NpgsqlCommand($"update chats set head_sequence = head_sequence + 1 where id = {fixture.Group}", writing))
            await count.ExecuteNonQueryAsync(ct);

        Task<IReadOnlyList<ChatHead>> reading = new HeadStore(fixture.Database.Source).ReadSettledAsync([fixture.Group], ct);
        const string Waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        await using NpgsqlCommand waiting = fixture.Database.Source.CreateCommand(Waits);
        while ((long)(await waiting.ExecuteScalarAsync(ct))! == 0) await Task.Yield();
        await transaction.CommitAsync(ct);

        Assert.That(await reading, Is.EqualTo(new[] { new ChatHead(fixture.Group, 3) }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Who_may_not_is_told_why_and_nothing_changes(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        (long anna, long ben, long group) = (fixture.Anna, fixture.Ben, fixture.Group);
        long cara = await fixture.People.CreateAsync();
        var store = new MembershipStore(fixture.Database.Source, fixture.Events);
        var details = new ChatDetailsStore(fixture.Database.Source, fixture.Events);
        long direct = (await store.OpenDirectAsync(anna, ben, ct)).ChatId;

        (Task<MembershipOutcome> Call, MembershipStatus Expected)[] cases =
        [
            (store.AddMembersAsync(group, ben, [cara], MaxMembers, ct), MembershipStatus.NotAllowed),
            (store.AddMembersAsync(group, cara, [cara], MaxMembers, ct), MembershipStatus.ChatNotFound),
            (store.AddMembersAsync(424_242, anna, [cara], MaxMembers, ct), MembershipStatus.ChatNotFound),
            (store.AddMembersAsync(group, anna, [cara, ben], MaxMembers, ct), MembershipStatus.AlreadyAMember),
            (store.AddMembersAsync(group, anna, [cara], 2, ct), MembershipStatus.TooManyMembers),
            (store.AddMembersAsync(group, anna, [cara, 999_999], MaxMembers, ct), MembershipStatus.PrincipalNotFound),
            (store.AddMembersAsync(direct, anna, [cara], MaxMembers, ct), MembershipStatus.NotAllowed),
            (store.CreateGroupAsync(anna, "x", [ben, cara], 2, ct), MembershipStatus.TooManyMembers),
            (store.CreateGroupAsync(anna, "x", [999_999], MaxMembers, ct), MembershipStatus.PrincipalNotFound),
            (store.RemoveMemberAsync(group, ben, anna, ct), MembershipStatus.NotAllowed),
            (store.RemoveMemberAsync(group, anna, cara, ct), MembershipStatus.NotAMember),
            (details.RenameAsync(group, ben, "y", ct), MembershipStatus.NotAllowed),
            (details.RenameAsync(group, anna, "group", ct), MembershipStatus.AlreadyThere),
            (store.SetRoleAsync(group, anna, cara, MemberRoles.Admin, ct), MembershipStatus.NotAMember),
            (store.SetRoleAsync(group, anna, ben, MemberRoles.Member, ct), MembershipStatus.AlreadyThere),
            (store.SetRoleAsync(group, anna, anna, MemberRoles.Member, ct), MembershipStatus.NotAllowed),
            (store.LeaveAsync(direct, anna, ct), MembershipStatus.NotAllowed),
            (store.LeaveAsync(group, cara, ct), MembershipStatus.ChatNotFound),
        ];

        for (int i = 0; i < cases.Length; i++)
            Assert.That((await cases[i].Call).Status, Is.EqualTo(cases[i].Expected), $"case {i}");
        Assert.That(await fixture.ReadAllAsync(group), Has.Count.EqualTo(2));
        Assert.That(await InboxAsync(fixture, cara, ct), Is.Empty);
    }

    [Test, CancelAfter(30_000), Property("Promise", "P9")]
    public async Task History_is_visible_within_ones_intervals_only(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        long cara = await fixture.People.CreateAsync("Cara");
        var store = new MembershipStore(fixture.Database.Source, fixture.Events);
        ChatLogWriter writer = fixture.CreateWriter();
        async Task SendAsync(string text) => await writer.AppendAsync(ChatLogFixture.Message(fixture.Group, fixture.Anna, text));

        await SendAsync("before"); // 3
        await store.AddMembersAsync(fixture.Group, fixture.Anna, [cara], MaxMembers, ct); // 4
        await SendAsync("seen"); // 5
        await store.RemoveMemberAsync(fixture.Group, fixture.Anna, cara, ct); // 6
        await SendAsync("hidden"); // 7
        HistoryPage whileOut = (await fixture.Log.ReadAsync(fixture.Group, cara, after: 0, null, 50, 200_000, ct))!;
        await store.AddMembersAsync(fixture.Group, fixture.Anna, [cara], MaxMembers, ct); // 8
        await SendAsync("again"); // 9
        HistoryPage whileIn = (await fixture.Log.ReadAsync(fixture.Group, cara, after: 0, null, 50, 200_000, ct))!;

        Assert.That(whileOut.Events.Select(e => e.Sequence), Is.EqualTo(new[] { 4L, 5, 6 }));
        Assert.That((whileOut.HeadSequence, whileOut.CoversFrom, whileOut.CoversTo, whileOut.HasMore), Is.EqualTo((6L, 1L, 6L, false)));
        Assert.That(whileIn.Events.Select(e => e.Sequence), Is.EqualTo(new[] { 4L, 5, 6, 8, 9 }));
        Assert.That((whileIn.HeadSequence, whileIn.CoversTo), Is.EqualTo((9L, 9L)));
        Assert.That(await InboxAsync(fixture, cara, ct), Is.EqualTo(new[]
        {
            (EventKinds.ChatAdded, fixture.Group), (EventKinds.ChatRemoved, fixture.Group), (EventKinds.ChatAdded, fixture.Group),
        }));
        ChatRow row = (await new ChatStore(fixture.Database.Source).FindAsync(fixture.Group, cara, ct))!;
        Assert.That((row.JoinedAtSequence, row.ReadUpTo, row.MemberCount), Is.EqualTo((8L, 8L, 3)));
        Assert.That(await fixture.Log.ReadAsync(fixture.Group, await fixture.People.CreateAsync(), null, null, 50, 200_000, ct), Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task Last_admin_who_leaves_hands_over_to_the_longest_standing_member(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        long cara = await fixture.People.CreateAsync();
        var store = new MembershipStore(fixture.Database.Source, fixture.Events);
        await store.AddMembersAsync(fixture.Group, fixture.Anna, [cara], MaxMembers, ct);

        MembershipOutcome left = await store.LeaveAsync(fixture.Group, fixture.Anna, ct);

        Assert.That(left, Is.EqualTo(new MembershipOutcome(MembershipStatus.Done, fixture.Group)));
        IReadOnlyList<EventRow> events = await fixture.ReadAllAsync(fixture.Group);
        Assert.That(events.Skip(3).Select(e => (e.Kind, e.SubjectId, e.Role)), Is.EqualTo(new[]
        {
            (EventKinds.RoleChanged, (long?)fixture.Ben, (short?)MemberRoles.Admin), (EventKinds.MemberLeft, fixture.Anna, null),
        }));
        var details = new ChatDetailsStore(fixture.Database.Source, fixture.Events);
        Assert.That((await details.RenameAsync(fixture.Group, fixture.Ben, "Ben's", ct)).Status, Is.EqualTo(MembershipStatus.Done));
        Assert.That((await details.RenameAsync(fixture.Group, fixture.Anna, "Anna's", ct)).Status, Is.EqualTo(MembershipStatus.ChatNotFound));
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(30_000)]
    public async Task Role_and_name_changes_are_events_and_nobody_has_read_by_them(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        var store = new MembershipStore(fixture.Database.Source, fixture.Events);
        var chats = new ChatStore(fixture.Database.Source);

        await new ChatDetailsStore(fixture.Database.Source, fixture.Events).RenameAsync(fixture.Group, fixture.Anna, "New", ct);
        await store.SetRoleAsync(fixture.Group, fixture.Anna, fixture.Ben, MemberRoles.Admin, ct);
        await store.SetRoleAsync(fixture.Group, fixture.Ben, fixture.Anna, MemberRoles.Member, ct);

        Assert.That((await fixture.ReadAllAsync(fixture.Group)).Skip(2).Select(e => (e.Kind, e.SenderId, e.Text, e.SubjectId, e.Role)), Is.EqualTo(new[]
        {
            (EventKinds.Renamed, fixture.Anna, (string?)"New", (long?)null, (short?)null),
            (EventKinds.RoleChanged, fixture.Anna, null, fixture.Ben, MemberRoles.Admin),
            (EventKinds.RoleChanged, fixture.Ben, null, fixture.Anna, MemberRoles.Member),
        }));
        ChatRow ofAnna = (await chats.FindAsync(fixture.Group, fixture.Anna, ct))!;
        Assert.That((ofAnna.Name, ofAnna.Role, ofAnna.ReadUpTo, ofAnna.HeadSequence), Is.EqualTo(("New", MemberRoles.Member, 2L, 5L)));
    }

    [Test, CancelAfter(60_000), Property("Promise", "P3")]
    public async Task Changes_of_many_chats_and_messages_at_once_leave_every_log_dense(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        var store = new MembershipStore(fixture.Database.Source, fixture.Events);
        ChatLogWriter writer = fixture.CreateWriter();
        long[] people = await fixture.People.CreateManyAsync(5);
        long[] groups = [fixture.Group, await fixture.People.CreateGroupAsync(fixture.Anna), await fixture.People.CreateGroupAsync(fixture.Anna)];

        await Task.WhenAll(people.Select(async person =>
        {
            for (int i = 0; i < 6; i++)
                foreach (long group in groups)
                {
                    Task<AppendOutcome> sent = writer.AppendAsync(ChatLogFixture.Message(group, fixture.Anna)).AsTask();
                    await store.AddMembersAsync(group, fixture.Anna, [person], MaxMembers, ct);
                    await store.RemoveMemberAsync(group, fixture.Anna, person, ct);
                    await sent;
                }
        }));

        foreach (long group in groups)
            await fixture.AssertDenseAsync(group);
        foreach (long person in people)
        {
            AccountRow account = (await fixture.People.Accounts.FindAsync(person, ct))!;
            await fixture.AssertDenseAsync(account.InboxChatId);
            Assert.That(await fixture.ReadAllAsync(account.InboxChatId), Has.Count.EqualTo(36));
        }
    }

    private static async Task<IReadOnlyList<(short Kind, long ChatId)>> InboxAsync(ChatLogFixture fixture, long person, CancellationToken ct)
    {
        AccountRow account = (await fixture.People.Accounts.FindAsync(person, ct))!;
        return [.. (await fixture.ReadAllAsync(account.InboxChatId)).Select(e => (e.Kind, e.SubjectId!.Value))];
    }
}
