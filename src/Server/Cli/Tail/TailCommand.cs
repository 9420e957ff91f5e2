using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chat.Sdk;
using Chat.Server.Cli.Send;

namespace Chat.Server.Cli.Tail;

/// <summary><c>tail</c>: prints messages as they come (Q3), through reconnects, until Ctrl-C or a count.</summary>
internal static class TailCommand
{
    public static Command Create()
    {
        Option<long?> chat = new("--chat") { Description = "Only this chat.", HelpName = "ID" };
        Option<long?> from = new("--from") { Description = "With --chat: start with this sequence; 1 prints all that may be seen.", HelpName = "SEQ" };
        Option<int?> count = new("--count") { Description = "End after so many messages.", HelpName = "N" };
        Option<bool> json = new("--json") { Description = "One JSON object a line." };

        Command command = new("tail", "Print messages as they come, until Ctrl-C.");
        ClientVerb verb = ClientVerb.AddTo(command);
        command.Options.Add(chat);
        command.Options.Add(from);
        command.Options.Add(count);
        command.Options.Add(json);
        command.SetAction((parsed, ct) => verb.RunAsync(
            parsed,
            "chat tail",
            (client, _, stop) =>
            {
                client.StateChanged += ReportState;
                IAsyncEnumerable<ChatEvent> events = (parsed.GetValue(chat), parsed.GetValue(from)) switch
                {
                    ({ } id, { } sequence) => client.Chat(id).ReadEventsAsync(Math.Max(0, sequence - 1), stop),
                    ({ } id, null) => client.Chat(id).ReadEventsAsync(stop),
                    (null, null) => client.ReadEventsAsync(stop),
                    _ => throw new ClientVerbException("--from needs --chat: a sequence is a number of one chat."),
                };
                return PrintAsync(client, events, parsed.GetValue(count) ?? int.MaxValue, parsed.GetValue(json), parsed.GetValue(chat) is null, stop);
            },
            ct));
        return command;
    }

    private static async Task<int> PrintAsync(
        ChatClient client, IAsyncEnumerable<ChatEvent> events, int count, bool json, bool nameChat, CancellationToken ct)
    {
        await foreach (ChatEvent next in events.WithCancellation(ct))
        {
            if (next is ChatDiscontinuity seam)
                await Console.Error.WriteLineAsync($"chat {seam.ChatId} goes on after #{seam.ContinuesAfter}: {seam.Reason}");
            if (next is not ChatMessage message) continue;

            string name = await client.GetNameAsync(message.SenderId, ct) ?? $"principal {message.SenderId}";
            await Console.Out.WriteLineAsync(json ? ToJson(message, name) : ToLine(message, name, nameChat));
            if (--count <= 0) return 0;
        }

        return client.State.End is { } end && client.State.Kind == ConnectionKind.Closed
            ? throw new ClientVerbException($"The server ended the connection for good ({end.Code} {end.Reason}).")
            : 0;
    }

    private static void ReportState(ConnectionState state)
    {
        if (state is { Kind: ConnectionKind.Waiting, RetryIn: { } pause })
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"connection lost ({state.End?.Code}); trying again in {pause.TotalSeconds:0.0} s"));
        else if (state is { Kind: ConnectionKind.Online, Attempt: > 0 })
            Console.Error.WriteLine("online again");
    }

    private static string ToLine(ChatMessage message, string name, bool nameChat) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(nameChat ? $"chat {message.ChatId} " : "")}#{message.Sequence} {OnOneLine(name)}: {OnOneLine(message.Text)}");

    /// <summary>Another person's text must not move the cursor or colour the terminal.</summary>
    private static string OnOneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static string ToJson(ChatMessage m, string name) => JsonSerializer.Serialize(
        new TailLine(m.ChatId, m.Sequence, m.SenderId, name, m.CreatedAt.ToUnixTimeMilliseconds(), m.Text, m.ReplyTo, m.ClientMessageId),
        TailJson.Readable.TailLine);
}

/// <summary>One message as <c>tail --json</c> prints it.</summary>
internal sealed record TailLine(
    long ChatId, long Sequence, long SenderId, string SenderName, long CreatedAtMs, string Text, long? ReplyTo, Guid ClientMessageId);

[JsonSerializable(typeof(TailLine))]
internal sealed partial class TailJson : JsonSerializerContext
{
    /// <summary>Letters of every script stay readable.</summary>
    public static TailJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
