using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>
/// Messages are written for later, in front of the hour in which the server is killed: the evening looks whether each is there once, or kept with the
/// reason why not.
/// </summary>
internal sealed class ScheduledPhase : IPhase
{
    private const int AtOnce = 6;
    private const int Messages = 40;
    private const int Soonest = 12;
    private const int Latest = 30;

    public string Title => "messages are written for later";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        ScenarioChat[] chats = [.. stage.Chats.Where(chat => chat.Writers.Length > 0).OrderBy(chat => chat.Id)];
        Crowd crowd = new(AtOnce);
        for (int n = 0; n < Messages; n++) await crowd.StartAsync(() => Step(stage, stage.Pick(chats), n, ct), ct);
        await crowd.EndAsync();
    }

    private static Func<Task> Step(DayStage stage, ScenarioChat chat, int number, CancellationToken ct)
    {
        Person writer = stage.Pick(chat.Writers);
        Device device = stage.DeviceOf(writer), other = stage.DeviceOf(writer);
        int dueIn = stage.Random.Next(Soonest, Latest);
        Guid key = stage.NextKey();
        return async () =>
        {
            JsonObject args = new() { ["chatId"] = chat.Id, ["text"] = $"later {number}", ["inSeconds"] = dueIn, ["key"] = key.ToString() };
            if (await stage.DoAsync(device, "schedule", args, ct) is not { } made) return;

            long id = made["id"]!.GetValue<long>();
            bool isCancelled = number % 4 == 0;
            stage.Journal.Plan(new PlannedMessage(chat.Id, id, key.ToString("N"), writer, isCancelled));
            if (isCancelled)
            {
                await stage.DoAsync(other, "cancelScheduled", new JsonObject { ["id"] = id }, ct);
            }
            else if (number % 4 == 1)
            {
                JsonObject change = new() { ["chatId"] = chat.Id, ["id"] = id, ["text"] = $"later still {number}", ["inSeconds"] = dueIn + 5 };
                await stage.DoAsync(other, "changeScheduled", change, ct);
            }
            else if (number % 4 == 2)
            {
                await stage.DoAsync(other, "sendScheduled", new JsonObject { ["id"] = id }, ct);
            }
        };
    }
}
