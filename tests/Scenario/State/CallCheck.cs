using System.Globalization;
using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Npgsql;

namespace Chat.Scenario.State;

/// <summary>What devices were told of calls, and what the chats say of them, beside what the server says.</summary>
internal static class CallCheck
{
    private const string ReadLines = "select chat_id, subject_id, body from events where kind = 44";

    /// <summary>
    /// What is not so: each call rings at most once and then stops, unless it was answered there; a missed one is told once to each device that
    /// was there by its end or came back; no call goes on; the signals of each place came in order, and holes were told.
    /// </summary>
    /// <param name="device">Whose report it is.</param>
    /// <param name="calls">All calls of its person, as the server says.</param>
    /// <param name="report">What the device says.</param>
    public static IEnumerable<string> CheckDevice(Device device, IReadOnlyList<JsonNode> calls, JsonNode report)
    {
        Dictionary<string, JsonNode> known = calls.ToDictionary(call => call["callId"]!.ToString());
        JsonObject told = report["told"]!.AsObject();
        foreach ((string id, JsonNode call) in known)
        {
            if (FaultOf(device, call, told[id]) is { } fault) yield return $"{device.Name}: call {id} {fault}: {told[id]?.ToJsonString() ?? "nothing"}; the server says {call.ToJsonString()}";
        }

        foreach ((string id, JsonNode? one) in told)
            if (!known.ContainsKey(id)) yield return $"{device.Name}: call {id} is none of this person's: {one!.ToJsonString()}";
        foreach (JsonNode? place in report["places"]!.AsArray())
        {
            if (place!["over"] is null || place["ends"]!.GetValue<int>() > 1) yield return $"{device.Name}: is to be out of call {place["callId"]}, told once: {place.ToJsonString()}";
            if (DisorderOf(place["signals"]!.AsArray()) is { } disorder) yield return $"{device.Name}: signals in call {place["callId"]}: {disorder}: {place["signals"]!.ToJsonString()}";
        }
    }

    /// <summary>Each call that is over is one line in its chat, which says how and for how long as the history does.</summary>
    public static async Task<string[]> CheckLinesAsync(string connectionString, IEnumerable<JsonNode> calls, CancellationToken ct)
    {
        List<(string Place, string Line)> lines = [];
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand(ReadLines);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) lines.Add((PlaceOf(reader.GetInt64(0), reader.GetInt64(1)), reader.GetString(2)));
        ILookup<string, string> found = lines.ToLookup(line => line.Place, line => line.Line);
        Dictionary<string, string> expected = [];
        foreach (JsonNode call in calls)
            expected[PlaceOf(call["chatId"]!.GetValue<long>(), call["callId"]!.GetValue<long>())] = $"{call["kind"]} {call["status"]} {call["duration"]}";
        return
        [
            .. expected.Where(call => !found[call.Key].SequenceEqual([call.Value]))
                .Select(call => $"{call.Key} must be told in its chat once, as '{call.Value}': '{string.Join("', '", found[call.Key])}'"),
            .. found.Where(line => !expected.ContainsKey(line.Key)).Select(line => $"{line.Key} is told in its chat, and is none of anybody's"),
        ];
    }

    private static string? FaultOf(Device device, JsonNode call, JsonNode? told)
    {
        int ringing = Number(told, "ringing"), joined = Number(told, "joined"), missed = Number(told, "missed"), stopped = told?["stopped"]!.AsArray().Count ?? 0;
        bool wasCalled = !call["outgoing"]!.GetValue<bool>();
        if (ringing > (wasCalled ? 1 : 0)) return "rings more than once, or where it must not";
        if (stopped > ringing || (joined == 0 && stopped != ringing)) return "does not stop once where it rang";

        string part = call["part"]!.ToString(), status = call["status"]!.ToString();
        // §6.42: of a call in which others talked, whoever was busy hears that it ended.
        bool isMissed = wasCalled && (part == "missed" || (part == "busy" && status != "ended"));
        bool isNews = call["endedAt"]?.GetValue<DateTimeOffset>() > device.SignedInAt;
        // §6.42: who did not answer a group in time hears so at once, and may come later.
        if (part == "left" && wasCalled) return missed > 1 ? "was told as missed more than once" : null;
        return missed == (isMissed && isNews ? 1 : 0) ? null : $"was told as missed {missed} times";
    }

    /// <summary>Of each place ascending, and the next one above what is missing says that something is.</summary>
    private static string? DisorderOf(JsonArray signals)
    {
        Dictionary<string, int> last = [];
        foreach (JsonNode? signal in signals)
        {
            string body = signal!["body"]!.ToString();
            int space = body.LastIndexOf(' ');
            string place = body[..space];
            int number = int.Parse(body[(space + 1)..], CultureInfo.InvariantCulture), before = last.GetValueOrDefault(place);
            if (number <= before) return $"{number} of {place} came after {before}";
            if (signal["hole"]!.GetValue<bool>() != (number > before + 1)) return $"{number} of {place} came after {before}, and a hole was {(number > before + 1 ? "not " : "")}told";
            last[place] = number;
        }

        return null;
    }

    private static int Number(JsonNode? told, string name) => told?[name]!.GetValue<int>() ?? 0;

    private static string PlaceOf(long chatId, long callId) => string.Create(CultureInfo.InvariantCulture, $"call {callId} in chat {chatId}");
}
