using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>Profiles, privacy, contacts, and blocks with what they forbid; one pair stays blocked, another makes peace.</summary>
internal sealed class PeoplePhase : IPhase
{
    public string Title => "profiles, contacts and blocks";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        foreach (Person person in stage.People.Where(person => person.Index % 4 == 0))
        {
            await stage.DoAsync(stage.DeviceOf(person), "profile", new JsonObject { ["about"] = $"About {person}" }, ct);
            await stage.DoAsync(stage.DeviceOf(person), "privacy", new JsonObject { ["lastSeen"] = "contacts", ["about"] = "everyone" }, ct);
        }

        Person renamed = stage.People[5], discreet = stage.People[7];
        await stage.DoAsync(stage.DeviceOf(renamed), "profile", new JsonObject { ["name"] = "Somebody Else" }, ct);
        stage.Renamed.Add(renamed.Id);
        stage.Reserved.Add(discreet.Id);
        await stage.DoAsync(stage.DeviceOf(discreet), "privacy", new JsonObject { ["readReceipts"] = false }, ct);
        foreach (Person person in stage.People) await MeetAsync(stage, person, ct);

        ScenarioChat[] direct = [.. stage.Chats.Where(chat => chat.Kind == ScenarioChatKind.Direct).OrderBy(chat => chat.Id)];
        stage.Random.Shuffle(direct);
        await QuarrelAsync(stage, direct[0], isForGood: true, ct);
        await QuarrelAsync(stage, direct[1], isForGood: false, ct);
    }

    private static async Task MeetAsync(DayStage stage, Person person, CancellationToken ct)
    {
        Person[] others = [.. stage.People.Where(other => other != person)];
        stage.Random.Shuffle(others);
        Device device = stage.DeviceOf(person);
        await stage.DoAsync(device, "contact", new JsonObject { ["principalId"] = others[0].Id, ["name"] = $"My {others[0]}", ["favourite"] = true }, ct);
        await stage.DoAsync(device, "contact", new JsonObject { ["principalId"] = others[1].Id }, ct);
        await stage.DoAsync(stage.DeviceOf(person), "removeContact", new JsonObject { ["principalId"] = others[1].Id }, ct);
        await stage.DoAsync(stage.DeviceOf(person), "contact", new JsonObject { ["principalId"] = others[2].Id, ["favourite"] = false }, ct);
    }

    private static async Task QuarrelAsync(DayStage stage, ScenarioChat chat, bool isForGood, CancellationToken ct)
    {
        Person[] pair = [.. chat.Members.OrderBy(person => person.Index)];
        (Person angry, Person other) = (pair[0], pair[1]);
        StoredMessage? last = await stage.SendAsync(chat, other, stage.DeviceOf(other), "send", new JsonObject { ["text"] = "You are wrong" }, ct);
        foreach (Person person in pair) stage.Reserved.Add(person.Id); // what is hidden while a block lasts was higher before
        await stage.DoAsync(stage.DeviceOf(angry), "block", new JsonObject { ["principalId"] = other.Id }, ct);
        chat.IsBlocked = true;
        foreach (Person person in pair)
        {
            await stage.MustNotAsync(stage.DeviceOf(person), "send", new JsonObject { ["chatId"] = chat.Id, ["text"] = "And another thing" }, "blocked", ct);
            await stage.MustNotAsync(stage.DeviceOf(person), "callStart", new JsonObject { ["chatId"] = chat.Id, ["kind"] = "voice" }, "blocked", ct);
            if (last is null) continue;
            JsonObject reaction = new() { ["chatId"] = chat.Id, ["sequence"] = last.Sequence, ["emoji"] = "👎" };
            await stage.MustNotAsync(stage.DeviceOf(person), "react", reaction, "blocked", ct);
        }

        if (isForGood) return;

        await stage.DoAsync(stage.DeviceOf(angry), "unblock", new JsonObject { ["principalId"] = other.Id }, ct);
        chat.IsBlocked = false;
        await stage.SendAsync(chat, other, stage.DeviceOf(other), "send", new JsonObject { ["text"] = "Sorry" }, ct);
    }
}
