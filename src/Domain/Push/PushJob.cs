using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>What a notification is of: by it, it is looked at again before it is sent late.</summary>
public abstract record PushSubject;

/// <summary>Messages of a chat, from one sequence to another.</summary>
public sealed record NewMessages(long ChatId, long First, long Last) : PushSubject;

/// <summary>What a call is to somebody, who has this inbox.</summary>
/// <param name="Kind">call, call_ended or missed_call.</param>
public sealed record CallNews(long InboxChatId, long CallId, string Kind) : PushSubject;

/// <summary>One notification on its way to one device.</summary>
/// <param name="MadeAt">When that what it says was so.</param>
/// <param name="WorthUntil">After it there is no point in it.</param>
public sealed record PushJob(PushTarget Target, PushSubject Subject, PushNotice Notice, DateTimeOffset MadeAt, DateTimeOffset WorthUntil)
{
    /// <summary>What is sent where the first is too large.</summary>
    public PushNotice? Shorter { get; init; }

    /// <summary>The first was too large.</summary>
    public bool IsShort { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Of one device and topic there is one at a time: a newer one stands in the place of an older one.</summary>
    internal (long DeviceId, string Topic) Key => (Target.DeviceId, Notice.Topic);

    /// <summary>This one in the place of an older one that was not handed over, and of what that one would have told.</summary>
    internal PushJob InPlaceOf(PushJob older)
    {
        PushJob next = this with { Attempts = older.Attempts };
        if (Subject is not NewMessages news || older.Subject is not NewMessages missed) return next;
        NewMessages both = news with { First = Math.Min(news.First, missed.First), Last = Math.Max(news.Last, missed.Last) };
        return both == news ? next : next with { Subject = both, MadeAt = DateTimeOffset.MinValue };
    }

    internal PushJob Shorten() => this with { Notice = Shorter!, Shorter = null, IsShort = true };
}
