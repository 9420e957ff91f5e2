using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Framing;
using Chat.Protocol.Tests.Support;
using Chat.Sdk.Tests.Fakes;
using Chat.TestKit;

namespace Chat.Sdk.Tests.Behaviour;

/// <summary>Plays one scenario: the server and the clock as the script says, the app through the SDK. Throws where something is otherwise.</summary>
internal sealed class ScenarioRun
{
    private const long UsualEpoch = 33;

    private readonly Scenario _scenario;
    private readonly Quiet _quiet = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly FakeServer _server = new();
    private readonly HashSet<string> _scripted;
    private readonly Lock _gate = new();
    private readonly List<Request> _came = []; // of the kinds that the script answers, in the order in which they came
    private readonly Dictionary<string, Request> _named = [];
    private ScenarioApp _app = null!;
    private Request? _last;

    public ScenarioRun(Scenario scenario)
    {
        _scenario = scenario;
        _scripted = [.. scenario.Steps.Where(step => step["server"]?.GetValue<string>() is "expect" or "none").Select(step => step.Text("frame"))];
        _server.Intercept = Take;
        _server.PingIntervalMs = scenario.PingIntervalMs ?? _server.PingIntervalMs;
        _server.PutLog(new FakeLog(FakeServer.Inbox, ChatKind.Inbox, UsualEpoch));
        _server.RemoveChat(FakeServer.ChatId);
        foreach (JsonObject chat in scenario.Chats)
            PutLog(chat.Number("chat_id"), (ChatKind)chat.Number("kind"), chat["epoch"]?.GetValue<long>() ?? UsualEpoch, chat["events"]!.AsArray());
    }

    public async Task PlayAsync(CancellationToken ct)
    {
        _quiet.Enter(() => _app = new ScenarioApp(_server, _clock, _scenario.Jitter));
        try
        {
            foreach ((int number, JsonObject step) in _scenario.Steps.Index())
            {
                try
                {
                    Perform(step, ct);
                }
                catch (InvalidDataException otherwise)
                {
                    throw new InvalidDataException($"step {number + 1}, {step.ToJsonString()}: {otherwise.Message}", otherwise);
                }

                _quiet.Settle(ct);
                _app.Note();
            }

            Judge();
        }
        finally
        {
            Task closing = Task.CompletedTask;
            _quiet.Enter(() => closing = _app.CloseAsync());
            await closing.WaitAsync(ct);
        }
    }

    private void Perform(JsonObject step, CancellationToken ct)
    {
        if (step["app"] is not null) _quiet.Enter(() => _app.Do(step));
        else if (step["clock"] is { } ms) Advance(TimeSpan.FromMilliseconds(ms.GetValue<int>()), ct);
        else Serve(step);
    }

    /// <summary>Stops at each timer on the way, until all that it is time for is done.</summary>
    private void Advance(TimeSpan by, CancellationToken ct)
    {
        DateTimeOffset end = _clock.GetUtcNow() + by;
        while (_clock.NextDue is { } due && due <= end)
        {
            _clock.Advance(due - _clock.GetUtcNow());
            _quiet.Settle(ct);
        }

        _clock.Advance(end - _clock.GetUtcNow());
    }

    private void Serve(JsonObject step)
    {
        switch (step.Text("server"))
        {
            case "expect":
                Expect(step);
                break;
            case "none":
                if (Came(step.Text("frame")) is { } unwanted) throw new InvalidDataException($"a {unwanted.Name} came: {unwanted.Fields.ToJsonString()}");
                break;
            case "answer":
                Request asked = Asked(step);
                _server.Respond(asked.Connection, asked.Header, asked.Body);
                break;
            case "reply":
                Request answered = Asked(step);
                answered.Connection.IsOnline |= step.Text("frame") == "welcome";
                answered.Connection.SendBytes(Encode(step, answered.Header.RequestId));
                break;
            case "push":
                Remember(step);
                _server.Connection.SendBytes(Encode(step, 0));
                break;
            case "bytes":
                _server.Connection.SendBytes(Convert.FromHexString(step.Text("hex")));
                break;
            case "post":
                _server.Push(Store(step));
                break;
            case "store":
                Store(step);
                break;
            case "close":
                _server.Connection.Close((int)step.Number("code"));
                break;
            case "lose":
                _server.Connection.Break();
                break;
            case "down" or "up":
                _server.IsDown = step.Text("server") == "down";
                break;
            case "renumber":
                PutLog(step.Number("chat_id"), _server.Log(step.Number("chat_id")).Kind, step.Number("epoch"), step["events"]!.AsArray());
                break;
            case "add":
                PutLog(step.Number("chat_id"), ChatKind.Group, UsualEpoch, step["events"]!.AsArray());
                break;
            case "forget":
                _server.RemoveChat(step.Number("chat_id"));
                break;
            case var other:
                throw new InvalidDataException($"A server does no '{other}'.");
        }
    }

