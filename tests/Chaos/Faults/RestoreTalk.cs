using System.Collections.Concurrent;
using System.Globalization;

using Chat.Chaos.Cluster;
using Chat.Load.Seed;
using Chat.Sdk;

namespace Chat.Chaos.Faults;

/// <summary>Four people in two chats, each on the SDK and a node of their own, who note all that they are told.</summary>
internal sealed class RestoreTalk : IAsyncDisposable
{
    private const int People = 4;
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(30);

    private readonly PostgresServer _postgres;
    private readonly ChatClient[] _clients;
    private readonly LoadChat[] _chats;
    private readonly ConcurrentQueue<ChatEvent>[] _told;
    private readonly CancellationTokenSource _reading = new();
    private Task[] _readers = [];

    private RestoreTalk(PostgresServer postgres, ChatClient[] clients, LoadChat[] chats)
    {
        (_postgres, _clients, _chats) = (postgres, clients, chats);
        _told = [.. clients.Select(_ => new ConcurrentQueue<ChatEvent>())];
    }

    public int Sent { get; private set; }

    public int Resets => _told.Sum(told => told.Count(happened => happened is ChatDiscontinuity));

    public static async Task<RestoreTalk> BeginAsync(ChaosCluster cluster, CancellationToken ct)
    {
        var target = new LoadTarget(cluster.Nodes[0].Url, cluster.Postgres.ConnectionString, cluster.SigningKey, ProcessId: null);
        SeededChats made = await new Seeder(target, TimeProvider.System).SeedAsync(People, [[0, 1, 2, 3], [0, 1]], ct);
        ChatClient[] clients =
        [
            .. made.Accounts.Select((account, i) => new ChatClient(new ChatClientOptions
            {
                Url = cluster.Urls[i % cluster.Urls.Count],
                Token = (_, _) => ValueTask.FromResult(account.Token),
            })),
        ];
        var talk = new RestoreTalk(cluster.Postgres, clients, made.Chats);
        foreach (ChatClient client in clients) await client.ConnectAsync(ct);
        talk._readers = [.. clients.Select((client, i) => talk.ReadAsync(client, talk._told[i]))];
        return talk;
    }

    /// <summary>Everybody writes in each of their chats, and waits for the acks.</summary>
    public async Task SendAsync(string what, int each, CancellationToken ct)
    {
        List<Task> acks = [];
        for (int n = 0; n < each; n++)
        {
            foreach (LoadChat chat in _chats)
                foreach (int member in chat.Members)
                    acks.Add(
                        _clients[member].Chat(chat.ChatId)
                            .Send(string.Create(CultureInfo.InvariantCulture, $"{what} {n} of {member}")).Sent);
        }

        Sent += acks.Count;
        await Task.WhenAll(acks).WaitAsync(CatchUp * 2, ct);
    }

    /// <summary>Waits until everybody holds the newest event of each chat, and says what is wrong with what they were told.</summary>
    public async Task<IReadOnlyList<string>> JudgeAsync(CancellationToken ct)
    {
        List<string> faults = [];
        Dictionary<(long Chat, long Epoch, long Sequence), string?> meaning = [];
        foreach (LoadChat chat in _chats)
        {
            long head = (long)(
                await _postgres.ExecuteAsync(
                    "chat", string.Create(CultureInfo.InvariantCulture, $"select head_sequence from chats where id = {chat.ChatId}"), ct))!;
            foreach (int member in chat.Members)
            {
                if (!await HasReachedAsync(member, chat.ChatId, head, ct))
                    faults.Add($"person {member} did not reach sequence {head} of chat {chat.ChatId}");
                faults.AddRange(JudgeOne(member, chat.ChatId, meaning));
            }
        }

        return faults;
    }

    public async ValueTask DisposeAsync()
    {
        await _reading.CancelAsync();
        foreach (ChatClient client in _clients) await client.DisposeAsync();
        await Task.WhenAll(_readers);
        _reading.Dispose();
    }

    private IEnumerable<string> JudgeOne(int member, long chatId, Dictionary<(long Chat, long Epoch, long Sequence), string?> meaning)
    {
        long last = 0;
        int resets = 0;
        foreach (ChatEvent happened in _told[member].Where(happened => happened.ChatId == chatId))
        {
            if (happened is ChatDiscontinuity reset)
            {
                resets++;
                last = reset.ContinuesAfter;
            }
            else if (happened is ChatLogEvent log)
            {
                if (last != 0 && log.Sequence != last + 1)
                    yield return $"person {member}, chat {chatId}: {log.Sequence} came after {last} without a reset";
                last = log.Sequence;
                if (!meaning.TryAdd((chatId, log.Epoch, log.Sequence), log.Text) && meaning[(chatId, log.Epoch, log.Sequence)] != log.Text)
                    yield return $"chat {chatId}, epoch {log.Epoch}: sequence {log.Sequence} is two messages";
            }
        }

        if (resets == 0) yield return $"person {member} was not told that chat {chatId} has a new numbering";
    }

    private async Task<bool> HasReachedAsync(int member, long chatId, long head, CancellationToken ct)
    {
        for (long until = Environment.TickCount64 + (long)CatchUp.TotalMilliseconds; Environment.TickCount64 < until;)
        {
            ChatEvent? last = _told[member].LastOrDefault(happened => happened.ChatId == chatId);
            if (last is ChatLogEvent log && log.Sequence >= head) return true;
            if (last is ChatDiscontinuity reset && reset.ContinuesAfter >= head) return true;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }

        return false;
    }

    private async Task ReadAsync(ChatClient client, ConcurrentQueue<ChatEvent> told)
    {
        try
        {
            await foreach (ChatEvent happened in client.ReadEventsAsync(_reading.Token)) told.Enqueue(happened);
        }
        catch (OperationCanceledException) when (_reading.IsCancellationRequested)
        {
            // the row has enough
        }
    }
}
