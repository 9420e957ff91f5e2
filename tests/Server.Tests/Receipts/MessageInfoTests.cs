using Chat.Domain.Accounts;
using Chat.Sdk;
using Chat.Sdk.Receipts;
using Chat.Server.Tests.Wire;
using Chat.Storage.Chats;
using Microsoft.AspNetCore.Builder;

namespace Chat.Server.Tests.Receipts;

/// <summary>Who has read a message and when, through the C# SDK and the composed server, over two nodes .</summary>
[Category("postgres")]
internal sealed class MessageInfoTests : ServerFixture
{
    protected override IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?>
    {
        ["ReceiptTimes:WriteInterval"] = "00:01:00", // what is there before is what a node wrote when it stopped
    };

    [Test, CancelAfter(60_000)]
    public async Task Times_of_what_two_read_on_one_node_are_known_on_another_once_it_stopped(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct), cleo = await NewPersonAsync("Cleo", ct);
        ChatRow group = await NewGroupAsync(ct, anna, ben, cleo);
        WebApplication other = await StartNodeAsync();
        await using ChatClient annas = Client(Url, anna);
        await annas.ConnectAsync(ct);
        OutgoingMessage message = annas.Chat(group.ChatId).Send("hello");
        long sequence = (await message.Sent.WaitAsync(ct)).Sequence;
        Uri there = new(other.Urls.First());
        await using (ChatClient bens = Client(there, ben))
        await using (ChatClient cleos = Client(there, cleo))
        {
            await bens.ConnectAsync(ct);
            await cleos.ConnectAsync(ct);
            await bens.Chat(group.ChatId).MarkReadAsync(sequence, ct);
            await cleos.Chat(group.ChatId).Send("read by writing").Sent.WaitAsync(ct);
        }

        MessageReceipts before = await annas.Receipts.InfoAsync(group.ChatId, sequence, cancellationToken: ct);
        await other.StopAsync(ct);
        await other.DisposeAsync();
        MessageReceipts after = await annas.Receipts.InfoAsync(group.ChatId, sequence, cancellationToken: ct);

        MemberReceipt early = before.Members.Single(member => member.PrincipalId == ben.PrincipalId);
        Assert.That((early.Read, early.ReadAt), Is.EqualTo((true, (DateTimeOffset?)null)), "that it was read is known at once");
        Assert.That(after.Members.Select(member => (member.PrincipalId, member.Delivered, member.Read)), Is.EqualTo(new[]
        {
            (ben.PrincipalId, true, true), (cleo.PrincipalId, true, true),
        }));
        Assert.That(after.Members.Select(member => member.ReadAt), Has.All.Not.Null);
        Assert.That((after.DeliveredCount, after.ReadCount, after.MemberCount), Is.EqualTo((2, 2, 2)));
        Assert.That(
            async () => await annas.Receipts.InfoAsync(group.ChatId, sequence + 1, cancellationToken: ct),
            Throws.InstanceOf<ChatException>().With.Property(nameof(ChatException.Name)).EqualTo("not_sender"));
    }

    private static ChatClient Client(Uri url, SignedIn person) => new(new ChatClientOptions
    {
        Url = url,
        Token = (_, _) => ValueTask.FromResult(person.AccessToken),
    });
}