    /// <summary>What receipts say of members is so.</summary>
    private void Remember(JsonObject step)
    {
        if (step.Text("frame") != "receipts") return;

        JsonObject fields = Fields(step);
        FakeLog log = _server.Log(fields.Number("chat_id"));
        foreach (JsonObject receipt in fields["receipts"]!.AsArray().Select(one => one!.AsObject()))
            log.Members = [.. log.Members.Select(member => member.PrincipalId != receipt.Number("principal_id") ? member
                : member with { DeliveredUpTo = receipt.Number("delivered_up_to"), ReadUpTo = receipt.Number("read_up_to") })];
    }

    private bool Take(FakeConnection connection, FrameHeader header, ReadOnlySequence<byte> body)
    {
        string name = FrameTypes.Name(header.Type);
        if (!_scripted.Contains(name)) return false;

        JsonObject fields = FrameCase.Of(header.Type).Decode(body, out _)!;
        if (fields["chat_id"]?.GetValue<long>() == FakeServer.Inbox) return false;

        lock (_gate) _came.Add(new Request(name, connection, header, body, fields));
        return true;
    }

    private Request? Came(string frame)
    {
        lock (_gate) return _came.FirstOrDefault(request => request.Name == frame);
    }

    private void Expect(JsonObject step)
    {
        Request request = Came(step.Text("frame")) ?? throw new InvalidDataException($"no {step.Text("frame")} came");
        lock (_gate) _came.Remove(request);
        foreach ((string name, JsonNode? wanted) in Fields(step))
        {
            JsonNode? got = Plain(request.Fields[name]);
            if (!JsonNode.DeepEquals(got, Plain(wanted)))
                throw new InvalidDataException($"{name} is {got?.ToJsonString() ?? "null"}, not {wanted?.ToJsonString() ?? "null"}");
        }

        _last = request;
        if (step["as"] is { } named) _named[named.GetValue<string>()] = request;
    }

    private Request Asked(JsonObject step) =>
        (step["to"] is { } name ? _named.GetValueOrDefault(name.GetValue<string>()) : _last)
        ?? throw new InvalidDataException("there is no request to answer");

    /// <summary>An event of the log.</summary>
    private WireEvent Store(JsonObject step)
    {
        var entry = new JsonObject { ["text"] = step["text"]?.DeepClone() };
        foreach ((string name, JsonNode? value) in step["fields"]?.AsObject() ?? []) entry[name] = value?.DeepClone();
        return Append(_server.Log(step["chat_id"]?.GetValue<long>() ?? FakeServer.Inbox), entry);
    }

    private void PutLog(long chatId, ChatKind kind, long epoch, JsonArray events)
    {
        long[] members = kind == ChatKind.Direct
            ? [FakeServer.Me, FakeServer.Peer]
            : [FakeServer.Me, FakeServer.Peer, ScenarioWords.Third];
        var log = new FakeLog(chatId, kind, epoch)
        {
            MemberCount = members.Length,
            Members = [.. members.Select(id => new WireMember(id, $"P{id}", MemberRole.Member, 0, 0, 1))],
        };
        foreach (JsonNode? entry in events) Append(log, entry as JsonObject ?? new JsonObject { ["text"] = entry!.DeepClone() });
        _server.PutLog(log);
    }

