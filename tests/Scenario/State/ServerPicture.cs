using System.Globalization;
using System.Text.Json.Nodes;

namespace Chat.Scenario.State;

/// <summary>What the server says of one person, brought into the shape in which devices show it.</summary>
/// <param name="Picture">As a device must show it.</param>
/// <param name="Sequences">Of each chat all that the person may see, changes included.</param>
/// <param name="Joined">Of each chat where the present membership begins.</param>
/// <param name="Calls">The person's calls, the newest first.</param>
internal sealed record ServerPicture(
    Picture Picture, IReadOnlyDictionary<long, HashSet<long>> Sequences, IReadOnlyDictionary<long, long> Joined, IReadOnlyList<JsonNode> Calls)
{
    private static readonly HashSet<string> Changes = ["edited", "deleted", "reaction", "pinned", "unpinned"];

    public static async Task<ServerPicture> ReadAsync(ServerClient server, CancellationToken ct)
    {
        List<JsonNode> listed = await server.ListAsync("/api/chats?limit=100", "cursor", ct);
        JsonNode[] chats = [.. listed.OrderByDescending(chat => chat["own"]!["pinned"]!.GetValue<bool>())]; // stable: pinned above, as §6.36 has it
        JsonObject summaries = [], messages = [], members = [], pins = [], contacts = [];
        Dictionary<long, HashSet<long>> sequences = [];
        foreach (JsonNode chat in chats)
        {
            long id = chat["chatId"]!.GetValue<long>();
            string key = id.ToString(CultureInfo.InvariantCulture);
            summaries[key] = SummaryOf(chat);
            List<JsonNode> events = await server.ListAsync($"/api/chats/{key}/messages?limit=200", "after", ct, next: "0");
            sequences[id] = [.. events.Select(entry => entry["sequence"]!.GetValue<long>())];
            messages[key] = new JsonObject(
                events.Where(entry => !Changes.Contains(entry["kind"]!.GetValue<string>()))
                    .Select(entry => KeyValuePair.Create(entry["sequence"]!.ToString(), (JsonNode?)MessageOf(entry))));
            pins[key] = Column(await server.ListAsync($"/api/chats/{key}/pins", "cursor", ct), "sequence");
            if (chat["kind"]!.GetValue<string>() == "channel") continue;
            List<JsonNode> found = await server.ListAsync($"/api/chats/{key}/members?limit=200", "after", ct);
            members[key] = new JsonObject(found.Select(one => KeyValuePair.Create(one["principalId"]!.ToString(), (JsonNode?)one["role"]!.DeepClone())));
        }

        foreach (JsonNode one in await server.ListAsync("/api/contacts?limit=200", "after", ct))
            contacts[one["principalId"]!.ToString()] = Some(one, "name", "ownName", "favourite", "blocked", "about", "avatar");
        JsonNode profile = await server.GetAsync("/api/user", ct), privacy = await server.GetAsync("/api/privacy", ct);
        List<JsonNode> stars = await server.ListAsync("/api/starred?limit=100", "cursor", ct);
        List<JsonNode> calls = await server.ListAsync("/api/calls?limit=100", "cursor", ct);
        List<JsonNode> notices = await server.ListAsync("/api/notices?limit=100", "cursor", ct);
        JsonNode active = await server.GetAsync("/api/calls/active", ct);
        Picture picture = new(new JsonObject
        {
            ["order"] = Column(chats, "chatId"),
            ["chats"] = summaries,
            ["messages"] = messages,
            ["members"] = members,
            ["pins"] = pins,
            ["stars"] = new JsonArray([.. stars.Select(star => JsonValue.Create($"{star["chatId"]}-{star["sequence"]}"))]),
            ["contacts"] = contacts,
            ["blocks"] = Column(await server.ListAsync("/api/blocks?limit=200", "after", ct), "principalId"),
            ["profile"] = Some(profile, "principalId", "name", "email", "emailVerified", "phone", "phoneVerified", "about", "avatar"),
            ["privacy"] = Some(privacy, "lastSeen", "profilePhoto", "about", "readReceipts", "calls"),
            ["calls"] = new JsonArray([.. calls.Select(CallOf)]),
            ["callsIn"] = Column(calls.Where(call => !call["outgoing"]!.GetValue<bool>()), "callId"),
            ["callsOut"] = Column(calls.Where(call => call["outgoing"]!.GetValue<bool>()), "callId"),
            ["callsMissed"] = Column(calls.Where(call => call["part"]!.GetValue<string>() is "missed" or "busy"), "callId"),
            ["callsActive"] = Column(active["items"]!.AsArray().Select(call => call!), "callId"),
            // Devices keep no list of notices: that both SDKs read each page and field as it is served, and that those of one person agree, is what
            // is compared; when they are told to ask again is tested with the SDKs.
            ["notices"] = new JsonArray([.. notices.Select(one => JsonValue.Create($"{one["id"]} {one["kind"]} {((bool)one["read"]! ? "read" : "new")} {one["text"]}"))]),
            ["noticesUnread"] = (await server.GetAsync("/api/notices/unread", ct))["count"]!.DeepClone(),
        });
        return new ServerPicture(picture, sequences, chats.ToDictionary(chat => chat["chatId"]!.GetValue<long>(), chat => chat["joinedAtSequence"]!.GetValue<long>()), calls);
    }

    private static JsonObject SummaryOf(JsonNode chat)
    {
        JsonNode own = chat["own"]!;
        return new JsonObject
        {
            ["kind"] = chat["kind"]!.DeepClone(),
            ["name"] = chat["name"]?.DeepClone(),
            ["peer"] = chat["peerId"]?.DeepClone(),
            ["peerName"] = chat["peerName"]?.DeepClone(),
            ["role"] = chat["role"]!.DeepClone(),
            ["joinedAt"] = chat["joinedAtSequence"]!.DeepClone(),
            ["head"] = chat["headSequence"]!.DeepClone(),
            ["delivered"] = chat["deliveredUpTo"]!.DeepClone(),
            ["read"] = chat["readUpTo"]!.DeepClone(),
            ["unread"] = chat["unread"]!.DeepClone(),
            ["othersDelivered"] = chat["othersDeliveredUpTo"]!.DeepClone(),
            ["othersRead"] = chat["othersReadUpTo"]!.DeepClone(),
            ["memberCount"] = chat["memberCount"]!.DeepClone(),
            ["lastActivity"] = Milliseconds(chat["lastActivityAt"]),
            ["last"] = chat["lastEvent"] is { } last ? WithSequence(last) : null,
            ["own"] = new JsonObject
            {
                ["archived"] = own["archived"]!.DeepClone(),
                ["pinned"] = own["pinned"]!.DeepClone(),
                ["markedUnread"] = own["markedUnread"]!.DeepClone(),
                ["mutedUntil"] = Milliseconds(own["mutedUntil"]),
                ["theme"] = own["theme"]?.DeepClone(),
                ["clearedUpTo"] = own["clearedUpTo"]!.GetValue<long>() is > 0 and var upTo ? upTo : null, // REST says 0 for nothing
                ["draft"] = own["draft"] is { } draft ? Some(draft, "version", "text", "replyTo") : null,
            },
            ["details"] = new JsonObject
            {
                ["description"] = chat["description"]?.DeepClone(),
                ["avatar"] = chat["avatar"]?.DeepClone(),
                ["theme"] = chat["theme"]?.DeepClone(),
                ["handle"] = chat["handle"]?.DeepClone(),
                ["send"] = chat["permissions"]!["send"]!.DeepClone(),
                ["edit"] = chat["permissions"]!["edit"]!.DeepClone(),
                ["add"] = chat["permissions"]!["add"]!.DeepClone(),
            },
        };
    }

    private static JsonObject WithSequence(JsonNode entry)
    {
        JsonObject shown = MessageOf(entry);
        shown["sequence"] = entry["sequence"]!.DeepClone();
        return shown;
    }

    private static JsonObject MessageOf(JsonNode entry)
    {
        JsonNode? changes = entry["changes"];
        bool isDeleted = changes?["deletedAt"] is not null;
        return new JsonObject
        {
            ["kind"] = entry["kind"]!.DeepClone(),
            ["sender"] = entry["senderId"]!.DeepClone(),
            ["at"] = Milliseconds(entry["createdAt"]),
            ["text"] = isDeleted ? null : entry["text"]?.DeepClone(), // REST says a placeholder
            ["replyTo"] = entry["replyTo"]?.DeepClone(),
            ["subject"] = entry["subjectId"]?.DeepClone(),
            ["role"] = entry["role"]?.DeepClone(),
            ["clientMessageId"] = entry["clientMessageId"]?.GetValue<Guid>().ToString("N"),
            ["content"] = entry["content"]?.DeepClone(),
            ["changes"] = changes is null
                ? null
                : new JsonObject
                {
                    ["asOf"] = changes["asOf"]!.DeepClone(),
                    ["edited"] = Milliseconds(changes["editedAt"]),
                    ["deleted"] = Milliseconds(changes["deletedAt"]),
                    ["deletedBy"] = changes["deletedBy"]?.DeepClone(),
                    ["pinned"] = Milliseconds(changes["pinnedAt"]),
                    ["ownReaction"] = changes["ownReaction"]?.DeepClone(),
                    ["reactions"] = string.Join(' ', changes["reactions"]!.AsArray().Select(one => $"{one!["emoji"]}{one["count"]}")),
                },
        };
    }

    private static JsonNode? CallOf(JsonNode call)
    {
        JsonObject shown = Some(call, "callId", "chatId", "callerId", "receiverId", "kind", "status", "reason", "outgoing", "part", "duration");
        shown["started"] = Milliseconds(call["startedAt"]);
        shown["answered"] = Milliseconds(call["answeredAt"]);
        shown["ended"] = Milliseconds(call["endedAt"]);
        shown["participants"] = new JsonArray(
            [.. call["participants"]!.AsArray().Select(one => JsonValue.Create($"{one!["principalId"]}:{one["part"]}"))]);
        return shown;
    }

    private static JsonNode? Milliseconds(JsonNode? time) => time?.GetValue<DateTimeOffset>().ToUnixTimeMilliseconds();

    private static JsonArray Column(IEnumerable<JsonNode> rows, string name) => new([.. rows.Select(row => row[name]!.DeepClone())]);

    private static JsonObject Some(JsonNode row, params string[] names) =>
        new(names.Select(name => KeyValuePair.Create(name, row[name]?.DeepClone())));
}
