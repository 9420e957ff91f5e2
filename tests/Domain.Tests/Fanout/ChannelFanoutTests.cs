using System.Globalization;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Npgsql;
using static Chat.Domain.Tests.Fanout.ClusterNode;

namespace Chat.Domain.Tests.Fanout;

/// <summary>Channels, whose readers come and go without an event of the channel's log: on the node that commits it and on another.</summary>
[TestFixture]
internal sealed class ChannelFanoutTests : TwoNodesFixture
{
    private const int Readers = 20_000;

    private ChannelStore _channels = null!;

    [SetUp]
    public void MakeChannels() => _channels = new ChannelStore(Database.Source, NodeA.Fanout);

    [TestCase(false), TestCase(true), CancelAfter(60_000)]
    [Property("Promise", "P9")]
    public async Task Who_subscribes_and_leaves_gets_what_lies_between_on_every_node(bool isSilent, CancellationToken ct)
    {
        CreateAccountResult anna = await NewPersonAsync("Anna"), ben = await NewPersonAsync("Ben");
        long channel = (await _channels.CreateAsync(anna.PrincipalId, new NewChannel("News", null, null, "harbour_news"), ct)).ChatId;
        SessionMembership inbox = new(ben.InboxChatId, ChatKinds.Inbox, 1, 0, 1);
        RecordingSubscriber atA = NodeA.SignIn(ben.PrincipalId, inbox), atB = NodeB.SignIn(ben.PrincipalId, inbox);
        if (isSilent) Bus.OnPublish = static (_, _, _) => { };
        await SendAsync(channel, anna);

        for (int round = 1; round <= 3; round++)
        {
            await _channels.SubscribeAsync("harbour_news", ben.PrincipalId, ct);
            await HealAsync(isSilent, ct);
            await UntilAsync(() => IsIn(NodeA) && IsIn(NodeB), ct, atA, atB);
            long sequence = await SendAsync(channel, anna);
            await HealAsync(isSilent, ct);
            await UntilAsync(() => Last(atA) == sequence && Last(atB) == sequence, ct, atA, atB);

            await Memberships.LeaveAsync(channel, ben.PrincipalId, ct);
            await HealAsync(isSilent, ct);
            await UntilAsync(() => !IsIn(NodeA) && !IsIn(NodeB), ct, atA, atB);
            await SendAsync(channel, anna);
            await HealAsync(isSilent, ct);
        }

        // Written: 2 before, then one in and one out, three times.
        foreach (RecordingSubscriber reader in (RecordingSubscriber[])[atA, atB])
        {
            reader.Drain();
            Assert.That(reader.Events.Where(row => row.ChatId == channel).Select(row => row.Sequence), Is.EqualTo(new[] { 3L, 5, 7 }));
            Assert.That(
                reader.Events.Where(row => row.ChatId == ben.InboxChatId).Select(row => (short)row.Kind),
                Is.EqualTo(Enumerable.Repeat(new[] { EventKinds.ChatAdded, EventKinds.ChatRemoved }, 3).SelectMany(pair => pair)));
        }

        bool IsIn(ClusterNode node) => node.Fanout.IsMemberOnline(channel, ben.PrincipalId);
        long Last(RecordingSubscriber reader) => reader.Events.LastOrDefault(row => row.ChatId == channel).Sequence;
    }

    [TestCase(false), TestCase(true), CancelAfter(60_000)]
    [Property("Promise", "P9")]
    public async Task Who_is_removed_gets_the_removal_and_nothing_that_is_posted_at_once_behind_it(bool isSilent, CancellationToken ct)
    {
        CreateAccountResult anna = await NewPersonAsync("Anna"), ben = await NewPersonAsync("Ben"), cleo = await NewPersonAsync("Cleo");
        long channel = (await _channels.CreateAsync(anna.PrincipalId, new NewChannel("News", null, null, "harbour_news"), ct)).ChatId;
        RecordingSubscriber[] bens = [.. Nodes().Select(node => node.SignIn(ben.PrincipalId, new SessionMembership(ben.InboxChatId, ChatKinds.Inbox, 1, 0, 1)))];
        RecordingSubscriber[] cleos = [.. Nodes().Select(node => node.SignIn(cleo.PrincipalId, new SessionMembership(cleo.InboxChatId, ChatKinds.Inbox, 1, 0, 1)))];
        if (isSilent) Bus.OnPublish = static (_, _, _) => { };
        foreach (CreateAccountResult reader in (CreateAccountResult[])[ben, cleo]) await _channels.SubscribeAsync("harbour_news", reader.PrincipalId, ct);
        await HealAsync(isSilent, ct);
        await UntilAsync(
            () => Nodes().All(node => node.Fanout.IsMemberOnline(channel, ben.PrincipalId) && node.Fanout.IsMemberOnline(channel, cleo.PrincipalId)),
            ct, [.. bens, .. cleos]);

        List<long> forCleo = [];
        for (int round = 0; round < 5; round++)
        {
            forCleo.Add(await SendAsync(channel, anna));
            await Memberships.RemoveMemberAsync(channel, anna.PrincipalId, ben.PrincipalId, ct);
            forCleo.Add(forCleo[^1] + 1);
            forCleo.Add(await SendAsync(channel, anna));
            await HealAsync(isSilent, ct);
            await UntilAsync(() => cleos.All(cleo => OfChannel(cleo).Length == forCleo.Count), ct, [.. bens, .. cleos]);
            await Memberships.AddMembersAsync(channel, anna.PrincipalId, [ben.PrincipalId], maxMembers: 256, ct);
            await HealAsync(isSilent, ct);
            await UntilAsync(() => Nodes().All(node => node.Fanout.IsMemberOnline(channel, ben.PrincipalId)), ct, [.. bens, .. cleos]);
        }

        foreach (RecordingSubscriber reader in cleos) Assert.That(OfChannel(reader).Select(row => row.Sequence), Is.EqualTo(forCleo));
        foreach (RecordingSubscriber reader in bens)
        {
            Assert.That(OfChannel(reader).Select(row => row.Sequence), Is.EqualTo(forCleo.Where((_, i) => i % 3 != 2)), "all but the post behind each removal");
            Assert.That(OfChannel(reader).Where(row => row.Kind == EventKind.ReaderRemoved).Select(row => row.SubjectId), Is.All.Null);
        }

        ClusterNode[] Nodes() => [NodeA, NodeB];
        WireEvent[] OfChannel(RecordingSubscriber reader) => [.. reader.Events.Where(row => row.ChatId == channel)];
    }

