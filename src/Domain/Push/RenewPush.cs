using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>
/// Makes a notification that waited anew, from what is so now: the device may be signed out, the endpoint another person's, the message read, deleted
/// or edited, the call over. Thread-safe.
/// </summary>
public sealed class RenewPush(PushReceivers receivers, PushNotices notices)
{
    /// <summary>Null when there is nothing left to tell.</summary>
    public async Task<PushJob?> ExecuteAsync(PushJob job, CancellationToken ct)
    {
        PushJob? made = job.Subject switch
        {
            NewMessages messages => await MakeAsync(messages, job.Target, ct),
            CallNews call => await MakeAsync(call, job.Target, ct),
            _ => null,
        };
        if (made is null) return null;
        made = made with { Attempts = job.Attempts, WorthUntil = job.WorthUntil };
        return job.IsShort && made.Shorter is not null ? made.Shorten() : made;
    }

    private async Task<PushJob?> MakeAsync(NewMessages messages, PushTarget target, CancellationToken ct)
    {
        if (await receivers.ReadChatAsync(messages.ChatId, messages.First, messages.Last, ct) is not { } chat) return null;
        if (await receivers.FindAsync(chat, target, ct) is not { } receiver) return null;
        if (UnreadMessages.Of(receiver, chat) is not { Count: > 0 } unread) return null;

        IReadOnlyDictionary<long, int> badges = await receivers.CountBadgesAsync(chat, [target.PrincipalId], ct);
        return notices.OfMessages(messages, chat, receiver, unread, badges.TryGetValue(target.PrincipalId, out int badge) ? badge : null);
    }

    private async Task<PushJob?> MakeAsync(CallNews news, PushTarget target, CancellationToken ct)
    {
        if (await receivers.FindCallAsync(news.InboxChatId, news.CallId, ct) is not { } call || !CallWords.IsTrue(news.Kind, call)) return null;
        IReadOnlyList<PushTarget> devices = await receivers.ListOfAsync(call.PrincipalId, ct);
        return devices.FirstOrDefault(device => device.IsAt(target)) is { } device ? notices.OfCall(news, call, device) : null;
    }
}
