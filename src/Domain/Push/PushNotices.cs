using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Chat.Domain.Calls;
using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>Makes what devices are sent: what it says, how long it is worth something, what it replaces. Thread-safe.</summary>
public sealed class PushNotices(PushOptions options, CallOptions calls, TimeProvider time)
{
    private const int TopicBytes = 24; // 32 characters, as many as a topic may have (RFC 8030 §5.4)

    /// <param name="subject">What was looked at.</param>
    /// <param name="news">What of it is new to the receiver; not empty.</param>
    /// <param name="badge">Null: not counted.</param>
    internal PushJob OfMessages(NewMessages subject, ToldChat chat, ChatTarget receiver, IReadOnlyList<ToldMessage> news, int? badge)
    {
        ToldMessage? addressed = news.LastOrDefault(receiver.IsAddressed);
        ToldMessage shown = addressed ?? news[^1]; // what is meant for oneself is not to be missed for what came after it
        string sender = receiver.Names.GetValueOrDefault(shown.SenderId, shown.SenderName);
        PushContent content = (PushContent)receiver.Target.Content;
        string topic = TopicOf(receiver.Target, "chat", chat.ChatId);

        PushNotice NoticeOf(PushContent said) =>
            new(PushPayload.WriteMessage(chat, shown, sender, news, addressed is not null, badge, said), options.TimeToLive, IsUrgent: false, topic);

        DateTimeOffset now = time.GetUtcNow();
        return new PushJob(receiver.Target, subject, NoticeOf(content), now, now + options.TimeToLive)
        {
            Shorter = content == PushContent.Full ? NoticeOf(PushContent.Sender) : null,
        };
    }

    internal PushJob OfCall(CallNews subject, ToldCall call, PushTarget receiver)
    {
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan worth = subject.Kind switch
        {
            CallWords.Rings => call.RingsFor,
            CallWords.Missed => options.TimeToLive,
            _ => calls.RingingTime,
        };
        byte[] payload = PushPayload.WriteCall(subject.Kind, subject.CallId, call, now.ToUnixTimeMilliseconds(), (PushContent)receiver.Content);
        PushNotice notice = new(payload, worth, IsUrgent: true, TopicOf(receiver, "call", subject.CallId));
        return new PushJob(receiver, subject, notice, now, now + worth);
    }

    /// <summary>
    /// The same for the same thing on the same device. The push service reads it: what it is of is not to be seen, nor that two people are in
    /// one chat.
    /// </summary>
    private static string TopicOf(PushTarget receiver, string what, long id)
    {
        byte[] name = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {id}"));
        byte[] key = receiver.Auth ?? Encoding.UTF8.GetBytes(receiver.Endpoint);
        return Base64Url.EncodeToString(HMACSHA256.HashData(key, name).AsSpan(0, TopicBytes));
    }
}
