using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

using Chat.Scenario.Devices;

namespace Chat.Scenario.Stage;

/// <summary>What a call is made of, and what must be seen of it on the devices; what is not is a fault of the day.</summary>
internal sealed class CallScript(DayStage stage, CancellationToken ct)
{
    private const int Burst = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40); // a call rings for 45 s, and a device that was cut is back in a few
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>One of a person's devices on one of the SDKs, or on the other one if that has none with a network.</summary>
    public Device DeviceOf(Person person, bool isDotnet)
    {
        Device[] fitting = [.. Present(person).Where(device => device is DotnetDevice == isDotnet)];
        return fitting.Length == 0 ? stage.DeviceOf(person) : stage.Pick(fitting);
    }

    public static IEnumerable<Device> Present(Person person) => person.Devices.Where(device => device.IsPresent);

    /// <summary>The direct chat of two people, made if there is none.</summary>
    public async Task<ScenarioChat> ChatOfAsync(Person one, Person other)
    {
        if (stage.Chats.FirstOrDefault(chat => chat.Kind == ScenarioChatKind.Direct && chat.Members.Contains(one) && chat.Members.Contains(other)) is { } known)
            return known;
        JsonNode? made = await stage.DoAsync(stage.DeviceOf(one), "openDirect", new JsonObject { ["principalId"] = other.Id }, ct);
        return stage.Add(new ScenarioChat(made!["chatId"]!.GetValue<long>(), ScenarioChatKind.Direct, [one, other], []));
    }

    /// <summary>Calls, or joins who calls there; returns the call, or null when there is none as it must be, which is told already.</summary>
    public async Task<long?> StartAsync(Device device, ScenarioChat chat, string status, string kind = "voice")
    {
        JsonObject args = new() { ["chatId"] = chat.Id, ["kind"] = kind };
        return CallOf(device, await stage.DoAsync(device, "callStart", args, ct), status);
    }

    public async Task<bool> AnswerAsync(Device device, long callId) =>
        CallOf(device, await stage.DoAsync(device, "callAnswer", Of(callId), ct), "answered") == callId;

    public Task EndAsync(Device device, long callId) => stage.DoAsync(device, "callEnd", Of(callId), ct);

    /// <summary>All devices of people that have a network ring, each once.</summary>
    public async Task<bool> RingsAsync(long callId, params Person[] people)
    {
        bool isGood = true;
        foreach (Device device in people.SelectMany(Present))
            isGood &= await SeesAsync(device, $"call {callId} rings", report => Told(report, callId)?["ringing"]!.GetValue<int>() == 1);
        return isGood;
    }

    /// <summary>All of the devices ring no more, each told once, with this word.</summary>
    public async Task StopsAsync(long callId, string why, IEnumerable<Device> devices)
    {
        foreach (Device device in devices)
            await SeesAsync(device, $"call {callId} rings no more ({why})", report => Told(report, callId)?["stopped"]!.AsArray() is [{ } word] && word.ToString() == why);
    }

    /// <summary>Who else takes part, as a device that does sees it.</summary>
    public async Task<bool> IsWithAsync(Device device, long callId, params Person[] others)
    {
        long[] expected = [.. others.Select(person => person.Id).Order()];
        return await SeesAsync(
            device, $"in call {callId} are {string.Join(", ", expected)}",
            report => PlaceIn(report, callId) is { } place && place["over"] is null && expected.SequenceEqual(place["others"]!.AsArray().Select(id => id!.GetValue<long>())));
    }

    /// <summary>The call is over where the device took part, for this reason and told once.</summary>
    public Task<bool> IsOverAsync(Device device, long callId, string how) => SeesAsync(
        device, $"call {callId} is over ({how})",
        report => PlaceIn(report, callId) is { } place && place["over"]?.ToString() == how && place["ends"]!.GetValue<int>() == 1);

    /// <summary>How the service says that the call went.</summary>
    public async Task WentAsync(Device device, long callId, string status, string? reason)
    {
        if (await stage.DoAsync(device, "callFind", Of(callId), ct) is not { } call) return;
        if (call["status"]!.ToString() != status || call["reason"]?.ToString() != reason)
            stage.Journal.Fault($"{device.Name}: call {callId} must be {status} ({reason}): {call.ToJsonString()}");
    }

    /// <summary>
    /// Signals get from one to the other, again while the network is bad, and behind a burst too. Any of them may be lost on its way (§6.39):
    /// that they are in order, and holes told, is looked at in the evening.
    /// </summary>
    public async Task SignalsAsync(long callId, (Person Person, Device Device) from, (Person Person, Device Device) to)
    {
        if (await GetThroughAsync(callId, from, to) is null || await GetThroughAsync(callId, to, from) is null) return;
        if (await GetThroughAsync(callId, from, to) is not { } before) return;

        await SendAsync(callId, from.Device, to.Person, Burst);
        await GetThroughAsync(callId, from, to, above: before + Burst); // behind the burst
    }

    /// <summary>Sends a signal, and another one while none came; returns the number of the last that came, which is above the one given, or null when none did in all the time.</summary>
    private async Task<int?> GetThroughAsync(long callId, (Person Person, Device Device) from, (Person Person, Device Device) to, int? above = null)
    {
        long start = Stopwatch.GetTimestamp();
        int came = await LastAsync(), least = above ?? came;
        while (came <= least)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                stage.Journal.Fault($"{to.Device.Name}: no signal of {from.Device.Name} in call {callId} came within {Patience.TotalSeconds:0} s: {await TellAsync(to.Device)}; there: {await TellAsync(from.Device)}");
                return null;
            }

            await SendAsync(callId, from.Device, to.Person, count: 1);
            for (int n = 0; n < 10 && came <= least; n++)
            {
                await Task.Delay(Look, TimeProvider.System, ct);
                came = await LastAsync();
            }
        }

        return came;

        async Task<int> LastAsync() =>
            await stage.DoAsync(to.Device, "callReport", [], ct) is { } report ? Numbers(report, callId, from).DefaultIfEmpty().Max() : 0;
    }

    private Task SendAsync(long callId, Device device, Person to, int count)
    {
        JsonObject args = Of(callId);
        (args["to"], args["count"]) = (to.Id, count);
        return stage.DoAsync(device, "callSignal", args, ct);
    }

    /// <summary>What came from another device in a call, at the last place of both there.</summary>
    private static IEnumerable<int> Numbers(JsonNode report, long callId, (Person Person, Device Device) from)
    {
        string[] bodies = [.. PlaceIn(report, callId)!["signals"]!.AsArray()
            .Select(signal => signal!["body"]!.ToString())
            .Where(body => body.StartsWith($"{from.Device.Name}#", StringComparison.Ordinal))];
        if (bodies.Length == 0) return [];
        string place = bodies[^1][..(bodies[^1].LastIndexOf(' ') + 1)];
        return bodies.Where(body => body.StartsWith(place, StringComparison.Ordinal)).Select(body => int.Parse(body[place.Length..], CultureInfo.InvariantCulture));
    }

    private long? CallOf(Device device, JsonNode? joined, string status)
    {
        if (joined is not null && joined["status"]!.ToString() == status) return joined["callId"]!.GetValue<long>();
        stage.Journal.Fault($"{device.Name}: is to be in a call that is {status}: {joined?.ToJsonString() ?? "it was refused"}");
        return null;
    }

    private async Task<bool> SeesAsync(Device device, string what, Func<JsonNode, bool> isSo)
    {
        long start = Stopwatch.GetTimestamp();
        while (await stage.DoAsync(device, "callReport", [], ct) is { } report)
        {
            if (isSo(report)) return true;
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                stage.Journal.Fault($"{device.Name}: that {what} is not seen after {Patience.TotalSeconds:0} s: {report.ToJsonString()}");
                return false;
            }

            await Task.Delay(Look, TimeProvider.System, ct);
        }

        return false;
    }

    private async Task<string?> TellAsync(Device device) => (await stage.DoAsync(device, "callReport", [], ct))?.ToJsonString();

    private static JsonNode? Told(JsonNode report, long callId) => report["told"]![Key(callId)];

    private static JsonNode? PlaceIn(JsonNode report, long callId) =>
        report["places"]!.AsArray().LastOrDefault(place => place!["callId"]!.GetValue<long>() == callId);

    public static JsonObject Of(long callId) => new() { ["callId"] = callId };

    private static string Key(long callId) => callId.ToString(CultureInfo.InvariantCulture);
}
