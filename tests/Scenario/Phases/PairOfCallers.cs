using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>Two people who call each other in every way that there is, beside other pairs.</summary>
/// <param name="one">Calls first, and from where.</param>
/// <param name="other">Is called first, and where it is answered.</param>
internal sealed class PairOfCallers(
    DayStage stage, CallScript script, ScenarioChat chat, (Person Person, Device Device) one, (Person Person, Device Device) other, CancellationToken ct)
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(1);

    /// <param name="isAway">One of them has no network for a while in the middle; otherwise the connections are cut.</param>
    public async Task RunAsync(bool isAway)
    {
        await RefuseAsync();
        await TalkAsync(isAway);
        await DeclineAsync();
        await CancelAsync();
        await MeetAsync();
    }

    /// <summary>Who takes no calls is not called.</summary>
    private async Task RefuseAsync()
    {
        await stage.DoAsync(other.Device, "privacy", new JsonObject { ["calls"] = "nobody" }, ct);
        JsonObject call = new() { ["chatId"] = chat.Id, ["kind"] = "voice" };
        await stage.MustNotAsync(one.Device, "callStart", call, "not_allowed", ct);
        await stage.DoAsync(other.Device, "privacy", new JsonObject { ["calls"] = "everyone" }, ct);
    }

    /// <summary>One of the devices answers, the others are quiet; who answers there comes too late; the call lasts over a bad network.</summary>
    private async Task TalkAsync(bool isAway)
    {
        if (await script.StartAsync(one.Device, chat, "ringing") is not { } call || !await script.RingsAsync(call, other.Person)) return;
        if (!await script.AnswerAsync(other.Device, call)) return;
        Device[] quiet = [.. CallScript.Present(other.Person).Where(device => device != other.Device)];
        await script.StopsAsync(call, "answered", quiet);
        foreach (Device late in quiet) await stage.MustNotAsync(late, "callAnswer", CallScript.Of(call), "answered_elsewhere", ct);
        await script.IsWithAsync(one.Device, call, other.Person);
        await script.IsWithAsync(other.Device, call, one.Person);
        await script.SignalsAsync(call, one, other);
        if (isAway)
        {
            await other.Device.GoAwayAsync();
            await Task.Delay(Away, TimeProvider.System, ct); // this long there is none, however fast the machine is
            await other.Device.ComeBackAsync(ct);
        }
        else
        {
            one.Device.Cut();
            other.Device.Cut();
        }

        await script.SignalsAsync(call, other, one);
        await script.IsWithAsync(one.Device, call, other.Person);
        await EndAsync(call, isAway ? one : other);
    }

    /// <summary>The other way round, and one of the devices says no.</summary>
    private async Task DeclineAsync()
    {
        if (await script.StartAsync(other.Device, chat, "ringing", "video") is not { } call || !await script.RingsAsync(call, one.Person)) return;
        await stage.DoAsync(one.Device, "callDecline", CallScript.Of(call), ct);
        await script.StopsAsync(call, "declined", CallScript.Present(one.Person));
        await script.IsOverAsync(other.Device, call, "declined");
        await script.WentAsync(other.Device, call, "declined", "declined");
    }

    /// <summary>The caller hangs up before anybody answers.</summary>
    private async Task CancelAsync()
    {
        if (await script.StartAsync(one.Device, chat, "ringing") is not { } call || !await script.RingsAsync(call, other.Person)) return;
        await script.EndAsync(one.Device, call);
        await script.StopsAsync(call, "missed", CallScript.Present(other.Person));
        await script.IsOverAsync(one.Device, call, "ended");
        await script.WentAsync(one.Device, call, "missed", "cancelled");
        await stage.MustNotAsync(other.Device, "callAnswer", CallScript.Of(call), "call_ended", ct);
    }

    /// <summary>Both call at once, and are in one call.</summary>
    private async Task MeetAsync()
    {
        JsonObject args = new() { ["chatId"] = chat.Id, ["kind"] = "voice" };
        JsonNode?[] starts = await Task.WhenAll(
            stage.DoAsync(one.Device, "callStart", args.DeepClone().AsObject(), ct), stage.DoAsync(other.Device, "callStart", args.DeepClone().AsObject(), ct));
        if (starts is not [{ } here, { } there] || here["callId"]!.GetValue<long>() != there["callId"]!.GetValue<long>())
        {
            stage.Journal.Fault($"{one.Device.Name} and {other.Device.Name} called each other and are not in one call: {starts[0]?.ToJsonString()} and {starts[1]?.ToJsonString()}");
            return;
        }

        long call = here["callId"]!.GetValue<long>();
        await script.IsWithAsync(one.Device, call, other.Person);
        await script.IsWithAsync(other.Device, call, one.Person);
        await script.SignalsAsync(call, one, other);
        await EndAsync(call, one);
    }

    private async Task EndAsync(long call, (Person Person, Device Device) by)
    {
        await script.EndAsync(by.Device, call);
        await script.IsOverAsync(one.Device, call, "ended");
        await script.IsOverAsync(other.Device, call, "ended");
        await script.WentAsync(by.Device, call, "ended", "hung_up");
    }
}
