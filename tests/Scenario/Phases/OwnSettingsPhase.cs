using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>What chats are to one person alone: drafts, muted, archived, pinned, marked, themes, cleared; random steps of several people at a time.</summary>
/// <param name="share">Of the day's steps.</param>
internal sealed class OwnSettingsPhase(double share) : IPhase
{
    private const int AtOnce = 8;
    private const long FarFutureMs = 4_102_444_800_000; // the year 2100

    private static readonly (string Operation, int Weight)[] Operations =
    [
        ("draft", 6), ("mute", 3), ("unmute", 2), ("archive", 3), ("unarchive", 1), ("pinChat", 2), ("unpinChat", 1), ("markUnread", 3),
        ("unmarkUnread", 1), ("theme", 2), ("clear", 2), ("send", 5), ("read", 3), ("readNotices", 2),
    ];

    public string Title => "everybody arranges their chats";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        string[] bag = [.. Operations.SelectMany(one => Enumerable.Repeat(one.Operation, one.Weight))];
        Crowd crowd = new(AtOnce);
        for (int n = 0; n < (int)(stage.Options.Steps * share); n++)
            await crowd.StartAsync(() => Step(stage, stage.Pick<string>(bag), n, ct), ct);
        await crowd.EndAsync();
    }

    private static Func<Task>? Step(DayStage stage, string operation, int number, CancellationToken ct)
    {
        ScenarioChat chat = stage.Pick<ScenarioChat>([.. stage.Chats.OrderBy(chat => chat.Id)]);
        Person person = stage.Pick<Person>([.. chat.Members.OrderBy(person => person.Index)]);
        Device device = stage.DeviceOf(person);
        IReadOnlyList<StoredMessage> messages = chat.Messages;
        JsonObject args = new() { ["chatId"] = chat.Id };
        switch (operation)
        {
            case "send" when !chat.Writers.Contains(person):
                return null;
            case "send":
                args["text"] = $"after {number}";
                return () => stage.SendAsync(chat, person, device, operation, args, ct);
            case "draft":
                args["text"] = stage.Random.Next(5) == 0 ? "" : $"draft {number}";
                break;
            case "mute" when stage.Random.Next(2) == 0:
                args["untilMs"] = FarFutureMs;
                break;
            case "theme" when stage.Random.Next(4) > 0:
                args["theme"] = "night";
                break;
            case "clear" when messages.Count > 0:
                args["upTo"] = (stage.Random.Next(2) == 0 ? messages[^1] : stage.Pick(messages)).Sequence;
                break;
        }

        return () => stage.DoAsync(device, operation, args, ct, "too_many_pins");
    }
}
