using Chat.Domain.Chats;
using Chat.Protocol.Codes;
using Chat.Storage.Chats;

namespace Chat.Domain.Tests.Chats;

public sealed class GroupTests : WorldFixture // the world's groups hold 5
{
    private RemoveMember Remove => new(World.Memberships);

    private LeaveGroup Leave => new(World.Memberships);

    private SetMemberRole SetRole => new(World.Memberships);

    [Test, CancelAfter(20_000)]
    public async Task A_group_has_its_creator_as_admin_and_each_member_once(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, _) = await PeopleAsync();
        long[] members = [bert.PrincipalId, anna.PrincipalId, bert.PrincipalId];

        ChatRow chat = (await World.CreateGroup.ExecuteAsync(anna, "  Team  ", members, ct)).Value;

        Assert.Multiple(() =>
        {
            Assert.That((chat.Name, (ChatKind)chat.Kind, (MemberRole)chat.Role), Is.EqualTo(("Team", ChatKind.Group, MemberRole.Admin)));
            Assert.That(chat.MemberCount, Is.EqualTo(2));
        });
        Assert.That((await World.GetChat.ExecuteAsync(bert, chat.ChatId, ct)).Value.Role, Is.EqualTo((short)MemberRole.Member));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_group_may_start_with_nobody_else(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync();
        Assert.That((await World.CreateGroup.ExecuteAsync(anna, "Alone", null, ct)).Value.MemberCount, Is.EqualTo(1));
        Assert.That((await World.CreateGroup.ExecuteAsync(anna, "Alone", [], ct)).Value.MemberCount, Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public async Task Bad_groups_are_refused(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, _) = await PeopleAsync();
        long[] five = [.. Enumerable.Range(1, 5).Select(i => anna.PrincipalId + (1000 * i))];

        foreach (string? name in new[] { null, " ", new string('n', 256), "a\0b", "a\uD800" })
            FailureAssert.Failed(await World.CreateGroup.ExecuteAsync(anna, name, [bert.PrincipalId], ct), ErrorCode.InvalidArgument, "name");
        FailureAssert.Failed(await World.CreateGroup.ExecuteAsync(anna, "Big", five, ct), ErrorCode.TooManyMembers, "member_ids");
        foreach (long nobody in new[] { 0, -1, 1L << 50 })
            FailureAssert.Failed(await World.CreateGroup.ExecuteAsync(anna, "Team", [bert.PrincipalId, nobody], ct), ErrorCode.PrincipalNotFound, "member_ids");
    }

    [Test, CancelAfter(20_000)]
    public async Task An_admin_adds_members_up_to_the_limit(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, Caller dora) = await PeopleAsync();
        Caller emil = await World.PersonAsync("Emil");
        Caller fred = await World.PersonAsync("Fred");
        long chatId = await World.GroupAsync(anna, bert);

        ChatRow chat = (await World.AddMembers.ExecuteAsync(anna, chatId, [cora.PrincipalId, dora.PrincipalId, cora.PrincipalId], ct)).Value;

        Assert.That(chat.MemberCount, Is.EqualTo(4));
        FailureAssert.Failed(
            await World.AddMembers.ExecuteAsync(anna, chatId, [emil.PrincipalId, fred.PrincipalId], ct), ErrorCode.TooManyMembers, "member_ids");
        Assert.That((await World.AddMembers.ExecuteAsync(anna, chatId, [emil.PrincipalId], ct)).Value.MemberCount, Is.EqualTo(5));
        FailureAssert.Failed(
            await World.AddMembers.ExecuteAsync(anna, chatId, [.. Enumerable.Range(1, 500).Select(i => (long)i)], ct),
            ErrorCode.TooManyMembers,
            "member_ids");
    }