    private WireEvent Append(FakeLog log, JsonObject entry)
    {
        var fields = (JsonObject)Named(entry)!;
        bool isMessage = (fields["kind"]?.GetValue<int>() ?? (int)EventKind.Message) == (int)EventKind.Message;
        var usual = new JsonObject
        {
            ["chat_id"] = log.ChatId,
            ["sequence"] = 0,
            ["kind"] = (int)EventKind.Message,
            ["sender_id"] = FakeServer.Peer,
            ["created_at_ms"] = 5_000 + log.Head,
            ["client_message_id"] = isMessage ? $"{log.ChatId:x16}{log.Head + 1:x16}" : null,
        };
        foreach ((string name, JsonNode? value) in fields) usual[name] = value?.DeepClone();
        return log.Append((WireEvent)FrameJson.FromJson(Whole(usual, typeof(WireEvent)), typeof(WireEvent)));
    }

    private byte[] Encode(JsonObject step, uint requestId)
    {
        FrameCase frame = FrameCase.All[step.Text("frame")];
        Type type = frame.Type == FrameType.Event ? typeof(WireEvent) : frame.Struct;
        return frame.Encode(Whole(Fields(step), type), requestId);
    }

    private JsonObject Fields(JsonObject step) => (JsonObject?)Named(step["fields"]) ?? [];

    /// <summary>All fields of a frame or event, and of what stands in it: what is left out is nil.</summary>
    private static JsonObject Whole(JsonObject fields, Type type)
    {
        foreach (ParameterInfo parameter in FrameJson.Parameters(type))
        {
            string name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
            Type bare = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            Type element = bare.IsGenericType ? bare.GetGenericArguments()[0] : bare;
            if (fields[name] is JsonObject one) Whole(one, element);
            else if (fields[name] is JsonArray list) foreach (JsonNode? item in list) _ = item is JsonObject inner ? Whole(inner, element) : null;
            else if (!fields.ContainsKey(name)) fields[name] = null;
        }

        return fields;
    }

    /// <summary>What is nil, empty or left out is the same.</summary>
    private static JsonNode? Plain(JsonNode? node) => node switch
    {
        JsonArray { Count: 0 } => null,
        JsonObject all => new JsonObject(
            all.Select(member => KeyValuePair.Create(member.Key, Plain(member.Value))).Where(member => member.Value is not null)),
        JsonArray list => new JsonArray([.. list.Select(Plain)]),
        JsonValue value when value.TryGetValue(out long number) => JsonValue.Create(number),
        _ => node?.DeepClone(),
    };

    /// <summary>Puts numbers and ids in the place of what begins with an @.</summary>
    private JsonNode? Named(JsonNode? node) => node switch
    {
        JsonObject all => new JsonObject(all.Select(member => KeyValuePair.Create(member.Key, Named(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Named)]),
        JsonValue value when value.TryGetValue(out string? text) && text.StartsWith('@') => text switch
        {
            "@me" => FakeServer.Me,
            "@peer" => FakeServer.Peer,
            "@third" => ScenarioWords.Third,
            "@inbox" => FakeServer.Inbox,
            _ => _app.IdOf(text[1..]) ?? _named.GetValueOrDefault(text[1..])?.Fields["client_message_id"]?.GetValue<string>()
                ?? throw new InvalidDataException($"nothing is called {text}"),
        },
        _ => node?.DeepClone(),
    };

    private void Judge()
    {
        lock (_gate)
        {
            if (_came.Count > 0) throw new InvalidDataException($"a {_came[0].Name} was not expected: {_came[0].Fields.ToJsonString()}");
        }

        JsonObject seen = _app.Seen();
        JsonObject expected = _scenario.Expected;
        foreach (string name in expected.Select(member => member.Key).Where(name => !seen.ContainsKey(name)))
            throw new InvalidDataException($"an app sees no '{name}'");
        foreach ((string name, JsonNode? got) in seen)
        {
            JsonNode wanted = expected[name] ?? (name == "shown" ? new JsonObject() : new JsonArray());
            if (!JsonNode.DeepEquals(got, wanted)) throw new InvalidDataException($"{name} are\n{got}\nnot\n{wanted}");
        }
    }

    private sealed record Request(string Name, FakeConnection Connection, FrameHeader Header, ReadOnlySequence<byte> Body, JsonObject Fields);
}
