using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using static Chat.Domain.Tests.Fanout.ClusterNode;

namespace Chat.Domain.Tests.Fanout;

/// <summary>Two nodes that write and read one PostgreSQL: what the stores commit, and what the repair reads of it.</summary>
[TestFixture]
internal sealed class ClusterOnPostgresTests : TwoNodesFixture
{
    [TestCase(false), TestCase(true), CancelAfter(60_000)]
    [Property("Promise", "P9")]
    public async Task Who_is_added_and_removed_on_another_node_gets_what_lies_between(bool isSilent, CancellationToken ct)
    {
        CreateAccountResult anna = await NewPersonAsync("Anna"), ben = await NewPersonAsync("Ben"), eve = await NewPersonAsync("Eve");
        RecordingSubscriber atB = NodeB.SignIn(ben.PrincipalId, new SessionMembership(ben.InboxChatId, ChatKinds.Inbox, 1, 0, 1));
        if (isSilent) Bus.OnPublish = static (_, _, _) => { };

        long chatId = (await Memberships.CreateGroupAsync(anna.PrincipalId, "group", [eve.PrincipalId], 100, ct)).ChatId;
        await SendAsync(chatId, anna);
        await Memberships.AddMembersAsync(chatId, anna.PrincipalId, [ben.PrincipalId], 100, ct);
        long joinedAt = await SendAsync(chatId, anna) - 1;
        await HealAsync(isSilent, ct);
        await UntilAsync(() => atB.Events.Count >= 3, ct, atB);
        await Memberships.RemoveMemberAsync(chatId, anna.PrincipalId, ben.PrincipalId, ct);
        await SendAsync(chatId, anna);
        await HealAsync(isSilent, ct);
        await UntilAsync(() => !NodeB.Fanout.IsMemberOnline(chatId, ben.PrincipalId) && atB.Events.Count >= 5, ct, atB);
        await SendAsync(chatId, anna);
        await HealAsync(isSilent, ct);
        atB.Drain();

        Assert.That(
            atB.Events.Where(row => row.ChatId == chatId).Select(row => row.Sequence),
            Is.EqualTo(new[] { joinedAt, joinedAt + 1, joinedAt + 2 }));
        Assert.That(
            atB.Events.Where(row => row.ChatId == ben.InboxChatId).Select(row => (short)row.Kind),
            Is.EqualTo(new[] { EventKinds.ChatAdded, EventKinds.ChatRemoved }));
    }

    [Test, CancelAfter(60_000)]
    [Property("Promise", "P15")]
    public async Task A_thousand_messages_through_a_broker_that_loses_every_third_arrive_once_and_in_order(CancellationToken ct)
    {
        const int Count = 1_000;
        Random random = new(7);
        CreateAccountResult anna = await NewPersonAsync("Anna"), ben = await NewPersonAsync("Ben");
        long chatId = (await Memberships.OpenDirectAsync(anna.PrincipalId, ben.PrincipalId, ct)).ChatId;
        RecordingSubscriber atB = NodeB.SignIn(ben.PrincipalId, new SessionMembership(chatId, ChatKinds.Direct, 1, 1, 1));
        Lock gate = new();
        Bus.OnPublish = (_, _, deliver) =>
        {
            lock (gate)
            {
                if (random.Next(3) == 0) return;
            }

            deliver();
        };

        for (int sent = 0; sent < Count; sent += 10)
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(chatId, anna)));
        await NodeB.Poller.PollAsync(ct);
        await UntilAsync(() => atB.Events.Count >= Count, ct, atB);

        Assert.That(atB.Events.Select(row => row.Sequence), Is.EqualTo(Enumerable.Range(2, Count).Select(n => (long)n)));
    }
}
