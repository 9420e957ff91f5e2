using System.Buffers;
using System.Text.Json;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>Writes what devices are sent: JSON, protocol-spec.md §8.15. What the device's owner does not want to be said is not in it.</summary>
internal static class PushPayload
{
    private const int MaxNameBytes = 400;
    private const int MaxTextBytes = 2_400;

    private static readonly JsonWriterOptions Options = new() { Encoder = PushText.Encoder };

    /// <param name="message">The one whose words are told.</param>
    /// <param name="senderName">As the receiver calls the sender.</param>
    /// <param name="news">All that are told.</param>
    /// <param name="isAddressed">It mentions the receiver, or answers them.</param>
    /// <param name="badge">Null: not counted.</param>
    /// <param name="content">What may be said.</param>
    public static byte[] WriteMessage(
        ToldChat chat, ToldMessage message, string senderName, IReadOnlyList<ToldMessage> news, bool isAddressed, int? badge, PushContent content) =>
        Write("message", chat.ChatId, writer =>
        {
            writer.WriteNumber("sequence"u8, news[^1].Sequence);
            WriteNames(writer, content, message.SenderId, senderName, chat.Name);
            if (content == PushContent.Full)
            {
                if (message.Text.Length > 0) writer.WriteString("text"u8, PushText.Cut(message.Text, MaxTextBytes));
                if (CodeOf(message.Content) is { } code) writer.WriteString("content"u8, code);
            }

            if (isAddressed && content != PushContent.None) writer.WriteBoolean("mention"u8, true);
            writer.WriteNumber("count"u8, Math.Min(news.Count, PushReceivers.MaxMessages));
            if (badge is { } chats) writer.WriteNumber("badge"u8, chats);
            WriteTime(writer, message.AtMs);
        });

    /// <param name="kind">call, call_ended or missed_call.</param>
    public static byte[] WriteCall(string kind, long callId, ToldCall call, long atMs, PushContent content) => Write(kind, call.ChatId, writer =>
    {
        writer.WriteNumber("call"u8, callId);
        writer.WriteString("callKind"u8, Storage.Calls.CallKinds.Name(call.Kind));
        WriteNames(writer, content, call.CallerId, call.CallerName, call.ChatName);
        WriteTime(writer, atMs);
    });

    private static byte[] Write(string kind, long chatId, Action<Utf8JsonWriter> rest)
    {
        ArrayBufferWriter<byte> bytes = new(512);
        using (Utf8JsonWriter writer = new(bytes, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v"u8, 1);
            writer.WriteString("kind"u8, kind);
            writer.WriteNumber("chat"u8, chatId);
            rest(writer);
            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteNames(Utf8JsonWriter writer, PushContent content, long senderId, string senderName, string? chatName)
    {
        if (content == PushContent.None) return;
        writer.WriteStartObject("sender"u8);
        writer.WriteNumber("id"u8, senderId);
        writer.WriteString("name"u8, PushText.Cut(senderName, MaxNameBytes));
        writer.WriteEndObject();
        if (chatName is not null) writer.WriteString("chatName"u8, PushText.Cut(chatName, MaxNameBytes));
    }

    private static void WriteTime(Utf8JsonWriter writer, long atMs) => writer.WriteString("at"u8, DateTimeOffset.FromUnixTimeMilliseconds(atMs).UtcDateTime);

    /// <summary>What a message consists of beside its text, as REST names it; the device has the words for it.</summary>
    private static string? CodeOf(string? json) => json is null ? null : ContentJson.Read(json).Kind switch
    {
        ContentKind.Image => "image",
        ContentKind.Video => "video",
        ContentKind.Audio => "audio",
        ContentKind.Voice => "voice",
        ContentKind.Document => "document",
        ContentKind.Location => "location",
        ContentKind.Contact => "contact",
        _ => null,
    };
}
