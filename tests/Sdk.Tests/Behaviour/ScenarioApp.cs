using System.Collections.Concurrent;
using System.Text.Json.Nodes;

using Chat.Protocol.Codes;
using Chat.Sdk.Transport;

namespace Chat.Sdk.Tests.Behaviour;

/// <summary>The app of a scenario: the one place that knows the client's API.</summary>
internal sealed class ScenarioApp
{
    private readonly ChatClient _client;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _seen = new();
    private readonly ConcurrentQueue<ChatException> _tokenFaults = [];
    private readonly SortedDictionary<string, (OutgoingMessage Message, string Told)> _sent = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, SortedDictionary<long, ChatLogEvent>> _shown = [];

    public ScenarioApp(ITransport transport, TimeProvider clock, double jitter)
    {
        _client = new ChatClient(new ChatClientOptions
        {
            Url = new Uri("http://chat.test"),
            Transport = transport,
            TimeProvider = clock,
            Random = new FixedRandom(jitter),
            Token = (why, _) => ValueTask.FromResult(Token(why)),
        });
        _client.StateChanged += state => See("states", ScenarioWords.Of(state));
        _client.TypingChanged += change => See("signals", ScenarioWords.Of(change));
        _client.ReceiptsChanged += change => See("signals", ScenarioWords.Of(change));
        _ = ReadAsync();
    }

    /// <summary>The id of a message that the scenario named.</summary>
    public string? IdOf(string name) => _sent.TryGetValue(name, out var sent) ? sent.Message.ClientMessageId.ToString("N") : null;

    /// <summary>What was seen of each kind, and what the opened chats show now.</summary>
    public JsonObject Seen()
    {
        var seen = new JsonObject();
        foreach (string kind in (string[])["states", "tokens", "events", "outgoing", "signals"]) seen[kind] = List(_seen.GetValueOrDefault(kind) ?? []);
        lock (_gate)
        {
            seen["shown"] = new JsonObject(_shown.Select(chat => KeyValuePair.Create(
                $"{chat.Key}",
                (JsonNode?)List([.. chat.Value.Values.Select(ScenarioWords.Shown), .. _client.Chat(chat.Key).Outbox.Select(ScenarioWords.Shown)]))));
        }

        return seen;
    }

    public void Do(JsonObject step)
    {
        switch (step["app"]!.GetValue<string>())
        {
            case "connect":
                _ = FollowAsync("connect", () => _client.ConnectAsync(), isTold: false);
                break;
            case "close":
                _ = _client.CloseAsync();
                break;
            case "wake":
                _client.ReconnectNow();
                break;
            case "token_fails":
                TimeSpan? after = step["retry_after_ms"] is { } ms ? TimeSpan.FromMilliseconds(ms.GetValue<int>()) : null;
                _tokenFaults.Enqueue(new ChatException((ErrorCode)step.Number("code"), "The scenario says so.", after));
                break;
            case "send":
                OutgoingMessage message = Chat(step).Send(step.Text("text"), step["reply_to"]?.GetValue<long>(), Content(step["link"]));
                _sent[step.Text("as")] = (message, "");
                break;
            case "retry":
                _sent[step.Text("message")].Message.Retry();
                break;
            case "cancel":
                _sent[step.Text("message")].Message.Cancel();
                break;
            case "open":
                lock (_gate) _shown[step.Number("chat_id")] = [];
                _ = FollowAsync("open", () => OpenAsync(step.Number("chat_id")));
                break;
            case "edit":
                _ = FollowAsync("edit", () => Chat(step).EditAsync(step.Number("sequence"), step.Text("text")));
                break;
            case "delete":
                _ = FollowAsync("delete", () => Chat(step).DeleteAsync(step.Number("sequence")));
                break;
            case "react":
                _ = FollowAsync("react", () => Chat(step).ReactAsync(step.Number("sequence"), step["emoji"]?.GetValue<string>()));
                break;
            case "mark_read":
                _ = FollowAsync("mark_read", () => Chat(step).MarkReadAsync(step.Number("sequence")));
                break;
            case "type":
                Chat(step).StartTyping();
                break;
            case var other:
                throw new InvalidDataException($"An app does no '{other}'.");
        }
    }

    /// <summary>Notes the messages whose state is another than before.</summary>
    public void Note()
    {
        foreach (string name in _sent.Keys.ToArray())
        {
            (OutgoingMessage message, string told) = _sent[name];
            string now = ScenarioWords.Of(message);
            if (now == told) continue;

            _sent[name] = (message, now);
            See("outgoing", $"{name} {now}");
        }
    }

    public Task CloseAsync() => _client.CloseAsync();

    private static JsonArray List(IEnumerable<string> words) => [.. words.Select(word => (JsonNode)word)];

    private static MessageContent? Content(JsonNode? link) => link is null ? null : new MessageContent
    {
        Kind = ContentKind.Text,
        Link = new LinkPreview
        {
            Url = link["url"]!.GetValue<string>(),
            Title = link["title"]?.GetValue<string>(),
            Image = link["image"] is not JsonObject image ? null : new MessageMedia
            {
                BlobId = image.Text("blob_id"),
                ContentType = image.Text("content_type"),
                Bytes = image.Number("bytes"),
            },
            Token = link["token"]!.GetValue<string>(),
        },
    };

    private ChatHandle Chat(JsonObject step) => _client.Chat(step.Number("chat_id"));

    private void See(string kind, string word) => _seen.GetOrAdd(kind, _ => []).Enqueue(word);

    private string Token(TokenReason why)
    {
        See("tokens", ScenarioWords.Of(why));
        return _tokenFaults.TryDequeue(out ChatException? fault) ? throw fault : $"token-{_seen["tokens"].Count}";
    }

    private async Task FollowAsync(string what, Func<Task> work, bool isTold = true)
    {
        try
        {
            await work();
        }
        catch (ChatException refused)
        {
            if (isTold) See("outgoing", $"{what} failed: {ScenarioWords.Of(refused)}");
        }
    }

    private async Task ReadAsync()
    {
        await foreach (ChatEvent next in _client.ReadEventsAsync())
        {
            See("events", ScenarioWords.Of(next));
            bool isVoid;
            lock (_gate) isVoid = _shown.TryGetValue(next.ChatId, out SortedDictionary<long, ChatLogEvent>? shown) && !Show(shown, next);
            if (isVoid) await OpenAsync(next.ChatId);
        }
    }

    private async Task OpenAsync(long chatId)
    {
        HistoryPage page = await _client.Chat(chatId).HistoryAsync();
        lock (_gate)
        {
            foreach (ChatLogEvent stored in page.Events) Show(_shown[chatId], stored);
        }
    }

    /// <summary>Counts an event in. False: what was shown is void.</summary>
    private static bool Show(SortedDictionary<long, ChatLogEvent> shown, ChatEvent next)
    {
        switch (next)
        {
            case ChatMessageChange change:
                if (shown.GetValueOrDefault(change.Target) is ChatMessage target) shown[change.Target] = target.With(change);
                return true;
            case ChatLogEvent entry:
                shown[entry.Sequence] = entry;
                return true;
            default:
                shown.Clear();
                return false;
        }
    }

    /// <summary>A jitter that is always the same.</summary>
    private sealed class FixedRandom(double value) : Random
    {
        protected override double Sample() => value;

        public override double NextDouble() => value;
    }
}
