using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>
/// People call each other from devices of both SDKs, all of them while connections are cut: answered, declined, cancelled, busy, refused, both at
/// once, and in a group. What became of each call is laid beside the server in the evening.
/// </summary>
internal sealed class CallsPhase : IPhase
{
    private const int Pairs = 6;

    public string Title => "people call each other";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        CallScript script = new(stage, ct);
        Person[] free = [.. stage.People.Where(person => !stage.Ringing.Contains(person) && !stage.LongCalls.Exists(call => call.Caller.Person == person || call.Called.Person == person))];
        stage.Random.Shuffle(free);
        foreach ((int n, LongCall talk) in stage.LongCalls.Index()) await EndLongAsync(stage, script, talk, stranger: free[n], ct);
        List<Task> pairs = [];
        for (int n = 0; n < Pairs; n++)
        {
            (Person one, Person other) = (free[2 * n], free[(2 * n) + 1]);
            ScenarioChat chat = await script.ChatOfAsync(one, other);
            // Each SDK calls each, and in the other direction as well.
            PairOfCallers pair = new(stage, script, chat, (one, script.DeviceOf(one, n % 2 == 0)), (other, script.DeviceOf(other, n % 4 < 2)), ct);
            pairs.Add(pair.RunAsync(isAway: n % 3 == 0));
        }

        await Task.WhenAll(pairs);
        await InGroupAsync(stage, script);
    }

    /// <summary>After all that was, both are in the call still; they are busy to others, and hang up.</summary>
    private static async Task EndLongAsync(DayStage stage, CallScript script, LongCall talk, Person stranger, CancellationToken ct)
    {
        await script.IsWithAsync(talk.Caller.Device, talk.Id, talk.Called.Person);
        await script.IsWithAsync(talk.Called.Device, talk.Id, talk.Caller.Person);
        await script.SignalsAsync(talk.Id, talk.Caller, talk.Called);
        await script.SignalsAsync(talk.Id, talk.Called, talk.Caller);

        ScenarioChat chat = await script.ChatOfAsync(stranger, talk.Called.Person);
        Device device = stage.DeviceOf(stranger);
        if (await script.StartAsync(device, chat, "missed") is { } vain) await script.WentAsync(device, vain, "missed", "busy");
        JsonObject another = new() { ["chatId"] = chat.Id, ["kind"] = "voice" };
        foreach (Device one in CallScript.Present(talk.Called.Person)) await stage.MustNotAsync(one, "callStart", another, "in_another_call", ct);

        await script.EndAsync(talk.Called.Device, talk.Id);
        await script.IsOverAsync(talk.Called.Device, talk.Id, "ended");
        await script.IsOverAsync(talk.Caller.Device, talk.Id, "ended");
        await script.WentAsync(talk.Caller.Device, talk.Id, "ended", "hung_up");
    }

    /// <summary>Three talk; one leaves and comes back on another device, one who did not answer comes later; then they go one after another.</summary>
    private static async Task InGroupAsync(DayStage stage, CallScript script)
    {
        ScenarioChat? group = stage.Chats.Where(chat => chat.Kind == ScenarioChatKind.Group && Actors(chat).Length >= 3).MinBy(chat => (chat.Members.Count, chat.Id));
        if (group is null)
        {
            stage.Journal.Fault("There is no group in which three may call each other");
            return;
        }

        Person[] people = Actors(group);
        (Person Person, Device Device) anna = (people[0], script.DeviceOf(people[0], isDotnet: true)), ben = (people[1], script.DeviceOf(people[1], isDotnet: false));
        (Person Person, Device Device) carla = (people[2], script.DeviceOf(people[2], isDotnet: true)), again = (people[1], script.DeviceOf(people[1], isDotnet: true));
        if (await script.StartAsync(anna.Device, group, "ringing", "video") is not { } call) return;
        if (!await script.RingsAsync(call, people[1..])) return;
        if (!await script.AnswerAsync(ben.Device, call) || !await script.AnswerAsync(carla.Device, call)) return;
        await script.StopsAsync(call, "answered", CallScript.Present(ben.Person).Where(device => device != ben.Device));
        await script.IsWithAsync(anna.Device, call, ben.Person, carla.Person);
        await script.IsWithAsync(ben.Device, call, anna.Person, carla.Person);
        await script.SignalsAsync(call, anna, ben);
        await script.SignalsAsync(call, ben, carla);

        await script.EndAsync(ben.Device, call);
        await script.IsOverAsync(ben.Device, call, "ended");
        await script.IsWithAsync(anna.Device, call, carla.Person);
        if (!await script.AnswerAsync(again.Device, call)) return;
        await script.IsWithAsync(carla.Device, call, anna.Person, ben.Person);
        await script.SignalsAsync(call, anna, again);

        (Person Person, Device Device) last = again;
        if (people.Length > 3)
        {
            last = (people[3], script.DeviceOf(people[3], isDotnet: false));
            // A start joins what is live.
            if (await script.StartAsync(last.Device, group, "answered", "video") != call) return;
            await script.IsWithAsync(again.Device, call, anna.Person, carla.Person, last.Person);
            await script.SignalsAsync(call, last, carla);
            await script.EndAsync(again.Device, call);
        }

        await script.EndAsync(anna.Device, call);
        await script.IsOverAsync(anna.Device, call, "ended");
        await script.IsWithAsync(carla.Device, call, last.Person);
        await script.WentAsync(anna.Device, call, "answered", null);
        await script.EndAsync(carla.Device, call);
        await script.IsOverAsync(last.Device, call, "ended");
        await script.WentAsync(anna.Device, call, "ended", "hung_up");

        Person[] Actors(ScenarioChat chat) => [.. chat.Writers.Where(person => !stage.Ringing.Contains(person))];
    }
}
