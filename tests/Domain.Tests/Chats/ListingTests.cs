using Chat.Domain.Chats;
using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Storage.Chats;

namespace Chat.Domain.Tests.Chats;

public sealed class ListingTests : WorldFixture
{
    private ListChats List => World.ListChats;

    private ListMembers Members => World.ListMembers;

    [Test, CancelAfter(30_000)]
    public async Task Chats_are_paged_most_recently_active_first_and_each_once(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        List<long> made = [];
        for (int i = 0; i < 7; i++) made.Add(await World.GroupAsync(anna));
        await World.SendAsync(anna, made[2]);

        List<long> seen = [];
        string? cursor = null;
        do
        {
            ChatList page = (await List.ExecuteAsync(anna, cursor, 3, ct)).Value;
            Assert.That(page.Chats, Has.Count.LessThanOrEqualTo(3));
            seen.AddRange(page.Chats.Select(chat => chat.ChatId));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.That(seen[0], Is.EqualTo(made[2]));
        Assert.That(seen, Is.EquivalentTo(made), "and no inbox");
    }

    [Test, CancelAfter(30_000)]
    public async Task Groups_alone_can_be_listed(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long group = await World.GroupAsync(anna);
        await World.DirectChatAsync(anna, await World.PersonAsync("Bert"));

        ChatList groups = (await List.ExecuteAsync(anna, null, null, ct, groupsOnly: true)).Value;

        Assert.That(groups.Chats.Select(chat => chat.ChatId), Is.EqualTo(new[] { group }));
        Assert.That((await List.ExecuteAsync(anna, null, null, ct)).Value.Chats, Has.Count.EqualTo(2));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_page_of_long_last_messages_fits_into_one_frame_and_misses_no_chat(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        List<long> made = [];
        for (int i = 0; i < 30; i++)
        {
            made.Add(await World.GroupAsync(anna));
            await World.SendAsync(anna, made[i], new string('x', ProtocolLimits.MaxTextBytes));
        }

        List<long> seen = [];
        string? cursor = null;
        do
        {
            ChatList page = (await List.ExecuteAsync(anna, cursor, 100, ct)).Value;
            int frameBytes = FrameEncoder.Encode(WireMapping.ToReply(page), uint.MaxValue).Length;
            Assert.That(frameBytes, Is.LessThanOrEqualTo(ProtocolLimits.MaxServerFrameBytes));
            Assert.That(page.Chats, Is.Not.Empty);
            seen.AddRange(page.Chats.Select(chat => chat.ChatId));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.That(seen, Is.EquivalentTo(made));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(101)]
    [CancelAfter(20_000)]
    public async Task A_limit_of_chats_out_of_range_is_refused(int limit, CancellationToken ct) =>
        FailureAssert.Failed(await List.ExecuteAsync(new Caller(1, 1), null, limit, ct), ErrorCode.InvalidArgument, "limit");

    [TestCase("x")]
    [TestCase("1")]
    [TestCase("1.")]
    [TestCase("-1.5")]
    [TestCase("99999999999999999999.1")]
    [TestCase("1.1'; drop table chats")]
    [CancelAfter(20_000)]
    public async Task A_cursor_that_is_none_of_ours_is_refused(string cursor, CancellationToken ct) =>
        FailureAssert.Failed(await List.ExecuteAsync(new Caller(1, 1), cursor, null, ct), ErrorCode.InvalidArgument, "cursor");

    [Test, CancelAfter(20_000)]
    public async Task Members_are_paged_by_id_for_members_only(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        Caller cora = await World.PersonAsync("Cora");
        long chatId = await World.GroupAsync(anna, bert, cora);

        MemberPage first = (await Members.ExecuteAsync(bert, chatId, null, 2, ct)).Value;
        MemberPage second = (await Members.ExecuteAsync(bert, chatId, first.Members[^1].PrincipalId, 2, ct)).Value;

        Assert.Multiple(() =>
        {
            Assert.That(first.HasMore, Is.True);
            Assert.That(second.HasMore, Is.False);
            Assert.That(first.Members.Concat(second.Members).Select(m => m.Name), Is.EqualTo(new[] { "Anna", "Bert", "Cora" }));
            Assert.That(first.Members.Concat(second.Members).Select(m => m.PrincipalId), Is.Ordered);
        });
        Caller dora = await World.PersonAsync("Dora");
        FailureAssert.Failed(await Members.ExecuteAsync(dora, chatId, null, null, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Members.ExecuteAsync(anna, chatId, null, 0, ct), ErrorCode.InvalidArgument, "limit");
        FailureAssert.Failed(await Members.ExecuteAsync(anna, chatId, null, 257, ct), ErrorCode.InvalidArgument, "limit");
        FailureAssert.Failed(await Members.ExecuteAsync(anna, chatId, -1, null, ct), ErrorCode.InvalidArgument, "after_principal_id");
    }
}
