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

    /// <param name="news">What is new to the receiver; not empty.</param>
    /// <param name="badge">Null: not counted.</param>
    internal PushJob OfMessages(ToldChat chat, ChatTarget receiver, IReadOnlyList<ToldMessage> news, int? badge)
    {
        ToldMessage latest = news[^1];
        string sender = receiver.Names.GetValueOrDefault(latest.SenderId, latest.SenderName);
        PushContent content = (PushContent)receiver.Target.Content;
        string topic = TopicOf(receiver.Target, "chat", chat.ChatId);

        PushNotice NoticeOf(PushContent said) =>
            new(PushPayload.WriteMessage(chat, latest, sender, news.Count, badge, said), options.TimeToLive, IsUrgent: false, topic);

        return new PushJob(receiver.Target, NoticeOf(content), time.GetUtcNow() + options.TimeToLive)
        {
            Shorter = content == PushContent.Full ? NoticeOf(PushContent.Sender) : null,
        };
    }

    /// <param name="kind">call, call_ended or missed_call.</param>
    internal PushJob OfCall(string kind, long callId, ToldCall call, PushTarget receiver)
    {
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan worth = kind == "missed_call" ? options.TimeToLive : calls.RingingTime;
        byte[] payload = PushPayload.WriteCall(kind, callId, call, now.ToUnixTimeMilliseconds(), (PushContent)receiver.Content);
        PushNotice notice = new(payload, worth, IsUrgent: true, TopicOf(receiver, "call", callId));
        return new PushJob(receiver, notice, now + worth);
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

/// <summary>One notification on its way to one device.</summary>
/// <param name="WorthUntil">After it there is no point in it.</param>
public sealed record PushJob(PushTarget Target, PushNotice Notice, DateTimeOffset WorthUntil)
{
    /// <summary>What is sent where the first is too large.</summary>
    public PushNotice? Shorter { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }
}
