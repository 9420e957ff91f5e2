using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>A word that was written is found by those who are in its chat, on each device, and no more when it is deleted (R-090).</summary>
internal sealed class SearchPhase : IPhase
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20); // the index is two seconds behind on a machine with room
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    public string Title => "words are looked for";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        ScenarioChat[] groups = [.. stage.Chats.Where(chat => chat.Kind == ScenarioChatKind.Group && chat.Writers.Length > 0).OrderBy(chat => chat.Id)];
        foreach (ScenarioChat group in groups.Take(3)) await LookForAsync(stage, group, $"Quittenäpfel{group.Id}", ct);
    }

    private static async Task LookForAsync(DayStage stage, ScenarioChat group, string word, CancellationToken ct)
    {
        Person writer = stage.Pick(group.Writers);
        JsonObject text = new() { ["text"] = $"Wer mag {word}?" }, query = new() { ["text"] = word.ToUpperInvariant() };
        if (await stage.SendAsync(group, writer, stage.DeviceOf(writer), "send", text, ct) is not { } message) return;

        foreach (Person person in stage.People)
            await ExpectAsync(stage, stage.DeviceOf(person), query, $"{group.Id}-{message.Sequence}", group.Members.Contains(person), ct);
        await stage.DoAsync(stage.DeviceOf(writer), "delete", new JsonObject { ["chatId"] = group.Id, ["sequence"] = message.Sequence }, ct);
        foreach (Person person in group.Members)
            await ExpectAsync(stage, stage.DeviceOf(person), query, $"{group.Id}-{message.Sequence}", isThere: false, ct);
    }

    private static async Task ExpectAsync(DayStage stage, Device device, JsonObject query, string place, bool isThere, CancellationToken ct)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (await stage.DoAsync(device, "search", query, ct) is { } found)
        {
            if (found.AsArray().Any(item => item!.GetValue<string>() == place) == isThere) return;
            if (!isThere || TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                stage.Journal.Fault($"{device.Name}: search {query.ToJsonString()} must {(isThere ? "" : "not ")}find {place}: {found.ToJsonString()}");
                return;
            }

            await Task.Delay(Pause, TimeProvider.System, ct);
        }
    }
}
