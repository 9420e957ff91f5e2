using System.Globalization;
using System.Text.Json.Nodes;

namespace Chat.Scenario.State;

/// <summary>One thing that a device shows otherwise than the server says.</summary>
internal sealed record Difference(string Device, string Path, string? Expected, string? Got)
{
    private const int MaxChars = 160;

    public override string ToString() => $"{Device}: {Path} is {Short(Got)}, the server says {Short(Expected)}";

    private static string Short(string? value) => value switch
    {
        null => "nothing",
        { Length: > MaxChars } => $"'{value[..MaxChars]}…'",
        _ => $"'{value}'",
    };
}

/// <summary>
/// Lays what a device shows beside what the server says. What may differ by the protocol is named here, each with the place that says so,
/// and nowhere else.
/// </summary>
/// <param name="renamed">People whose name is another than in the morning.</param>
/// <param name="reserved">Who does not show to everybody what they have got and read: without read receipts, or in a block.</param>
/// <param name="beforeCrash">What was written before the server was killed, by chat.</param>
internal sealed class Comparison(IReadOnlySet<long> renamed, IReadOnlySet<long> reserved, ILookup<long, WrittenMessage> beforeCrash)
{
    private const int LastShown = 12;

    private static readonly string[] Standing = ["joinedAt", "head", "delivered", "read", "unread", "othersDelivered", "othersRead", "own/markedUnread"];

    public IEnumerable<Difference> Compare(string device, Picture server, Picture shown)
    {
        foreach ((string path, string? expected, string? got) in server.DifferencesOf(shown))
            if (!IsPermitted(server, shown, path.Split('/'), expected, got)) yield return new Difference(device, path, expected, got);
    }

    /// <summary>Of each chat that is not the same: where both stand in it, and its last messages. It tells how the difference came about.</summary>
    public static IEnumerable<string> Surroundings(IEnumerable<Difference> found, Picture server, Picture shown)
    {
        foreach (string chat in found.Select(one => one.Path.Split('/')).Where(path => path[0] == "chats").Select(path => path[1]).Distinct())
        {
            string[] stands = [.. Standing.Select(name => $"{name} {server[$"chats/{chat}/{name}"]}|{shown[$"chats/{chat}/{name}"]}")];
            IEnumerable<long> last = Entries(server, chat).OrderDescending().Take(LastShown);
            yield return $"chat {chat}, server|device: {string.Join(", ", stands)}; me {server["profile/principalId"]}, last events: "
                + string.Join(", ", last.Select(sequence => $"{sequence} {server[$"messages/{chat}/{sequence}/kind"]} of {server[$"messages/{chat}/{sequence}/sender"]}"));
        }
    }

    /// <summary>What of the events of a device is not as its client promises.</summary>
    /// <param name="watch">What the device says of its events.</param>
    public static IEnumerable<string> CheckEvents(string device, ServerPicture server, JsonNode watch)
    {
        foreach (JsonNode? fault in watch["faults"]!.AsArray()) yield return $"{device}: {fault}";
        foreach (JsonNode? error in watch["errors"]!.AsArray())
        {
            // A question about a chat that was on its way when the person left it, or was removed.
            if (!error!.ToString().Contains("chat_not_found", StringComparison.Ordinal)) yield return $"{device}: the client told of {error}";
        }

        foreach ((string key, JsonNode? chat) in watch["chats"]!.AsObject())
        {
            long id = long.Parse(key, CultureInfo.InvariantCulture);
            if (!server.Sequences.TryGetValue(id, out HashSet<long>? visible)) continue; // a chat that the person left

            long from = Math.Max(chat!["from"]!.GetValue<long>(), server.Joined[id] - 1);
            HashSet<long> seen = [.. chat["seen"]!.AsArray().SelectMany(range => Range(range![0]!.GetValue<long>(), range[1]!.GetValue<long>()))];
            long[] lost = [.. visible.Where(sequence => sequence > from && !seen.Contains(sequence)).Order()];
            foreach (JsonNode? skip in chat["skips"]!.AsArray()) yield return $"{device}: chat {id} was skipped ({skip})";
            if (lost.Length > 0) yield return $"{device}: chat {id}: {lost.Length} events were not told of, from {lost[0]} to {lost[^1]}";
        }
    }

