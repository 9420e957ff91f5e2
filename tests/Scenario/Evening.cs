using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

using Chat.Chaos.Checker;
using Chat.Chaos.Workload;
using Chat.Scenario.Devices;
using Chat.Scenario.Stage;
using Chat.Scenario.State;

namespace Chat.Scenario;

/// <summary>Everybody comes back and catches up; then each device is laid beside the server.</summary>
internal sealed class Evening(DayStage stage) : IDisposable
{
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(120); // what takes so long hangs, however slow the machine is
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(30); // and this is worth a look
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(90); // rings for 45 s, and is ended by a look at what is due
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly List<string> _faults = [];
    private readonly Dictionary<Person, ServerClient> _servers = [];
    private int _passed;

    public int Passed => _passed;

    /// <summary>What is not as it must be; empty on a good day.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (Device device in stage.Devices) await device.ComeBackAsync(ct);
        await CatchUpAsync(ct);
        await EndCallsAsync(ct);
        Dictionary<Person, ServerPicture> truth = await ComparePicturesAsync(ct);
        foreach (Person person in stage.People)
        {
            foreach (Device device in person.Devices)
                Judge([.. Comparison.CheckEvents(device.Name, truth[person], (await device.DoAsync("watch", [], ct))!)]);
        }

        await CheckCallsAsync(truth, ct);
        HashSet<long> failed = await ReadFailedAsync(ct);
        ILookup<(long ChatId, string Key), long> stored = await ReadStoredAsync(ct);
        Judge(CheckSends(stored));
        Judge(CheckPlanned(stored, failed));
        Judge([.. stage.Journal.Faults]);
    }

    public void Dispose()
    {
        foreach (ServerClient server in _servers.Values) server.Dispose();
    }

    /// <summary>Waits until every device is online and holds every chat up to its head.</summary>
    private async Task CatchUpAsync(CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        Dictionary<Person, Dictionary<string, long>> heads = [];
        foreach (Person person in stage.People) heads[person] = await HeadsAsync(person, ct);
        foreach (Person person in stage.People)
        {
            foreach (Device device in person.Devices)
            {
                if (await LagAsync(device, heads[person], start, Slow, ct) is not { } lag) continue;
                Console.WriteLine("  " + lag);
                if (await LagAsync(device, heads[person], start, CatchUp, ct) is { } fault) _faults.Add(fault);
            }
        }
    }

    /// <summary>Waits until the device holds all, and says what it lacks when the time is over.</summary>
    private static async Task<string?> LagAsync(Device device, Dictionary<string, long> heads, long start, TimeSpan limit, CancellationToken ct)
    {
        while (Missing(heads, (await device.DoAsync("heads", [], ct))!) is { } missing)
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                string frames = string.Join("\n    ", (await device.DoAsync("frames", [], ct))!.AsArray());
                return $"{device.Name} did not catch up within {limit.TotalSeconds:0} s: {missing}\n    {TimeProvider.System.GetUtcNow():HH:mm:ss.fff} now, its last frames:\n    {frames}";
            }

            await Task.Delay(Look, TimeProvider.System, ct);
        }

        return null;
    }

    private async Task<Dictionary<string, long>> HeadsAsync(Person person, CancellationToken ct)
    {
        ServerClient server = await AskAsAsync(person, ct);
        List<JsonNode> chats = await server.ListAsync("/api/chats?limit=100", "cursor", ct);
        return chats.ToDictionary(chat => chat["chatId"]!.ToString(), chat => chat["headSequence"]!.GetValue<long>());
    }

    private static string? Missing(Dictionary<string, long> heads, JsonNode device)
    {
        if (!device["online"]!.GetValue<bool>()) return "it is not online";
        foreach ((string chat, long head) in heads)
        {
            long held = device["chats"]![chat]?.GetValue<long>() ?? 0;
            if (held >= head) continue;
            string listed = device["listed"]?[chat] is { } known ? $", lists it up to {known}" : "", ended = device["ended"]?[chat] is { } why ? $", reads no more: {why}" : "";
            return $"it holds chat {chat} up to {held} of {head}{listed}{ended}";
        }

        return null;
    }

    /// <summary>
    /// What was done last may be on its way to a device, or from it (watermarks are told a moment later), so whoever differs is looked at
    /// again for a while. What does not go away by itself is a fault.
    /// </summary>
    private async Task<Dictionary<Person, ServerPicture>> ComparePicturesAsync(CancellationToken ct)
    {
        Comparison comparison = new(
            stage.Renamed, stage.Reserved, await CrashLog.ReadAsync(stage.Server.Target.ConnectionString, stage.KilledAtMs, ct));
        Dictionary<Person, ServerPicture> truth = [];
        List<(Person Person, Device Device)> open = [.. stage.People.SelectMany(person => person.Devices.Select(device => (person, device)))];
        Dictionary<Device, string> faults = [];
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            faults.Clear();
            foreach (Person person in open.Select(one => one.Person).Distinct()) truth[person] = await ReadAsync(person, ct);
            foreach ((Person person, Device device) in open)
            {
                Picture shown;
                try
                {
                    shown = new((await device.DoAsync("picture", [], ct))!);
                }
                catch (OperationFailure failure)
                {
                    // It asks for a chat that it shows and is not in any more: news of that may be on its way to it, too.
                    faults[device] = $"{device.Name} could not tell what it shows: {failure.Message}";
                    continue;
                }

                Difference[] found = [.. comparison.Compare(device.Name, truth[person].Picture, shown)];
                if (found.Length == 0) continue;
                faults[device] = string.Join(
                    "\n    ", [.. found.Select(one => one.ToString()), .. Comparison.Surroundings(found, truth[person].Picture, shown)]);
            }

            _passed += open.Count - faults.Count;
            open.RemoveAll(one => !faults.ContainsKey(one.Device));
            if (open.Count == 0) return truth;
            if (Stopwatch.GetElapsedTime(start) > Settle) break;
            await Task.Delay(Look, TimeProvider.System, ct);
        }

        _faults.AddRange(open.Select(one => faults[one.Device]));
        return truth;
    }

    private async Task<ServerPicture> ReadAsync(Person person, CancellationToken ct) =>
        await ServerPicture.ReadAsync(await AskAsAsync(person, ct), ct);

    /// <summary>A session of the person's own that no device has.</summary>
    private async Task<ServerClient> AskAsAsync(Person person, CancellationToken ct)
    {
        if (!_servers.TryGetValue(person, out ServerClient? server))
            _servers[person] = server = await ServerClient.SignInAsync(stage.Server.Target.Url, person.Login, DayStage.Password, ct);
        return server;
    }

    /// <summary>Waits until no call is live: the one that nobody answered rings for a while.</summary>
    private async Task EndCallsAsync(CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (Person person in stage.People)
        {
            ServerClient server = await AskAsAsync(person, ct);
            while ((await server.GetAsync("/api/calls/active", ct))["items"]!.AsArray() is { Count: > 0 } live)
            {
                if (Stopwatch.GetElapsedTime(start) > LongestCall)
                {
                    _faults.Add($"{person} has calls that do not end: {live.ToJsonString()}");
                    return;
                }

                await Task.Delay(Look, TimeProvider.System, ct);
            }
        }
    }

    /// <summary>What the devices were told of calls, which may be on its way for a moment, and what the chats say of them.</summary>
    private async Task CheckCallsAsync(Dictionary<Person, ServerPicture> truth, CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (Person person in stage.People)
        {
            foreach (Device device in person.Devices)
            {
                string[] faults;
                while ((faults = [.. CallCheck.CheckDevice(device, truth[person].Calls, (await device.DoAsync("callReport", [], ct))!)]).Length > 0)
                {
                    if (Stopwatch.GetElapsedTime(start) > Settle) break;
                    await Task.Delay(Look, TimeProvider.System, ct);
                }

                Judge(faults);
            }
        }

        JsonNode[] calls = [.. truth.Values.SelectMany(picture => picture.Calls)];
        Judge(await CallCheck.CheckLinesAsync(stage.Server.Target.ConnectionString, calls, ct));
        JsonNode? unanswered = calls.FirstOrDefault(call => call["callId"]!.GetValue<long>() == stage.Unanswered);
        Judge(unanswered?["status"]!.ToString() == "missed" && unanswered["reason"]!.ToString() == "unanswered"
            ? []
            : [$"The call that nobody answered is {unanswered?.ToJsonString() ?? "not there"}"]);
    }

    /// <summary>Every message that was acked is in its chat's log once, where the ack said.</summary>
    private string[] CheckSends(ILookup<(long ChatId, string Key), long> stored)
    {
        List<string> faults = [];
        foreach (StoredMessage acked in stage.Journal.Acked)
        {
            long[] at = [.. stored[(acked.ChatId, acked.ClientMessageId)]];
            if (at.Length == 1 && at[0] == acked.Sequence) continue;
            string places = at.Length == 0 ? "nowhere" : string.Join(", ", at.Select(sequence => sequence.ToString(CultureInfo.InvariantCulture)));
            faults.Add($"A message of {acked.Sender} to chat {acked.ChatId} was acked as {acked.Sequence}; it is stored at: {places}");
        }

        return [.. faults];
    }

    /// <summary>
    /// Every message that was written for later is in its chat's log once, or kept for its writer with the reason why not; and none that was taken back.
    /// </summary>
    /// <param name="failed">Ids of those that are kept.</param>
    private string[] CheckPlanned(ILookup<(long ChatId, string Key), long> stored, HashSet<long> failed)
    {
        List<string> faults = [];
        int sent = 0;
        foreach (PlannedMessage planned in stage.Journal.Planned)
        {
            int times = stored[(planned.ChatId, planned.ClientMessageId)].Count();
            bool isKept = failed.Contains(planned.Id);
            if (times == 1) sent++;
            if (times + (isKept ? 1 : 0) != (planned.IsCancelled ? 0 : 1))
                faults.Add($"Scheduled message {planned.Id} of {planned.Writer} is in chat {planned.ChatId} {times} times, {(isKept ? "" : "not ")}kept as failed, {(planned.IsCancelled ? "" : "not ")}taken back");
        }

        if (sent == 0) faults.Add("No message that was written for later was sent");
        return [.. faults];
    }

    /// <summary>The scheduled messages that could not be sent, once nothing waits any more.</summary>
    private async Task<HashSet<long>> ReadFailedAsync(CancellationToken ct)
    {
        HashSet<long> failed = [];
        foreach (Person person in stage.People)
        {
            ServerClient server = await AskAsAsync(person, ct);
            List<JsonNode> left = await server.ListAsync("/api/scheduled?limit=100", "cursor", ct);
            long start = Stopwatch.GetTimestamp();
            while (left.Any(one => one["state"]!.ToString() is "waiting" or "sending") && Stopwatch.GetElapsedTime(start) < CatchUp)
            {
                await Task.Delay(Look, TimeProvider.System, ct);
                left = await server.ListAsync("/api/scheduled?limit=100", "cursor", ct);
            }

            failed.UnionWith(left.Where(one => one["state"]!.ToString() == "failed").Select(one => one["id"]!.GetValue<long>()));
        }

        return failed;
    }

    /// <summary>Where each message is in the logs, by its chat and client message id.</summary>
    private async Task<ILookup<(long ChatId, string Key), long>> ReadStoredAsync(CancellationToken ct)
    {
        await using FinalReader reader = new(stage.Server.Target.ConnectionString);
        IReadOnlyList<FinalChat> chats = await reader.ReadAsync([.. stage.Chats.Select(chat => chat.Id)], ct);
        return chats
            .SelectMany(chat => chat.Events.Where(entry => entry.IsMessage).Select(entry => (chat.Id, Key: entry.ClientMessageId.ToString("N"), entry.Seq)))
            .ToLookup(entry => (entry.Id, entry.Key), entry => entry.Seq);
    }

    private void Judge(string[] faults)
    {
        if (faults.Length == 0) _passed++;
        else _faults.Add(string.Join("\n    ", faults));
    }
}
