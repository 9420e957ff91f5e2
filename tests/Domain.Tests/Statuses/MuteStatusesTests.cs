using Chat.Domain.Statuses;
using Chat.Protocol.Codes;
using Chat.Storage;

namespace Chat.Domain.Tests.Statuses;

/// <summary>R-134: a contact's statuses are kept apart, and only the person's own devices hear of it.</summary>
public sealed class MuteStatusesTests : StatusFixture
{
    [Test, CancelAfter(30_000)]
    public async Task The_persons_devices_hear_of_each_change_once_and_the_contact_of_none()
    {
        (Caller anna, Caller bert) = await FriendsAsync();
        MuteStatuses mute = new(World.Contacts, World.Limits);
        int before = await ToldAsync(anna);

        foreach (bool muted in (bool[])[true, true, false, false]) Assert.That((await mute.ExecuteAsync(bert, anna.PrincipalId, muted, default)).IsOk);

        Assert.That(await ToldAsync(bert), Is.EqualTo(1 + 2), "kept, muted, no longer");
        Assert.That(await ToldAsync(anna), Is.EqualTo(before));
    }

    [Test, CancelAfter(30_000)]
    public async Task Nobody_but_a_contact_is_muted()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        await KeepAsync(anna, bert);
        MuteStatuses mute = new(World.Contacts, World.Limits);

        foreach (long whom in (long[])[anna.PrincipalId, bert.PrincipalId, 0, -1, long.MaxValue])
        {
            Result<Done> refused = await mute.ExecuteAsync(bert, whom, muted: true, default);
            Assert.That(refused.Failure!.Code, Is.EqualTo(ErrorCode.ContactNotFound), $"{whom}");
        }
    }

    private async Task<int> ToldAsync(Caller caller)
    {
        long inbox = (await World.Accounts.FindAsync(caller.PrincipalId, default))!.InboxChatId;
        return World.Events.Committed.Count(row => row.ChatId == inbox && row.Kind == EventKinds.ContactChanged);
    }
}
