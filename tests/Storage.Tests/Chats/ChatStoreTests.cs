using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Tests.ChatLog;

namespace Chat.Storage.Tests.Chats;

[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class ChatStoreTests
{
    [Test, CancelAfter(30_000)]
    public async Task Chats_are_paged_by_activity_with_the_inbox_left_out(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        var store = new ChatStore(fixture.Database.Source);
        ChatLogWriter writer = fixture.CreateWriter();
        long direct = (await new MembershipStore(fixture.Database.Source, fixture.Events).OpenDirectAsync(fixture.Anna, fixture.Ben, ct)).ChatId;
        var groups = new List<long> { fixture.Group };
        for (int i = 0; i < 5; i++)
            groups.Add(await fixture.People.CreateGroupAsync(fixture.Anna, fixture.Ben));
        await writer.AppendAsync(ChatLogFixture.Message(groups[2], fixture.Ben, "newest"));

        var seen = new List<ChatRow>();
        ChatListCursor? cursor = null;
        do
        {
            ChatPage page = await store.ListAsync(fixture.Anna, cursor, 3, ct);
            seen.AddRange(page.Chats);
            cursor = page.Next is { } next && ChatListCursor.TryParse(next.ToString(), out ChatListCursor parsed) ? parsed : null;
        }
        while (cursor is not null);

        Assert.That(seen.Select(row => row.ChatId), Is.EquivalentTo(groups.Append(direct)));
        Assert.That(seen[0].ChatId, Is.EqualTo(groups[2]));
        Assert.That(seen[0].LastEvent!.Text, Is.EqualTo("newest"));
        Assert.That(seen[0].LastActivityMs, Is.EqualTo(seen[0].LastEvent!.CreatedAtMs));
        Assert.That(seen.Select(row => row.LastActivityMs), Is.Ordered.Descending);
        ChatPage groupsOnly = await store.ListAsync(fixture.Anna, null, 50, ct, groupsOnly: true);
        Assert.That(groupsOnly.Chats.Select(row => row.ChatId), Is.EquivalentTo(groups));
        Assert.That(groupsOnly.Next, Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task Chat_is_nothing_to_a_stranger_and_others_watermarks_are_the_lowest(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        var store = new ChatStore(fixture.Database.Source);
        long stranger = await fixture.People.CreateAsync();
        long alone = await fixture.People.CreateGroupAsync(fixture.Anna);
        await fixture.CreateWriter().AppendAsync(ChatLogFixture.Message(fixture.Group, fixture.Anna));

        Assert.That(await store.FindAsync(fixture.Group, stranger, ct), Is.Null);
        Assert.That(await store.IsMemberAsync(fixture.Group, stranger, ct), Is.False);
        Assert.That(await store.ListMembersAsync(fixture.Group, stranger, 0, 10, ct), Is.Null);
        Assert.That(await store.IsMemberAsync(fixture.Group, fixture.Ben, ct), Is.True);
        ChatRow row = (await store.FindAsync(fixture.Group, fixture.Anna, ct))!;
        Assert.That((row.HeadSequence, row.OthersDeliveredUpTo, row.OthersReadUpTo, row.PeerId), Is.EqualTo((3L, 2L, 2L, (long?)null)));
        ChatRow lonely = (await store.FindAsync(alone, fixture.Anna, ct))!;
        Assert.That((lonely.OthersDeliveredUpTo, lonely.OthersReadUpTo), Is.EqualTo((1L, 1L)), "nobody else has missed anything");
    }

    [Test, CancelAfter(30_000)]
    public async Task Members_are_paged_by_id(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        long[] people = await fixture.People.CreateManyAsync(5);
        long group = await fixture.People.CreateGroupAsync(people[0], people);
        var store = new ChatStore(fixture.Database.Source);

        MemberPage first = (await store.ListMembersAsync(group, people[3], 0, 3, ct))!;
        MemberPage second = (await store.ListMembersAsync(group, people[3], first.Members[^1].PrincipalId, 3, ct))!;

        Assert.That(first.Members.Concat(second.Members).Select(member => member.PrincipalId), Is.EqualTo(people));
        Assert.That((first.HasMore, second.HasMore), Is.EqualTo((true, false)));
    }

    [TestCase("")]
    [TestCase("1")]
    [TestCase("1.")]
    [TestCase(".1")]
    [TestCase("1.2.3")]
    [TestCase("-1.2")]
    [TestCase(" 1.2")]
    [TestCase("99999999999999999999.1")]
    [TestCase("9223372036854775807.1")]
    [TestCase(null)]
    public void Cursor_that_we_did_not_make_is_refused(string? text) =>
        Assert.That(ChatListCursor.TryParse(text, out _), Is.False);
}
