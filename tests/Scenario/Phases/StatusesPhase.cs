using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>Statuses are shown to those who keep each other as contacts, looked at once whatever the device, and taken back .</summary>
internal sealed class StatusesPhase : IPhase
{
    private const int Pairs = 8;

    public string Title => "statuses are shown, seen and taken back";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        // Without read receipts nobody's look is told, and who has blocked the other shows nothing.
        Person[] people = [.. stage.People.Where(person => !stage.Reserved.Contains(person.Id))];
        stage.Random.Shuffle(people);
        for (int n = 0; n < Pairs; n++)
            await ShowAsync(stage, author: people[2 * n], friend: people[(2 * n) + 1], stranger: people[(2 * n + 2) % people.Length], ct);
    }

    private static async Task ShowAsync(DayStage stage, Person author, Person friend, Person stranger, CancellationToken ct)
    {
        await stage.DoAsync(stage.DeviceOf(author), "contact", Of(friend), ct);
        await stage.DoAsync(stage.DeviceOf(friend), "contact", Of(author), ct);
        await stage.DoAsync(stage.DeviceOf(author), "removeContact", Of(stranger), ct, "contact_not_found");
        JsonObject status = new() { ["text"] = $"{author} is out", ["key"] = stage.NextKey().ToString() };
        if (await stage.DoAsync(stage.DeviceOf(author), "postStatus", status, ct) is not { } posted) return;

        long id = posted["id"]!.GetValue<long>();
        JsonObject which = new() { ["id"] = id };
        foreach (Device device in friend.Devices.Where(device => device.IsPresent))
        {
            await ExpectAsync(stage, device, "statuses", Of(author), id, isThere: true, ct);
            await stage.DoAsync(device, "viewStatus", which, ct);
        }

        await ExpectAsync(stage, stage.DeviceOf(stranger), "statuses", Of(author), id, isThere: false, ct);
        await stage.MustNotAsync(stage.DeviceOf(stranger), "viewStatus", which, "status_not_found", ct);
        await ExpectAsync(stage, stage.DeviceOf(author), "statusViewers", which, friend.Id, isThere: true, ct);
        await stage.DoAsync(stage.DeviceOf(author), "deleteStatus", which, ct);
        await stage.MustNotAsync(stage.DeviceOf(friend), "viewStatus", which, "status_not_found", ct);
    }

    /// <summary>What the list that the device gets holds of the number: it once, or not at all.</summary>
    private static async Task ExpectAsync(DayStage stage, Device device, string operation, JsonObject args, long number, bool isThere, CancellationToken ct)
    {
        if (await stage.DoAsync(device, operation, args, ct) is not { } list) return;
        int times = list.AsArray().Count(item => item!.GetValue<long>() == number);
        if (times != (isThere ? 1 : 0)) stage.Journal.Fault($"{device.Name}: {operation} {args.ToJsonString()} has {number} {times} times: {list.ToJsonString()}");
    }

    private static JsonObject Of(Person person) => new() { ["principalId"] = person.Id };
}
