using Chat.Domain.Chats;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Chats;
using Npgsql;

namespace Chat.Domain.Tests.Chats;

/// <summary>Links by which people join a group or channel.</summary>
public sealed class InviteTests : WorldFixture
{
    private InviteStore Store => new(World.Source, World.Events);

    private Invites Invites => new(Store, World.Limits, World.Time);

    private JoinChat Join => new(Store, new ChannelStore(World.Source, World.Events), World.GetChat, World.Limits);

    [Test, CancelAfter(60_000)]
    public async Task One_looks_and_joins_and_all_hear_of_it(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna);
        await World.SendAsync(anna, chatId, "before");
        InviteRow link = (await Invites.CreateAsync(anna, chatId, null, null, ct)).Value;
        Assert.That(link.Code, Has.Length.EqualTo(22));

        ChatPreview preview = (await Join.PreviewAsync(bert, link.Code, ct)).Value;
        ChatRow joined = (await Join.JoinAsync(bert, link.Code, ct)).Value;
        Assert.That((await Join.JoinAsync(bert, link.Code, ct)).Value.ChatId, Is.EqualTo(chatId), "twice is once");

        Assert.That((preview.Name, preview.MemberCount, preview.IsMember), Is.EqualTo(("Team", 1, false)));
        Assert.That((joined.ChatId, joined.MemberCount, joined.Role, joined.Unread), Is.EqualTo((chatId, 2, MemberRoles.Member, 0L)));
        EventRow told = World.Events.Committed.Single(row => row.ChatId == chatId && row.Kind == EventKinds.MemberAdded);
        Assert.That((told.SenderId, told.SubjectId, told.Sequence), Is.EqualTo((bert.PrincipalId, (long?)bert.PrincipalId, joined.JoinedAtSequence)));
        Assert.That((await Invites.ListAsync(anna, chatId, null, null, ct)).Value.Invites.Single().Uses, Is.EqualTo(1));
        Assert.That((await Join.PreviewAsync(bert, link.Code, ct)).Value.IsMember, Is.True);
    }

    [Test, CancelAfter(60_000)]
    public async Task Of_many_who_come_at_once_as_many_get_in_as_may(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        InviteRow link = (await Invites.CreateAsync(anna, chatId, null, 2, ct)).Value;
        List<Caller> people = [];
        for (int i = 0; i < 4; i++) people.Add(await World.PersonAsync($"P{i}"));

        Result<ChatRow>[] came = await Task.WhenAll(people.Select(person => Join.JoinAsync(person, link.Code, ct)));

        Assert.That(came.Count(result => result.IsOk), Is.EqualTo(2));
        Assert.That(came.Where(result => !result.IsOk).Select(result => result.Failure!.Code), Is.All.EqualTo(ErrorCode.InviteExpired));
        Assert.That((await World.GetChat.ExecuteAsync(anna, chatId, ct)).Value.MemberCount, Is.EqualTo(3));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_link_that_was_revoked_or_is_over_lets_nobody_in(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna);
        InviteRow revoked = (await Invites.CreateAsync(anna, chatId, null, null, ct)).Value;
        InviteRow over = (await Invites.CreateAsync(anna, chatId, World.Time.GetUtcNow().AddMinutes(1), null, ct)).Value;
        for (int twice = 0; twice < 2; twice++) Assert.That((await Invites.RevokeAsync(anna, chatId, revoked.Code, ct)).IsOk);
        await using (NpgsqlCommand pass = World.Source.CreateCommand("update invites set expires_at = now() - interval '1 second' where code = $1"))
        {
            pass.Parameters.AddWithValue(over.Code);
            await pass.ExecuteNonQueryAsync(ct);
        }

        foreach (InviteRow link in (InviteRow[])[revoked, over])
        {
            Assert.That((await Join.PreviewAsync(bert, link.Code, ct)).Failure!.Code, Is.EqualTo(ErrorCode.InviteExpired));
            Assert.That((await Join.JoinAsync(bert, link.Code, ct)).Failure!.Code, Is.EqualTo(ErrorCode.InviteExpired));
        }

        Assert.That((await Invites.ListAsync(anna, chatId, null, null, ct)).Value.Invites.Select(link => link.IsRevoked), Is.EquivalentTo(new[] { true, false }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Whom_an_admin_removed_comes_back_by_an_admin_alone(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cem = await World.PersonAsync("Cem");
        long chatId = await World.GroupAsync(anna, bert, cem);
        await World.Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { AddRole = 1 }, ct);
        InviteRow link = (await Invites.CreateAsync(anna, chatId, null, null, ct)).Value;
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);

        FailureAssert.Failed(await Join.JoinAsync(bert, link.Code, ct), ErrorCode.NotAllowed, "code");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(cem, chatId, [bert.PrincipalId], ct), ErrorCode.NotAllowed, "chat_id");
        Assert.That((await Invites.ListAsync(anna, chatId, null, null, ct)).Value.Invites.Single().Uses, Is.Zero);

        Assert.That((await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], ct)).IsOk);
        await World.Memberships.LeaveAsync(chatId, bert.PrincipalId, ct);
        Assert.That((await Join.JoinAsync(bert, link.Code, ct)).IsOk, "forgiven, and gone by their own will since");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_link_lets_in_only_while_its_maker_may(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cem = await World.PersonAsync("Cem");
        long chatId = await World.GroupAsync(anna, bert);
        await World.Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { AddRole = 1 }, ct);
        string code = (await Invites.CreateAsync(bert, chatId, null, null, ct)).Value.Code;

        await World.Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { AddRole = 2 }, ct);
        await AssertDeadAsync("the least role was raised");
        await World.Memberships.SetRoleAsync(chatId, anna.PrincipalId, bert.PrincipalId, MemberRoles.Admin, ct);
        Assert.That((await Join.PreviewAsync(cem, code, ct)).IsOk);
        await World.Memberships.SetRoleAsync(chatId, anna.PrincipalId, bert.PrincipalId, MemberRoles.Member, ct);
        await AssertDeadAsync("its maker was an admin");
        await World.Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { AddRole = 1 }, ct);
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);
        await AssertDeadAsync("its maker was removed");
        Assert.That((await Join.JoinAsync(bert, code, ct)).Failure!.Code, Is.EqualTo(ErrorCode.InviteExpired));

        async Task AssertDeadAsync(string why)
        {
            Assert.That((await Join.PreviewAsync(cem, code, ct)).Failure?.Code, Is.EqualTo(ErrorCode.InviteExpired), why);
            Assert.That((await Join.JoinAsync(cem, code, ct)).Failure?.Code, Is.EqualTo(ErrorCode.InviteExpired), why);
            Assert.That((await Invites.ListAsync(anna, chatId, null, null, ct)).Value.Invites.Single().IsRevoked, Is.True, why);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Links_are_judged_one_after_another_with_what_changes_their_makers_rights(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        await World.Memberships.SetRoleAsync(chatId, anna.PrincipalId, bert.PrincipalId, MemberRoles.Admin, ct);
        Task<Result<InviteRow>> making;
        await using (NpgsqlConnection other = await World.Source.OpenConnectionAsync(ct))
        {
            await using NpgsqlTransaction demoting = await other.BeginTransactionAsync(ct);
            await ExecuteAsync(other, $"select from chats where id = {chatId} for no key update", ct);
            making = Invites.CreateAsync(bert, chatId, null, null, ct);
            await using (NpgsqlConnection watching = await World.Source.OpenConnectionAsync(ct))
            {
                while (!making.IsCompleted && !await IsSomebodyWaitingAsync(watching, ct))
                    await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ct);
            }

            await ExecuteAsync(other, $"update members set role = 1 where chat_id = {chatId} and principal_id = {bert.PrincipalId}", ct);
            await demoting.CommitAsync(ct);
        }

        FailureAssert.Failed(await making, ErrorCode.NotAllowed, "chat_id");

        for (int i = 1; i < InviteStore.MaxLinks; i++) await Invites.CreateAsync(anna, chatId, null, null, ct);
        Result<InviteRow>[] last = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Invites.CreateAsync(anna, chatId, null, null, ct)));
        Assert.That(last.Count(made => made.IsOk), Is.EqualTo(1));
        Result<InviteRow> over = last.First(made => !made.IsOk);
        FailureAssert.Failed(over, ErrorCode.InvalidArgument, "chat_id");
        Assert.That(over.Failure!.Message, Does.Contain("revoke one"));
    }

    [Test, CancelAfter(60_000)]
    public async Task The_end_of_time_is_for_ever_and_a_full_group_says_so(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        InviteRow link = (await Invites.CreateAsync(anna, chatId, DateTimeOffset.MaxValue, null, ct)).Value;
        Assert.That(link.ExpiresAtMs, Is.EqualTo(253_402_300_799_000));

        for (int i = 0; i < 4; i++) Assert.That((await Join.JoinAsync(await World.PersonAsync($"P{i}"), link.Code, ct)).IsOk);
        Result<ChatRow> sixth = await Join.JoinAsync(await World.PersonAsync("P4"), link.Code, ct);
        FailureAssert.Failed(sixth, ErrorCode.TooManyMembers, "code");
        Assert.That(sixth.Failure!.Message, Does.Not.Contain("send fewer"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Dead_links_go_after_a_while(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        List<string> codes = [];
        for (int i = 0; i < 6; i++) codes.Add((await Invites.CreateAsync(anna, chatId, null, i == 2 ? 1 : null, ct)).Value.Code);
        string[] ages =
        [
            "revoked_at = now() - interval '31 days'", "expires_at = now() - interval '31 days'", "uses = 1, created_at = now() - interval '31 days'",
            "revoked_at = now() - interval '29 days'", "expires_at = now() + interval '1 day'", "created_at = now() - interval '1 year'",
        ];
        await using (NpgsqlConnection connection = await World.Source.OpenConnectionAsync(ct))
        {
            for (int i = 0; i < ages.Length; i++) await ExecuteAsync(connection, $"update invites set {ages[i]} where code = '{codes[i]}'", ct);
        }

        Assert.That(await Store.DeleteDeadAsync(2, ct), Is.EqualTo(2));
        Assert.That(await Store.DeleteDeadAsync(2, ct), Is.EqualTo(1));

        Assert.That((await Invites.ListAsync(anna, chatId, null, null, ct)).Value.Invites.Select(link => link.Code), Is.EquivalentTo(codes[3..]));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_cannot_be_is_refused(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), stranger = await World.PersonAsync("Stranger");
        long chatId = await World.GroupAsync(anna, bert), direct = await World.DirectChatAsync(anna, bert);
        InviteRow link = (await Invites.CreateAsync(anna, chatId, null, null, ct)).Value;

        FailureAssert.Failed(await Invites.CreateAsync(bert, chatId, null, null, ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await Invites.CreateAsync(stranger, chatId, null, null, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Invites.CreateAsync(anna, direct, null, null, ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await Invites.CreateAsync(anna, chatId, World.Time.GetUtcNow(), null, ct), ErrorCode.InvalidArgument, "expires_at");
        FailureAssert.Failed(await Invites.CreateAsync(anna, chatId, null, 0, ct), ErrorCode.InvalidArgument, "max_uses");
        FailureAssert.Failed(await Invites.ListAsync(bert, chatId, null, null, ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await Invites.ListAsync(anna, chatId, "7.x", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await Invites.ListAsync(anna, chatId, null, 101, ct), ErrorCode.InvalidArgument, "limit");
        FailureAssert.Failed(await Invites.RevokeAsync(bert, chatId, link.Code, ct), ErrorCode.NotAllowed, "chat_id");
        long other = await World.GroupAsync(bert);
        Assert.That((await Invites.RevokeAsync(bert, other, link.Code, ct)).Failure!.Code, Is.EqualTo(ErrorCode.InviteNotFound), "another chat's");
        foreach (string? code in (string?[])[null, "", "short", new string('A', 22), new string('!', 22), link.Code + "A"])
            Assert.That((await Join.JoinAsync(stranger, code, ct)).Failure!.Code, Is.EqualTo(ErrorCode.InviteNotFound));

        for (int i = 0; i < 3; i++) Assert.That((await Join.JoinAsync(await World.PersonAsync($"P{i}"), link.Code, ct)).IsOk);
        Assert.That((await Join.JoinAsync(stranger, link.Code, ct)).Failure!.Code, Is.EqualTo(ErrorCode.TooManyMembers), "five are enough");
    }

    [Test, CancelAfter(60_000)]
    public async Task Links_are_paged_the_newest_first_and_looking_is_limited(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(new LimitSettings { LookupsPerSecond = 0.01, LookupsBurst = 2, SendsPerSecond = 0 });
        Caller anna = await world.PersonAsync("Anna");
        long chatId = await world.GroupAsync(anna);
        InviteStore store = new(world.Source, world.Events);
        Invites invites = new(store, world.Limits, world.Time);
        List<string> made = [];
        for (int i = 0; i < 5; i++) made.Add((await invites.CreateAsync(anna, chatId, null, null, ct)).Value.Code);

        List<string> listed = [];
        string? cursor = null;
        do
        {
            InvitePage page = (await invites.ListAsync(anna, chatId, cursor, 2, ct)).Value;
            listed.AddRange(page.Invites.Select(link => link.Code));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.That(listed, Is.EquivalentTo(made));
        Assert.That(listed, Is.Unique);
        JoinChat join = new(store, new ChannelStore(world.Source, world.Events), world.GetChat, world.Limits);
        for (int i = 0; i < 2; i++) Assert.That((await join.PreviewAsync(anna, made[0], ct)).IsOk);
        Assert.That((await join.PreviewAsync(anna, made[0], ct)).Failure!.Code, Is.EqualTo(ErrorCode.RateLimited));
    }

    [Test, CancelAfter(60_000)]
    public async Task Each_way_to_ask_for_links_has_a_rate(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(
            new LimitSettings { OwnChangesPerMinute = 0.06, OwnChangesBurst = 2, HistoryPerSecond = 0.001, HistoryBurst = 1 });
        Caller anna = await world.PersonAsync("Anna");
        long chatId = await world.GroupAsync(anna);
        Invites invites = new(new InviteStore(world.Source, world.Events), world.Limits, world.Time);

        string code = (await invites.CreateAsync(anna, chatId, null, null, ct)).Value.Code;
        Assert.That((await invites.RevokeAsync(anna, chatId, code, ct)).IsOk);
        Assert.That((await invites.RevokeAsync(anna, chatId, code, ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited));
        Assert.That((await invites.ListAsync(anna, chatId, null, null, ct)).IsOk);
        Assert.That((await invites.ListAsync(anna, chatId, null, null, ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<bool> IsSomebodyWaitingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using NpgsqlCommand command = new(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')", connection);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