    private bool IsPermitted(Picture server, Picture shown, string[] path, string? expected, string? got) => path switch
    {
        // §8.9: no event tells of a channel's members; get_chat says how many they are.
        ["chats", var chat, "memberCount"] => server[$"chats/{chat}/kind"] == "channel",
        // No event tells anybody of another's new name: it is learned with the next summary.
        ["chats", var chat, "peerName" or "name"] => server[$"chats/{chat}/peer"] is { } peer && renamed.Contains(Number(peer)),
        // §6.26, §8.7: what is hidden comes as 0, and a receiver keeps the higher of what it holds and what comes.
        ["chats", var chat, "othersDelivered" or "othersRead"] when IsReserved(server, chat) && Number(got) >= Number(expected) => true,
        // §8.5: in a group they are a lower bound, and no push says that others have got what they did themselves. What is to be right is
        // which of one's own messages were delivered and read.
        ["chats", var chat, "othersDelivered" or "othersRead"] when IsSameMessage(server, chat, expected, got) => true,
        // ADR 0012: what was read by writing is stored a moment later, and a crash in between loses it until the person writes or reads again.
        ["chats", var chat, "read" or "delivered"] => IsLostByCrash(server, chat, Number(expected), Number(got), isOwn: true),
        ["chats", var chat, "othersDelivered" or "othersRead"] => IsLostByCrash(server, chat, Number(expected), Number(got), isOwn: false),
        ["chats", var chat, "unread"] => Number(expected) > Number(got) && IsReadLostByCrash(server, shown, chat),
        // And a device that has read more than the server knows takes the mark for an older one.
        ["chats", var chat, "own", "markedUnread"] => expected == "true" && IsReadLostByCrash(server, shown, chat),
        _ => false,
    };

    private bool IsReadLostByCrash(Picture server, Picture shown, string chat) =>
        IsLostByCrash(server, chat, Number(server[$"chats/{chat}/read"]), Number(shown[$"chats/{chat}/read"]), isOwn: true);

    /// <summary>A message from before the crash, above what is stored of its writer, says more than that; of others the lowest counts.</summary>
    private bool IsLostByCrash(Picture server, string chat, long stored, long shown, bool isOwn)
    {
        long me = Number(server["profile/principalId"]);
        long? written = beforeCrash[Number(chat)].Where(message => message.SenderId == me == isOwn && message.Sequence > stored)
            .Min(message => (long?)message.Sequence);
        return shown > stored && written is not null && (written <= shown || !isOwn);
    }

    /// <summary>Whether none of one's own messages lies between two watermarks of the others.</summary>
    private static bool IsSameMessage(Picture server, string chat, string? expected, string? got) =>
        OwnMessages(server, chat).Count(sequence => sequence <= Number(expected))
            == OwnMessages(server, chat).Count(sequence => sequence <= Number(got));

    private bool IsReserved(Picture server, string chat) => server.Paths
        .Where(path => path.StartsWith($"members/{chat}/", StringComparison.Ordinal))
        .Any(path => reserved.Contains(Number(path[(path.LastIndexOf('/') + 1)..])));

    /// <summary>Where one's own messages are.</summary>
    private static IEnumerable<long> OwnMessages(Picture server, string chat)
    {
        string me = server["profile/principalId"]!;
        return Entries(server, chat).Where(sequence =>
            server[$"messages/{chat}/{sequence}/sender"] == me && server[$"messages/{chat}/{sequence}/kind"] == "message");
    }

    /// <summary>All that a chat shows, changes of it not among them.</summary>
    private static IEnumerable<long> Entries(Picture server, string chat)
    {
        string entries = $"messages/{chat}/";
        return server.Paths
            .Where(path => path.StartsWith(entries, StringComparison.Ordinal) && path.EndsWith("/sender", StringComparison.Ordinal))
            .Select(path => Number(path[entries.Length..^"/sender".Length]));
    }

    private static long Number(string? text) => long.Parse(text ?? "0", CultureInfo.InvariantCulture);

    private static IEnumerable<long> Range(long first, long last)
    {
        for (long sequence = first; sequence <= last; sequence++) yield return sequence;
    }
}
