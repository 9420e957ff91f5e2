using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>
/// A busy chat writes more than a node's ring holds, while a few devices have been away since noon: they have to ask for what they missed, page
/// after page.
/// </summary>
internal sealed class MonthPhase : IPhase
{
    private const int Messages = 1_500; // a ring holds up to 1,024 events, and a page of history 200
    private const int AtOnce = 24;

    public string Title => "a month of messages passes, while some are away";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        ScenarioChat busy = stage.Chats.Where(chat => chat.Kind == ScenarioChatKind.Group).MaxBy(chat => chat.Members.Count)!;
        Person[] writers = busy.Writers;
        Crowd crowd = new(AtOnce);
        for (int n = 0; n < Messages; n++)
        {
            await crowd.StartAsync(() =>
            {
                Person sender = stage.Pick<Person>(writers);
                Device device = stage.DeviceOf(sender);
                JsonObject args = new() { ["text"] = $"day {n / 50}, message {n}" };
                return () => stage.SendAsync(busy, sender, device, "send", args, ct);
            }, ct);
        }

        await crowd.EndAsync();
    }
}

/// <summary>One device of each of a few people loses its network until the evening.</summary>
internal sealed class DeparturePhase : IPhase
{
    /// <summary>The first ones.</summary>
    public const int People = 4;

    public string Title => "some devices go away for a month";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        // The first device of two people, then the second: on both SDKs, since devices take turns on them, and people do.
        foreach (Person person in stage.People.Take(People))
            await person.Devices[person.Index / 2 % 2].GoAwayAsync();
    }
}
