using Chat.Protocol.Codes;
using Chat.Storage.Chats;

namespace Chat.Domain.Tests.Chats;

public sealed class OpenDirectChatTests : WorldFixture
{
    [Test, CancelAfter(20_000)]
    public async Task Two_people_have_one_direct_chat_whoever_opens_it(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");

        ChatRow ofAnna = (await World.OpenDirect.ExecuteAsync(anna, bert.PrincipalId, ct)).Value;
        ChatRow again = (await World.OpenDirect.ExecuteAsync(anna, bert.PrincipalId, ct)).Value;
        ChatRow ofBert = (await World.OpenDirect.ExecuteAsync(bert, anna.PrincipalId, ct)).Value;

        Assert.Multiple(() =>
        {
            Assert.That(again.ChatId, Is.EqualTo(ofAnna.ChatId));
            Assert.That(ofBert.ChatId, Is.EqualTo(ofAnna.ChatId));
            Assert.That((ChatKind)ofAnna.Kind, Is.EqualTo(ChatKind.Direct));
            Assert.That((ofAnna.PeerId, ofAnna.PeerName), Is.EqualTo((bert.PrincipalId, "Bert")));
            Assert.That((ofBert.PeerId, ofBert.PeerName), Is.EqualTo((anna.PrincipalId, "Anna")));
        });
    }

    [Test, CancelAfter(20_000)]
    public async Task Oneself_and_nobody_are_refused(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync();

        FailureAssert.Failed(await World.OpenDirect.ExecuteAsync(anna, anna.PrincipalId, ct), ErrorCode.InvalidArgument, "principal_id");
        foreach (long nobody in new[] { 0, -1, long.MinValue, 1L << 50, long.MaxValue })
            FailureAssert.Failed(await World.OpenDirect.ExecuteAsync(anna, nobody, ct), ErrorCode.PrincipalNotFound, "principal_id");
    }
}
