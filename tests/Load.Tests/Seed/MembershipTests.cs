using Chat.Load.Seed;

namespace Chat.Load.Tests.Seed;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class MembershipTests
{
    [TestCase(1, 1_000)]
    [TestCase(100, 10)]
    [TestCase(1_000, 2)]
    public void Each_account_is_in_one_chat(int chats, int members)
    {
        int[][] all = Membership.OneChatEach(chats, members);

        Assert.That(all, Has.Length.EqualTo(chats).And.All.Length.EqualTo(members));
        Assert.That(all.SelectMany(chat => chat).Order(), Is.EqualTo(Enumerable.Range(0, chats * members)));
    }

    [Test]
    public void Each_account_is_in_as_many_chats_as_asked_and_once_in_each()
    {
        int[][] all = Membership.ManyChatsEach(accounts: 200, chatsEach: 10, members: 10);

        Assert.That(all.Select(chat => chat.Distinct().Count()), Is.All.EqualTo(10));
        Assert.That(all.SelectMany(chat => chat).CountBy(account => account).Select(count => count.Value), Has.Exactly(200).EqualTo(10));
    }
}
