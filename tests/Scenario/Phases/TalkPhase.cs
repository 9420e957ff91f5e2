using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>Random steps: people write, answer, pass on, change, react, pin, star, hide, read and type, several at a time.</summary>
/// <param name="share">Of the day's steps.</param>
/// <param name="isKilled">The server is cut off in the middle and started again, while people go on.</param>
internal sealed class TalkPhase(double share, bool isKilled) : IPhase
{
    private const int AtOnce = 12;
    private static readonly string[] Emoji = ["👍", "❤️", "😂", "🎉", "🤔"];

    /// <summary>The codes that a message may bring which somebody deletes, or hides, at the same time.</summary>
    private static readonly string[] Gone = ["message_deleted", "message_not_found"];

    public string Title => isKilled ? "people talk, and the server is killed" : "people talk";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        int steps = (int)(stage.Options.Steps * share);
        Task outage = Task.CompletedTask;
        Crowd crowd = new(AtOnce);
        for (int n = 0; n < steps; n++)
        {
            if (isKilled && n == steps / 2) outage = KillAsync(stage, ct);
            await crowd.StartAsync(() => Step(stage, ct), ct);
        }

        await outage;
        await crowd.EndAsync();
    }

    private static async Task KillAsync(DayStage stage, CancellationToken ct)
    {
        await stage.Server.KillAsync();
        stage.KilledAtMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await stage.Server.StartAgainAsync(ct);
    }

    private static Func<Task>? Step(DayStage stage, CancellationToken ct)
    {
        ScenarioChat chat = stage.Pick<ScenarioChat>([.. stage.Chats.OrderBy(chat => chat.Id)]);
        int dice = stage.Random.Next(100);
        if (dice < 45) return Write(stage, chat, dice, ct);

        IReadOnlyList<StoredMessage> messages = chat.Messages;
        if (messages.Count == 0) return null;
        // Mostly what is new, as people do, and sometimes what is old.
        int recent = stage.Random.Next(4) == 0 ? messages.Count : Math.Min(messages.Count, 12);
        return Change(stage, chat, messages[messages.Count - 1 - stage.Random.Next(recent)], dice, ct);
    }

    private static Func<Task>? Write(DayStage stage, ScenarioChat chat, int dice, CancellationToken ct)
    {
        if (chat.Writers is not { Length: > 0 } writers) return null;
        Person sender = stage.Pick<Person>(writers);
        Device device = stage.DeviceOf(sender);
        JsonObject args = new() { ["text"] = TextOf(stage.Random) };
        IReadOnlyList<StoredMessage> messages = chat.Messages;
        if (dice is >= 25 and < 32 && messages.Count > 0) args["replyTo"] = stage.Pick(messages).Sequence;
        else if (dice is >= 32 and < 40) args["content"] = ContentOf(stage, args);
        else if (dice >= 40 && ForwardFrom(stage, sender) is { } passedOn)
        {
            JsonObject forward = new() { ["fromChatId"] = passedOn.ChatId, ["sequence"] = passedOn.Sequence };
            return () => stage.SendAsync(chat, sender, device, "forward", forward, ct, "blob_not_found");
        }

        // Whoever came later does not see what is answered.
        return () => stage.SendAsync(chat, sender, device, "send", args, ct, "reply_target_not_found");
    }

    private static StoredMessage? ForwardFrom(DayStage stage, Person sender)
    {
        ScenarioChat[] own = [.. stage.Chats.Where(chat => chat.Members.Contains(sender) && chat.Messages.Count > 0).OrderBy(chat => chat.Id)];
        return own.Length == 0 ? null : stage.Pick(stage.Pick<ScenarioChat>(own).Messages);
    }

    private static Func<Task>? Change(DayStage stage, ScenarioChat chat, StoredMessage message, int dice, CancellationToken ct)
    {
        Person anybody = stage.Pick<Person>([.. chat.Members.OrderBy(person => person.Index)]);
        return dice switch
        {
            < 53 => By(chat.Writers.Contains(message.Sender) ? message.Sender : null, "edit", new() { ["text"] = $"{TextOf(stage.Random)} (edited)" }, Gone),
            < 56 => By(chat.Members.Contains(message.Sender) ? message.Sender : null, "delete", [], Gone),
            < 68 => By(Reactor(), "react", new() { ["emoji"] = stage.Pick(Emoji) }, Gone),
            < 71 => By(Reactor(), "react", [], [.. Gone, "invalid_argument"]), // there may be nothing to take back
            < 74 => By(Pinner(), "pinMessage", [], [.. Gone, "invalid_argument"]), // it may be pinned already
            < 76 => By(Pinner(), "unpinMessage", [], [.. Gone, "invalid_argument"]),
            < 80 => By(anybody, "star", [], Gone),
            < 82 => By(anybody, "unstar", [], Gone),
            < 84 => By(anybody, "hide", [], Gone),
            < 96 => By(anybody, "read", new() { ["upTo"] = message.Sequence }, []),
            _ => By(chat.Kind == ScenarioChatKind.Channel ? null : anybody, "typing", new() { ["active"] = dice % 2 == 0 }, []),
        };

        Person? Reactor() => chat.Kind == ScenarioChatKind.Channel
            ? stage.Pick<Person>(chat.Writers)
            : chat.IsBlocked ? null : anybody;

        Person? Pinner() => chat.Pinners is { Length: > 0 } pinners ? stage.Pick<Person>(pinners) : null;

        Func<Task>? By(Person? person, string operation, JsonObject args, string[] mayBe)
        {
            if (person is null) return null;
            Device device = stage.DeviceOf(person);
            args["chatId"] = chat.Id;
            if (operation is not ("read" or "typing")) args["sequence"] = message.Sequence;
            return () => stage.DoAsync(device, operation, args, ct, mayBe);
        }
    }

    private static string TextOf(Random random) => random.Next(8) switch
    {
        0 => $"Grüße, 你好, 👩‍👩‍👧 {random.Next(1_000)}",
        1 => string.Join(' ', Enumerable.Repeat($"word{random.Next(100)}", random.Next(5, 60))),
        _ => $"message {random.Next(1_000_000)}",
    };

    /// <summary>Marks, a mention, a place or a contact; files have a phase of their own.</summary>
    private static JsonObject ContentOf(DayStage stage, JsonObject args)
    {
        switch (stage.Random.Next(3))
        {
            case 0:
                Person named = stage.Pick(stage.People);
                args["text"] = $"bold @{named.Name} code";
                return new JsonObject
                {
                    ["kind"] = "text",
                    ["marks"] = new JsonArray(
                        new JsonObject { ["kind"] = "bold", ["start"] = 0, ["length"] = 4 },
                        new JsonObject { ["kind"] = "mention", ["start"] = 5, ["length"] = named.Name.Length + 1, ["principalId"] = named.Id }),
                };
            case 1:
                double latitude = Math.Round((stage.Random.NextDouble() * 180) - 90, 8), longitude = Math.Round((stage.Random.NextDouble() * 360) - 180, 8);
                return new JsonObject
                {
                    ["kind"] = "location",
                    ["location"] = new JsonObject { ["latitude"] = latitude, ["longitude"] = longitude, ["name"] = "Here" },
                };
            default:
                args["text"] = "";
                return new JsonObject { ["kind"] = "contact", ["contact"] = $"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Friend {stage.Random.Next(100)}\r\nEND:VCARD\r\n" };
        }
    }
}
