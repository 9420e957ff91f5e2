using Chat.Domain.Chats;
using Chat.Domain.Limits;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Chats;

namespace Chat.Domain.Tests.Chats;

/// <summary>What a group is beside its name, and who may do what in it, protocol-spec.md §6.37.</summary>
public sealed class UpdateChatTests : WorldFixture
{
    private UpdateChat Update => World.Update;

    [Test, CancelAfter(60_000)]
    public async Task A_change_is_seen_by_all_and_its_event_names_what(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        ChatDetailsChange change = new() { Name = " Harbour ", Description = "Ships\nand cranes", Avatar = "media/9", Theme = "sand", AddRole = 1 };

        Assert.That((await Update.ExecuteAsync(anna, chatId, change, ct)).IsOk);
        Assert.That((await Update.ExecuteAsync(anna, chatId, change, ct)).IsOk, "twice is once");

        ChatRow row = (await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value;
        Assert.That(row.Name, Is.EqualTo("Harbour"));
        Assert.That(row.Details, Is.EqualTo(new ChatDetailsRow(1, 2, 1, "Ships\nand cranes", "media/9", "sand")));
        Assert.That(row.Unread, Is.Zero);
        EventRow[] told = [.. World.Events.Committed.Where(e => e.ChatId == chatId && e.Kind is EventKinds.Renamed or EventKinds.ChatInfoChanged)];
        Assert.That(told.Select(e => (e.Kind, e.Text)), Is.EqualTo(new[]
        {
            (EventKinds.Renamed, "Harbour"), (EventKinds.ChatInfoChanged, "description avatar theme permissions"),
        }));

        await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { Description = "", Avatar = "", Theme = "", AddRole = 2 }, ct);
        Assert.That((await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value.Details, Is.Null, "as at the beginning");
    }

    [Test, CancelAfter(60_000)]
    public async Task Only_admins_write_where_it_is_so_and_the_way_back_is_open(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        Guid retried = Guid.NewGuid();
        long before = (await World.Send.ExecuteAsync(bert, new SendMessageInput(chatId, retried, "before", null))).Value.Sequence;
        await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { SendRole = 2 }, ct);

        for (int twice = 0; twice < 2; twice++) // the second is judged by the careful statement
        {
            FailureAssert.Failed(
                await World.Send.ExecuteAsync(bert, new SendMessageInput(chatId, Guid.NewGuid(), "no", null)), ErrorCode.NotAllowed, "chat_id");
            await World.SendAsync(anna, chatId, "yes");
        }

        Assert.That((await World.Send.ExecuteAsync(bert, new SendMessageInput(chatId, retried, "before", null))).Value.Sequence, Is.EqualTo(before),
            "a retry of what is stored is answered as ever");
        await World.Memberships.SetRoleAsync(chatId, anna.PrincipalId, bert.PrincipalId, MemberRoles.Admin, ct);
        await World.SendAsync(bert, chatId, "as an admin");
        await World.Memberships.SetRoleAsync(chatId, anna.PrincipalId, bert.PrincipalId, MemberRoles.Member, ct);
        await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { SendRole = 1 }, ct);
        await World.SendAsync(bert, chatId, "again");
    }

    [Test, CancelAfter(60_000)]
    public async Task Where_only_admins_write_nobody_else_writes_by_editing(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        long sequence = await World.SendAsync(bert, chatId, "before");
        await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { SendRole = 2 }, ct);

        FailureAssert.Failed(
            await World.Edit.ExecuteAsync(bert, chatId, Guid.NewGuid(), sequence, "after all", ct), ErrorCode.NotAllowed, "sequence");
        Assert.That((await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), sequence, "👍", ct)).IsOk, "reactions are for all");
        Assert.That((await World.Edit.ExecuteAsync(
            anna, chatId, Guid.NewGuid(), await World.SendAsync(anna, chatId), "corrected", ct)).IsOk, "an admin writes");
        Assert.That((await World.Delete.ExecuteAsync(bert, chatId, Guid.NewGuid(), sequence, ct)).IsOk, "one's own can be taken back");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_change_counts_as_a_message_to_the_chat(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(
            new LimitSettings { SendsPerMinute = 0.06, SendsBurst = 2, ChatMessagesPerSecond = 0.001, ChatMessagesBurst = 3 });
        Caller anna = await world.PersonAsync("Anna"), bert = await world.PersonAsync("Bert");
        long chatId = await world.GroupAsync(anna, bert);
        ChatDetailsChange open = new() { EditRole = 1 };

        Assert.That((await world.Update.ExecuteAsync(anna, chatId, open, ct)).IsOk);
        Assert.That((await world.Rename.ExecuteAsync(anna, chatId, "Two", ct)).IsOk);
        Assert.That((await world.Update.ExecuteAsync(anna, chatId, open, ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited));
        Assert.That((await world.Rename.ExecuteAsync(bert, chatId, "Three", ct)).IsOk);
        Assert.That((await world.Rename.ExecuteAsync(bert, chatId, "Four", ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited), "the chat's own rate");
    }

    [Test, CancelAfter(60_000)]
    public async Task Roles_say_who_changes_and_who_adds_and_only_admins_change_roles(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cem = await World.PersonAsync("Cem");
        long chatId = await World.GroupAsync(anna, bert);

        FailureAssert.Failed(
            await Update.ExecuteAsync(bert, chatId, new ChatDetailsChange { Description = "mine" }, ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(bert, chatId, [cem.PrincipalId], ct), ErrorCode.NotAllowed, "chat_id");
        await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { EditRole = 1, AddRole = 1 }, ct);

        Assert.That((await Update.ExecuteAsync(bert, chatId, new ChatDetailsChange { Name = "Ours", Description = "ours" }, ct)).IsOk);
        Assert.That((await World.AddMembers.ExecuteAsync(bert, chatId, [cem.PrincipalId], ct)).IsOk);
        FailureAssert.Failed(
            await Update.ExecuteAsync(bert, chatId, new ChatDetailsChange { SendRole = 2 }, ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await World.RemoveMember.ExecuteAsync(bert, chatId, cem.PrincipalId, ct), ErrorCode.NotAllowed, "chat_id");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_cannot_be_is_refused(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), stranger = await World.PersonAsync("Stranger");
        long chatId = await World.GroupAsync(anna, bert), direct = await World.DirectChatAsync(anna, bert);
        ChatDetailsChange any = new() { Description = "any" };

        FailureAssert.Failed(await Update.ExecuteAsync(stranger, chatId, any, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Update.ExecuteAsync(anna, 4_000_000_000_000, any, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Update.ExecuteAsync(anna, direct, any, ct), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { Name = " " }, ct), ErrorCode.InvalidArgument, "name");
        FailureAssert.Failed(
            await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { Description = new string('x', 501) }, ct),
            ErrorCode.InvalidArgument, "description");
        FailureAssert.Failed(
            await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { Description = "a\0b" }, ct), ErrorCode.InvalidArgument, "description");
        FailureAssert.Failed(
            await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { Avatar = new string('x', 501) }, ct), ErrorCode.InvalidArgument, "avatar");
        FailureAssert.Failed(
            await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { Theme = "Sand" }, ct), ErrorCode.InvalidArgument, "theme");
        FailureAssert.Failed(
            await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { SendRole = 3 }, ct), ErrorCode.InvalidArgument, "send_role");
        FailureAssert.Failed(
            await Update.ExecuteAsync(anna, chatId, new ChatDetailsChange { Handle = "harbour_news" }, ct), ErrorCode.NotAllowed, "chat_id");
    }
}
