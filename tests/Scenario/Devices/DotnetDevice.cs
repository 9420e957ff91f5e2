using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

using Chat.Sdk;

namespace Chat.Scenario.Devices;

/// <summary>A device on the C# SDK, in this process: a client, and every chat of it on the screen.</summary>
/// <param name="seed">Of the client's pauses.</param>
internal sealed class DotnetDevice(string name, EndPoint server, int seed) : Device(name, server)
{
    private const int SignInAttempts = 20;

    /// <summary>Without a connection a question waits for the next one, and whoever waits for the device is to say that none comes.</summary>
    private static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, Conversation> _conversations = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly CancellationTokenSource _closing = new();
    private AccountSession? _account;
    private ChatClient? _client;
    private CallDesk? _calls;
    private Task _reading = Task.CompletedTask;

    public ChatClient Client => _client ?? throw new InvalidOperationException($"{Name} has not connected yet.");

    public CallDesk Calls => _calls ?? throw new InvalidOperationException($"{Name} has not connected yet.");

    public EventWatch Watch { get; } = new();

    public IEnumerable<(long ChatId, Conversation Conversation)> Conversations =>
        _conversations.Select(chat => (chat.Key, chat.Value));

    public override async Task<JsonNode?> DoAsync(string operation, JsonObject args, CancellationToken ct)
    {
        args = JsonNode.Parse(args.ToJsonString())!.AsObject(); // as the other SDK's devices get it: a number has no type
        try
        {
            return operation switch
            {
                "connect" => await ConnectAsync(args, ct),
                "wake" => Wake(),
                "heads" => await HeadsAsync(ct),
                "frames" => Frames(),
                "watch" => Report(),
                "picture" => await DotnetPicture.TakeAsync(this, ct),
                _ when Calls.Do(operation, args, ct) is { } call => await call,
                _ => await DotnetOperations.DoAsync(Client, operation, args, ct),
            };
        }
        catch (ChatException refused)
        {
            throw new OperationFailure(refused.Name, refused.Message, refused.Retryable);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        foreach (Conversation conversation in _conversations.Values) await conversation.DisposeAsync();
        if (_client is not null) await _client.DisposeAsync();
        _account?.Dispose();
        _closing.Dispose();
        await base.DisposeAsync();
    }

    private async Task<JsonNode> ConnectAsync(JsonObject args, CancellationToken ct)
    {
        _account = await SignInAsync(args["login"]!.GetValue<string>(), args["password"]!.GetValue<string>(), ct);
        _client = new ChatClient(new ChatClientOptions { Url = Url, Token = _account.TokenAsync, Random = new Random(seed) });
        _calls = new CallDesk(Name, _client.Calls);
        _client.ChatsChanged += OnChats;
        _client.MessageHidden += hidden => _conversations.GetValueOrDefault(hidden.ChatId)?.Hide(hidden.Sequence);
        _client.HistoryCleared += cleared => _conversations.GetValueOrDefault(cleared.ChatId)?.Clear(cleared.UpTo);
        _client.HandlerFailed += OnFailed;
        // The reader is there before the first event.
        IAsyncEnumerator<ChatEvent> events = _client.ReadEventsAsync(_closing.Token).GetAsyncEnumerator(CancellationToken.None);
        ValueTask<bool> first = events.MoveNextAsync();
        await _client.ConnectAsync(ct);
        foreach (ChatSummary chat in _client.Chats) Watch.Begin(chat.ChatId, chat.HeadSequence);
        foreach (ChatSummary chat in _client.Chats) Open(chat.ChatId);
        _reading = ReadAsync(events, first);
        return new JsonObject { ["principalId"] = _client.Me!.PrincipalId };
    }

    private async Task<AccountSession> SignInAsync(string login, string password, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await AccountSession.SignInAsync(Url, login, password, new AccountOptions { DeviceName = Name }, ct);
            }
            catch (ChatException refused) when (refused.Retryable && attempt < SignInAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
            }
        }
    }

    /// <summary>A chat that is listed is on the screen, a chat that went is not.</summary>
    private void OnChats(ChatListChange change)
    {
        if (change.Kind != ChatListChangeKind.Removed) Open(change.ChatId);
        else if (_conversations.TryRemove(change.ChatId, out Conversation? gone)) _ = gone.DisposeAsync().AsTask();
    }

    private void OnFailed(Exception failed)
    {
        if (failed is not ChatException refused) _failures.Enqueue(failed.ToString());
        else if (!refused.Retryable) _failures.Enqueue($"{refused.Name}: {refused.Message}");
    }

    private void Open(long chatId)
    {
        if (_client!.Chat(chatId).Summary is null) return; // it went meanwhile
        lock (_conversations)
        {
            if (!_conversations.ContainsKey(chatId)) _conversations[chatId] = new Conversation(_client.Chat(chatId));
        }
    }

    private async Task ReadAsync(IAsyncEnumerator<ChatEvent> events, ValueTask<bool> next)
    {
        await using (events)
        {
            try
            {
                for (; await next; next = events.MoveNextAsync()) Watch.Take(events.Current);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return; // the day is over
            }
        }
    }

    private JsonNode? Wake()
    {
        Client.ReconnectNow();
        return null;
    }

    private async Task<JsonNode?> HeadsAsync(CancellationToken ct)
    {
        bool isOnline = Client.State.Kind == ConnectionKind.Online;
        Dictionary<long, long> held = [];
        if (isOnline)
        {
            foreach (ChatSummary chat in Client.Chats) held[chat.ChatId] = await HeldAsync(chat, ct);
        }

        return JsonSerializer.SerializeToNode(new
        {
            online = isOnline,
            chats = held,
            ended = _conversations.Where(chat => chat.Value.End is not null).ToDictionary(chat => chat.Key, chat => chat.Value.End),
            listed = Client.Chats.ToDictionary(chat => chat.ChatId, chat => chat.HeadSequence),
        });
    }

    /// <summary>
    /// How far the screen shows a chat. What was cleared or hidden while the device was away does not come to it: behind the last event that came
    /// there may be nothing for the person to see.
    /// </summary>
    private async Task<long> HeldAsync(ChatSummary chat, CancellationToken ct)
    {
        long taken = _conversations.GetValueOrDefault(chat.ChatId)?.Taken ?? 0;
        if (taken >= chat.HeadSequence) return chat.HeadSequence;
        try
        {
            HistoryPage rest = await Client.Chat(chat.ChatId).HistoryAsync(after: taken, limit: 1, cancellationToken: ct)
                .WaitAsync(LongestQuestion, TimeProvider.System, ct);
            return rest.Events.Count == 0 && rest.CoversTo >= chat.HeadSequence ? chat.HeadSequence : taken;
        }
        catch (Exception passing) when (passing is ChatException or TimeoutException)
        {
            return taken; // it is looked at again
        }
    }

    private JsonNode? Frames() => JsonSerializer.SerializeToNode(
        Client.Dump().Select(frame => $"{frame.At:HH:mm:ss.fff} {(frame.IsInbound ? "<" : ">")} {frame.Type} {frame.RequestId}, {frame.Bytes} bytes"));

    private JsonNode Report()
    {
        JsonNode report = Watch.Report();
        report["errors"] = new JsonArray([.. _failures.Select(failure => JsonValue.Create(failure))]);
        return report;
    }
}
