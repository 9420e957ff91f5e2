using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

using Chat.Chaos.History;
using Chat.Sdk;

namespace Chat.Chaos.Workload;

/// <summary>The REST interface without a library over it, as a script would use it; what it answers goes into the history.</summary>
internal sealed class RestCalls(HistoryWriter history, IReadOnlyList<Uri> nodes) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Reads a page and writes down its events. Null: there was no answer, or a refusal.</summary>
    /// <returns>Where the next page begins, or 0 at the end.</returns>
    public async Task<long?> ReadPageAsync(ChaosDevice device, int node, long chat, long after, CancellationToken ct)
    {
        long invoked = HistoryClock.Now();
        using HttpResponseMessage? answer = await SendAsync(
            device, HttpMethod.Get, At(node, $"chats/{chat}/messages?after={after}&limit=200"), null, ct);
        if (answer is not { IsSuccessStatusCode: true }) return null;

        using JsonDocument page = await ReadAsync(answer, ct);
        long done = HistoryClock.Now();
        JsonElement items = page.RootElement.GetProperty("items");
        foreach (JsonElement item in items.EnumerateArray()) history.Write(ToReceive(item, device.User, node, invoked, done));
        long coversTo = page.RootElement.GetProperty("coversTo").GetInt64();
        bool hasMore = page.RootElement.GetProperty("hasMore").GetBoolean();
        history.Write(new HistoryEntry
        {
            Op = HistoryOp.HistoryPage,
            Source = HistorySource.Rest,
            User = device.User,
            Node = node,
            Chat = chat,
            Cursor = page.RootElement.GetProperty("coversFrom").GetInt64(),
            Seq = coversTo,
            Count = items.GetArrayLength(),
            Code = hasMore ? 1 : 0,
            Invoke = invoked,
            Done = done,
        });
        return hasMore ? coversTo : 0;
    }

    /// <summary>Reads one's own read marker.</summary>
    public async Task ReadMarkerAsync(ChaosDevice device, int node, long chat, CancellationToken ct)
    {
        long invoked = HistoryClock.Now();
        using HttpResponseMessage? answer = await SendAsync(device, HttpMethod.Get, At(node, $"chats/{chat}"), null, ct);
        if (answer is not { IsSuccessStatusCode: true }) return;

        using JsonDocument found = await ReadAsync(answer, ct);
        history.Write(
            Marker(device, node, chat, found.RootElement.GetProperty("readUpTo").GetInt64(), invoked) with { Source = HistorySource.Rest });
    }

    /// <summary>Sets one's read marker.</summary>
    public async Task MarkReadAsync(ChaosDevice device, int node, long chat, long upTo, CancellationToken ct)
    {
        long invoked = HistoryClock.Now();
        using HttpResponseMessage? answer = await SendAsync(
            device, HttpMethod.Post, At(node, $"chats/{chat}/read"), JsonContent.Create(new { upTo }), ct);
        if (answer is { IsSuccessStatusCode: true }) history.Write(Marker(device, node, chat, upTo, invoked));
    }

    /// <summary>Sends one message through two nodes at once, under one id. Each answer is a send of its own in the history.</summary>
    public async Task SendTwiceAsync(ChaosDevice device, int node, long chat, Guid marker, int bytes, CancellationToken ct)
    {
        string text = ChaosPayload.Create(marker, bytes);
        HistoryEntry entry = new()
        {
            Op = HistoryOp.Send,
            User = device.User,
            Chat = chat,
            ClientMessageId = Guid.NewGuid(),
            Hash = ChaosPayload.Hash(text),
            Invoke = HistoryClock.Now(),
        };
        HistoryEntry[] outcomes = await Task.WhenAll(
            SendAsync(device, node, entry, text, ct), SendAsync(device, node + 1, entry, text, ct));

        // Final is a refusal only when nobody took it and nobody is in doubt.
        bool isRefused = outcomes.All(outcome => outcome.Outcome == HistoryOutcome.Fail);
        foreach (HistoryEntry outcome in outcomes.OrderBy(outcome => outcome.Outcome))
            history.Write(outcome.Outcome == HistoryOutcome.Fail && !isRefused ? outcome with { Outcome = HistoryOutcome.Info } : outcome);
    }

    /// <summary>
    /// What no client may do: without an answer it sends again, under another id (<see cref="WorkloadOptions.RetriesWithNewId"/>).
    /// </summary>
    public async Task SendStubbornlyAsync(ChaosDevice device, int node, long chat, Guid marker, int bytes, CancellationToken stop)
    {
        string text = ChaosPayload.Create(marker, bytes);
        HistoryEntry entry = new()
        {
            Op = HistoryOp.Send,
            User = device.User,
            Chat = chat,
            Hash = ChaosPayload.Hash(text),
            Invoke = HistoryClock.Now(),
        };
        HistoryEntry outcome;
        do
        {
            outcome = await SendAsync(device, node, entry with { ClientMessageId = Guid.NewGuid() }, text, CancellationToken.None);
            if (outcome.Outcome != HistoryOutcome.Info) break;
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop));
        }
        while (!stop.IsCancellationRequested);

        history.Write(outcome);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HistoryEntry> SendAsync(ChaosDevice device, int node, HistoryEntry entry, string text, CancellationToken ct)
    {
        using HttpResponseMessage? answer = await SendAsync(
            device, HttpMethod.Post, At(node, $"chats/{entry.Chat}/messages"),
            JsonContent.Create(new { entry.ClientMessageId, Text = text }), ct);
        HistoryEntry told = entry with { Node = node % nodes.Count, Code = (int?)answer?.StatusCode ?? 0, Done = HistoryClock.Now() };
        if (answer is null) return told with { Outcome = HistoryOutcome.Info };
        if (answer.IsSuccessStatusCode)
        {
            using JsonDocument sent = await ReadAsync(answer, ct);
            return told with { Outcome = HistoryOutcome.Ok, Code = 0, Seq = sent.RootElement.GetProperty("sequence").GetInt64() };
        }

        bool isFinal = answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
            or HttpStatusCode.Conflict;
        return told with { Outcome = isFinal ? HistoryOutcome.Fail : HistoryOutcome.Info };
    }

    /// <summary>Null: no answer came.</summary>
    private async Task<HttpResponseMessage?> SendAsync(
        ChaosDevice device, HttpMethod method, Uri url, HttpContent? body, CancellationToken ct)
    {
        try
        {
            using HttpRequestMessage request = new(method, url) { Content = body };
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer", await device.Account.TokenAsync(TokenReason.Connect, ct));
            return await _http.SendAsync(request, ct);
        }
        catch (Exception none) when (
            // HttpClient asks a new connection for its peer, and a peer that was killed at that moment makes it a bare SocketException.
            none is HttpRequestException or SocketException or ChatException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage answer, CancellationToken ct) =>
        await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct);

    private Uri At(int node, FormattableString path) =>
        new(nodes[(int)((uint)node % (uint)nodes.Count)], "/api/" + path.ToString(CultureInfo.InvariantCulture));

    private static HistoryEntry Marker(ChaosDevice device, int node, long chat, long upTo, long invoked) => new()
    {
        Op = HistoryOp.ReadMarker,
        Outcome = HistoryOutcome.Ok,
        User = device.User,
        Node = node,
        Chat = chat,
        Seq = upTo,
        Invoke = invoked,
        Done = HistoryClock.Now(),
    };

    private static HistoryEntry ToReceive(JsonElement item, long user, int node, long invoked, long done)
    {
        bool isMessage = item.GetProperty("kind").GetString() == "message";
        return new HistoryEntry
        {
            Op = HistoryOp.Receive,
            Source = HistorySource.Rest,
            User = user,
            Node = node,
            Chat = item.GetProperty("chatId").GetInt64(),
            Seq = item.GetProperty("sequence").GetInt64(),
            ClientMessageId = isMessage && item.GetProperty("clientMessageId") is { ValueKind: JsonValueKind.String } id
                ? id.GetGuid()
                : Guid.Empty,
            Hash = isMessage ? ChaosPayload.Hash(item.GetProperty("text").GetString() ?? "") : 0,
            Invoke = invoked,
            Done = done,
        };
    }
}
