using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using Chat.Protocol.Codes;
using Chat.Sdk;
using Chat.Sdk.Calls;

namespace Chat.Scenario.Devices;

/// <summary>
/// The calls of an app on the C# SDK: what rang here and what became of it, and where this device took part, with the signals that came. The
/// twin of <c>driver/call-desk.mjs</c>. Thread-safe.
/// </summary>
internal sealed class CallDesk
{
    private const int PageSize = 4; // so that a day's calls are several pages

    private readonly string _device;
    private readonly CallsClient _calls;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Told> _told = [];
    private readonly List<Place> _places = [];

    /// <param name="device">By whose name the others know the signals of this device.</param>
    /// <param name="calls">Of a client that is not connected yet.</param>
    public CallDesk(string device, CallsClient calls)
    {
        (_device, _calls) = (device, calls);
        calls.Ringing += call => Tell(call.CallId, told => told.Ringing++);
        calls.Stopped += stopped => Tell(stopped.CallId, told => told.Stopped.Add(stopped.Why));
        calls.Missed += missed => Tell(missed.CallId, told => told.Missed++);
    }

    /// <summary>Does one thing; null: it is nothing of calls.</summary>
    public Task<JsonNode?>? Do(string operation, JsonObject args, CancellationToken ct) => operation switch
    {
        "callStart" => JoinAsync(_calls.StartAsync(args["chatId"]!.GetValue<long>(), ContentJson.Value<CallKind>(args["kind"]), ct)),
        "callAnswer" => JoinAsync(_calls.AnswerAsync(Id(args), ct)),
        "callDecline" => DeclineAsync(Id(args), ct),
        "callEnd" => EndAsync(Id(args), ct),
        "callSignal" => Task.FromResult(Signal(Id(args), args["to"]!.GetValue<long>(), args["count"]!.GetValue<int>())),
        "callFind" => FindAsync(Id(args), ct),
        "callReport" => Task.FromResult<JsonNode?>(Report()),
        _ => null,
    };

    /// <summary>All calls as this device shows them, the newest first.</summary>
    public async Task<IReadOnlyList<object>> HistoryAsync(CancellationToken ct) => [.. (await PagesAsync(null, ct)).Select(Show)];

    public async Task<IReadOnlyList<long>> IdsAsync(CallDirection direction, CancellationToken ct) =>
        [.. (await PagesAsync(direction, ct)).Select(call => call.CallId)];

    public async Task<IReadOnlyList<long>> ActiveAsync(CancellationToken ct) => [.. (await _calls.ActiveAsync(ct)).Select(call => call.CallId)];

    private async Task<JsonNode?> JoinAsync(Task<OngoingCall> joining)
    {
        OngoingCall call = await joining;
        Place place;
        lock (_gate)
        {
            place = new Place(call, $"{_device}#{_places.Count}");
            _places.Add(place);
            Of(call.Record.CallId).Joined++;
        }

        call.Signalled += signal =>
        {
            lock (_gate) place.Signals.Add(signal);
        };
        call.Ended += _ =>
        {
            lock (_gate) place.Ends++;
        };
        return JsonSerializer.SerializeToNode(new { callId = call.Record.CallId, status = ContentJson.Word(call.Record.Status) });
    }

    private async Task<JsonNode?> DeclineAsync(long callId, CancellationToken ct)
    {
        await _calls.DeclineAsync(callId, ct);
        return null;
    }

    private async Task<JsonNode?> EndAsync(long callId, CancellationToken ct)
    {
        await PlaceIn(callId).Call.EndAsync(ct);
        return null;
    }

    /// <summary>Sends so many signals, numbered on by this place to that participant, as fast as they can be given away.</summary>
    private JsonNode? Signal(long callId, long to, int count)
    {
        Place place = PlaceIn(callId);
        for (int n = 0; n < count; n++) _ = SendAsync(place, to);
        return null;
    }

