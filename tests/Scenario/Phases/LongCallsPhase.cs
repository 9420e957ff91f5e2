using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>Two calls begin that last over the hour in which the server is killed, and one that nobody answers .</summary>
internal sealed class LongCallsPhase : IPhase
{
    public string Title => "two long calls begin, and one is not answered";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        CallScript script = new(stage, ct);
        // Of these no device goes away; and of those with an even number none comes later.
        Person[] staying = [.. stage.People.Skip(DeparturePhase.People).Where(person => person.Index % 2 == 0)];
        stage.Random.Shuffle(staying);
        await TalkAsync(staying[0], staying[1], isDotnet: true);
        await TalkAsync(staying[2], staying[3], isDotnet: false);
        await CallInVainAsync(staying[4], stage.People[0]); // one of whose devices goes away meanwhile

        async Task TalkAsync(Person caller, Person called, bool isDotnet)
        {
            ScenarioChat chat = await script.ChatOfAsync(caller, called);
            Device here = script.DeviceOf(caller, isDotnet), there = script.DeviceOf(called, !isDotnet);
            if (await script.StartAsync(here, chat, "ringing", "video") is not { } call || !await script.RingsAsync(call, called)) return;
            if (!await script.AnswerAsync(there, call)) return;

            await script.StopsAsync(call, "answered", CallScript.Present(called).Where(device => device != there));
            LongCall talk = new(call, chat, (caller, here), (called, there));
            await script.IsWithAsync(here, call, called);
            await script.SignalsAsync(call, talk.Caller, talk.Called);
            stage.LongCalls.Add(talk);
        }

        async Task CallInVainAsync(Person caller, Person called)
        {
            ScenarioChat chat = await script.ChatOfAsync(caller, called);
            Device here = script.DeviceOf(caller, isDotnet: stage.Random.Next(2) == 0);
            if (await script.StartAsync(here, chat, "ringing") is not { } call) return;

            await script.RingsAsync(call, called);
            stage.Unanswered = call;
            stage.Ringing.UnionWith([caller, called]);
        }
    }
}