    [Test, CancelAfter(20_000)]
    public async Task Adding_is_refused_for_the_wrong_people(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, Caller dora) = await PeopleAsync();
        long chatId = await World.GroupAsync(anna, bert);
        long direct = await World.DirectChatAsync(anna, bert);

        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(bert, chatId, [cora.PrincipalId], ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(dora, chatId, [cora.PrincipalId], ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(anna, 1L << 50, [cora.PrincipalId], ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(anna, direct, [cora.PrincipalId], ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], ct), ErrorCode.AlreadyAMember, "member_ids");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(anna, chatId, [1L << 50], ct), ErrorCode.PrincipalNotFound, "member_ids");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(anna, chatId, [-1], ct), ErrorCode.PrincipalNotFound, "member_ids");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(anna, chatId, [], ct), ErrorCode.InvalidArgument, "member_ids");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(anna, chatId, null, ct), ErrorCode.InvalidArgument, "member_ids");
    }

    [Test, CancelAfter(20_000)]
    public async Task An_admin_removes_others_and_nobody_else_may(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, Caller dora) = await PeopleAsync();
        long chatId = await World.GroupAsync(anna, bert, cora);

        FailureAssert.Failed(await Remove.ExecuteAsync(bert, chatId, cora.PrincipalId, ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await Remove.ExecuteAsync(anna, chatId, dora.PrincipalId, ct), ErrorCode.NotAMember, "member_id");
        FailureAssert.Failed(await Remove.ExecuteAsync(anna, chatId, anna.PrincipalId, ct), ErrorCode.InvalidArgument, "member_id");
        FailureAssert.Failed(await Remove.ExecuteAsync(dora, chatId, cora.PrincipalId, ct), ErrorCode.ChatNotFound, "chat_id");
        Assert.That((await Remove.ExecuteAsync(anna, chatId, cora.PrincipalId, ct)).IsOk);

        FailureAssert.Failed(await World.GetChat.ExecuteAsync(cora, chatId, ct), ErrorCode.ChatNotFound, "chat_id");
        Assert.That((await World.GetChat.ExecuteAsync(anna, chatId, ct)).Value.MemberCount, Is.EqualTo(2));
    }

    [Test, CancelAfter(20_000)]
    public async Task Leaving_ends_membership_and_a_group_keeps_an_admin(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, Caller dora) = await PeopleAsync();
        long chatId = await World.GroupAsync(anna, bert, cora);
        long direct = await World.DirectChatAsync(anna, bert);

        Assert.That((await Leave.ExecuteAsync(anna, chatId, ct)).IsOk);

        Assert.That((await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value.Role, Is.EqualTo((short)MemberRole.Admin), "the longest-standing");
        FailureAssert.Failed(await Leave.ExecuteAsync(anna, chatId, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Leave.ExecuteAsync(dora, chatId, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Leave.ExecuteAsync(anna, direct, ct), ErrorCode.NotAllowed, "chat_id");
    }

    [Test, CancelAfter(20_000)]
    public async Task An_admin_renames_the_group(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, Caller dora) = await PeopleAsync();
        long chatId = await World.GroupAsync(anna, bert);

        Assert.That((await World.Rename.ExecuteAsync(anna, chatId, " New name ", ct)).Value.Name, Is.EqualTo("New name"));
        Assert.That((await World.Rename.ExecuteAsync(anna, chatId, "New name", ct)).IsOk, "so already");
        FailureAssert.Failed(await World.Rename.ExecuteAsync(anna, chatId, "", ct), ErrorCode.InvalidArgument, "name");
        FailureAssert.Failed(await World.Rename.ExecuteAsync(bert, chatId, "Mine", ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await World.Rename.ExecuteAsync(dora, chatId, "Mine", ct), ErrorCode.ChatNotFound, "chat_id");
    }

    [Test, CancelAfter(20_000)]
    public async Task An_admin_gives_and_takes_roles(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cora, Caller dora) = await PeopleAsync();
        long chatId = await World.GroupAsync(anna, bert, cora);

        FailureAssert.Failed(await SetRole.ExecuteAsync(bert, chatId, bert.PrincipalId, MemberRole.Admin, ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await SetRole.ExecuteAsync(anna, chatId, dora.PrincipalId, MemberRole.Admin, ct), ErrorCode.NotAMember, "member_id");
        FailureAssert.Failed(await SetRole.ExecuteAsync(anna, chatId, bert.PrincipalId, (MemberRole)3, ct), ErrorCode.InvalidArgument, "role");
        Assert.That((await SetRole.ExecuteAsync(anna, chatId, bert.PrincipalId, MemberRole.Admin, ct)).IsOk);
        Assert.That((await SetRole.ExecuteAsync(anna, chatId, bert.PrincipalId, MemberRole.Admin, ct)).IsOk, "so already");
        Assert.That((await SetRole.ExecuteAsync(bert, chatId, anna.PrincipalId, MemberRole.Member, ct)).IsOk);

        Assert.That((await World.GetChat.ExecuteAsync(anna, chatId, ct)).Value.Role, Is.EqualTo((short)MemberRole.Member));
    }

    private async Task<(Caller Anna, Caller Bert, Caller Cora, Caller Dora)> PeopleAsync() => (
        await World.PersonAsync("Anna"), await World.PersonAsync("Bert"), await World.PersonAsync("Cora"), await World.PersonAsync("Dora"));
}