    /// <summary>What is asserted is that everything arrives and that nobody is told of the others; the times are written down.</summary>
    [Test, CancelAfter(180_000)]
    public async Task Twenty_thousand_readers_get_every_post_and_a_group_beside_them_goes_on(CancellationToken ct)
    {
        const int Posts = 20;
        CreateAccountResult anna = await NewPersonAsync("Anna"), ben = await NewPersonAsync("Ben");
        long channel = (await _channels.CreateAsync(anna.PrincipalId, new NewChannel("News", null, null, "harbour_news"), ct)).ChatId;
        long group = (await Memberships.CreateGroupAsync(anna.PrincipalId, "group", [ben.PrincipalId], 256, ct)).ChatId;
        (long Id, long Inbox)[] readers = await MakeReadersAsync(channel, ct);
        RecordingSubscriber[] online = [.. readers.Select(reader => NodeA.SignIn(
            reader.Id, new SessionMembership(reader.Inbox, ChatKinds.Inbox, 1, 0, 1), new SessionMembership(channel, ChatKinds.Channel, 1, 1, 2)))];
        RecordingSubscriber inGroup = NodeA.SignIn(ben.PrincipalId, new SessionMembership(group, ChatKinds.Group, 1, 2, 1));
        double alone = await MeasureAsync(() => SendAsync(group, anna));

        List<double> posts = [], beside = [];
        for (int i = 0; i < Posts; i++)
        {
            Task<double> post = MeasureAsync(() => SendAsync(channel, anna));
            beside.Add(await MeasureAsync(() => SendAsync(group, anna)));
            posts.Add(await post);
        }

        double shown = await MeasureAsync(async () => (await new ChatStore(Database.Source).FindAsync(channel, readers[7].Id, ct))!.Unread);
        double came = await MeasureAsync(async () => (await _channels.SubscribeAsync("harbour_news", ben.PrincipalId, ct)).ChatId);
        foreach (RecordingSubscriber reader in online) reader.Drain();
        inGroup.Drain();

        Assert.That(online.Select(reader => reader.Events.Count), Is.All.EqualTo(Posts));
        Assert.That(online[^1].Events.Select(row => (short)row.Kind), Is.All.EqualTo(EventKinds.Message));
        Assert.That(inGroup.Events, Has.Count.GreaterThanOrEqualTo(Posts + 1));
        ChatRow row = (await new ChatStore(Database.Source).FindAsync(channel, readers[7].Id, ct))!;
        Assert.That((row.MemberCount, row.Unread, row.OthersReadUpTo), Is.EqualTo((Readers + 2, (long)Posts, 0L)));
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"a message to a group alone {alone:0.0} ms; with posts to {Readers} readers beside it {Median(beside):0.0} ms, a post {Median(posts):0.0} ms; "
            + $"get_chat of a reader {shown:0.0} ms, subscribing {came:0.0} ms"));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static async Task<double> MeasureAsync(Func<Task<long>> work)
    {
        long started = TimeProvider.System.GetTimestamp();
        await work();
        return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>People who subscribed, written at once: one by one it would take a minute.</summary>
    private async Task<(long Id, long Inbox)[]> MakeReadersAsync(long channel, CancellationToken ct)
    {
        string sql = $"""
            with inboxes as (insert into chats (kind) select 5 from generate_series(1, {Readers}) returning id),
            people as (insert into principals (kind, name, inbox_chat_id) select 1, 'reader', id from inboxes returning id, inbox_chat_id),
            past as (
                insert into members (chat_id, principal_id, role, joined_at_sequence, left_at_sequence, delivered_up_to, read_up_to)
                select {channel}, id, 1, 1, 1, 1, 1 from people),
            present as (
                insert into members (chat_id, principal_id, role, joined_at_sequence, delivered_up_to, read_up_to)
                select {channel}, id, 1, 2, 1, 1 from people),
            counted as (update chats set member_count = member_count + {Readers} where id = {channel})
            select id, inbox_chat_id from people
            """;
        await using NpgsqlCommand command = Database.Source.CreateCommand(sql);
        command.CommandTimeout = 60;
        List<(long, long)> readers = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) readers.Add((reader.GetInt64(0), reader.GetInt64(1)));
        return [.. readers];
    }
}