    /// <summary>What was lost is a hole to the other one, which tells of it.</summary>
    private async Task SendAsync(Place place, long to)
    {
        try
        {
            Task sent;
            lock (_gate)
            {
                place.Sent[to] = place.Sent.GetValueOrDefault(to) + 1;
                sent = place.Call.SignalAsync(to, CallSignalKind.Candidate, string.Create(CultureInfo.InvariantCulture, $"{place.Name} {place.Sent[to]}"));
            }

            await sent;
        }
        catch (Exception lost) when (lost is ChatException or OperationCanceledException)
        {
            lock (_gate) place.Lost++;
        }
    }

    private async Task<JsonNode?> FindAsync(long callId, CancellationToken ct) => JsonSerializer.SerializeToNode(Show(await _calls.GetAsync(callId, ct)));

    private async Task<List<CallRecord>> PagesAsync(CallDirection? direction, CancellationToken ct)
    {
        List<CallRecord> all = [];
        string? cursor = null;
        do
        {
            CallPage page = await _calls.HistoryAsync(direction, cursor, PageSize, ct);
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return all;
    }

    private static object Show(CallRecord call) => new
    {
        callId = call.CallId,
        chatId = call.ChatId,
        callerId = call.CallerId,
        receiverId = call.ReceiverId,
        kind = ContentJson.Word(call.Kind),
        status = ContentJson.Word(call.Status),
        reason = call.Reason is { } reason ? ContentJson.Word(reason) : null,
        outgoing = call.Outgoing,
        part = ContentJson.Word(call.Part),
        started = call.StartedAt.ToUnixTimeMilliseconds(),
        answered = call.AnsweredAt?.ToUnixTimeMilliseconds(),
        ended = call.EndedAt?.ToUnixTimeMilliseconds(),
        duration = call.Duration,
        participants = call.Participants.Select(one => $"{one.PrincipalId}:{ContentJson.Word(one.Part)}"),
    };

    private JsonNode Report()
    {
        lock (_gate)
        {
            return JsonSerializer.SerializeToNode(new
            {
                told = _told.ToDictionary(call => call.Key, call => new
                {
                    ringing = call.Value.Ringing,
                    stopped = call.Value.Stopped,
                    missed = call.Value.Missed,
                    joined = call.Value.Joined,
                }),
                places = _places.Select(place => new
                {
                    callId = place.Call.Record.CallId,
                    name = place.Name,
                    others = place.Call.Others.Order(),
                    over = place.Call.How,
                    ends = place.Ends,
                    lost = place.Lost,
                    signals = place.Signals.Select(signal => new { from = signal.From, body = signal.Body, hole = signal.IsBehindHole }),
                }),
            })!;
        }
    }

    private Place PlaceIn(long callId)
    {
        lock (_gate)
        {
            return _places.FindLast(place => place.Call.Record.CallId == callId)
                ?? throw new ArgumentException($"{_device} is not in call {callId}.", nameof(callId));
        }
    }

    private void Tell(long callId, Action<Told> tell)
    {
        lock (_gate) tell(Of(callId));
    }

    private Told Of(long callId)
    {
        if (!_told.TryGetValue(callId, out Told? told)) _told.Add(callId, told = new Told());
        return told;
    }

    private static long Id(JsonObject args) => args["callId"]!.GetValue<long>();

    /// <summary>How often this device heard what of a call, and how often it took part.</summary>
    private sealed class Told
    {
        public int Ringing { get; set; }

        public List<string> Stopped { get; } = [];

        public int Missed { get; set; }

        public int Joined { get; set; }
    }

    /// <summary>Where this device takes part, or did.</summary>
    private sealed class Place(OngoingCall call, string name)
    {
        public OngoingCall Call => call;

        public string Name => name;

        public Dictionary<long, int> Sent { get; } = [];

        public List<CallSignal> Signals { get; } = [];

        public int Ends { get; set; }

        public int Lost { get; set; }
    }
}
