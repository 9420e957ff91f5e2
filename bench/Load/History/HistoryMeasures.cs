using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Load.Report;
using Chat.Load.Seed;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Load.History;

/// <summary>Asks a running server what clients ask when they open, scroll and come back, over the real wire.</summary>
internal sealed class HistoryMeasures(LoadTarget target, HistoryDatabase database, HistorySize size, int seed, TimeProvider time)
{
    private const int Readers = 256; // connections that pages are asked over, each of another person
    private const int Concurrency = 4;
    private const int WarmUp = 2_000; // the server's code is compiled again meanwhile, for speed
    private const int Requests = 4_000;
    private const int Page = 50;
    private const int Walks = 10;
    private const int PresenceWarmUp = 20;
    private const int PresenceQuestions = 200;
    private const int MaxSessions = 10_000;
    private const int Openers = 32; // connections being opened at once

    private readonly AccessTokens _tokens = new(new TokenOptions { SigningKey = target.SigningKey }, time);

    /// <summary>Pages of 50: the newest, before a place, after a place, in random chats of random people.</summary>
    public async Task<IReadOnlyList<HistoryResult>> MeasurePagesAsync(HistoryResult report, CancellationToken ct)
    {
        var random = new Random(seed);
        long[] people = [.. Enumerable.Range(0, Readers).Select(_ => 1 + random.NextInt64(size.People)).Distinct()];
        Dictionary<long, List<SeededChat>> chats = await database.ReadChatsAsync(people, inboxes: false, ct);
        HistoryClient[] clients = await SignInAsync(people, ct);
        try
        {
            LatencyHistogram newest = await RunAsync(clients, (i, dice) => Newest(Pick(i, dice)), ct);
            LatencyHistogram before = await RunAsync(clients, (i, dice) => Before(Pick(i, dice), dice), ct);
            LatencyHistogram after = await RunAsync(clients, (i, dice) => After(Pick(i, dice), dice), ct);
            return
            [
                (report with { Measure = "page_newest", Concurrency = Concurrency }).With(newest),
                (report with { Measure = "page_before", Concurrency = Concurrency }).With(before),
                (report with { Measure = "page_after", Concurrency = Concurrency }).With(after),
            ];
        }
        finally
        {
            await CloseAsync(clients);
        }

        SeededChat Pick(int client, Random dice) => chats[people[client]][dice.Next(chats[people[client]].Count)];
    }

    /// <summary>Pages of 50 anywhere in the chat that has a tenth of all messages.</summary>
    public async Task<HistoryResult> MeasureDeepPagesAsync(HistoryResult report, CancellationToken ct)
    {
        long[] people = (await database.ReadMembersAsync(size.HotChat, ct))[..64];
        SeededChat hot = (await database.ReadChatsAsync([people[0]], inboxes: false, ct))[people[0]].Single(chat => chat.ChatId == size.HotChat);
        HistoryClient[] clients = await SignInAsync(people, ct);
        try
        {
            LatencyHistogram deep = await RunAsync(clients, (_, dice) => Before(hot, dice), ct);
            return (report with { Measure = "page_deep", Concurrency = Concurrency }).With(deep);
        }
        finally
        {
            await CloseAsync(clients);
        }
    }

    /// <summary>All pages of 100 of the one with the most chats: one line for a page, one for the way through all of them.</summary>
    public async Task<IReadOnlyList<HistoryResult>> MeasureChatListAsync(HistoryResult report, CancellationToken ct)
    {
        HistoryClient[] clients = await SignInAsync([size.BusyPerson], ct);
        try
        {
            LatencyHistogram pages = new(), walks = new();
            for (int walk = -1; walk < Walks; walk++)
            {
                (TimeSpan took, int seen) = (TimeSpan.Zero, 0);
                string? cursor = null;
                do
                {
                    (ChatsReply page, TimeSpan one) = await clients[0].AskAsync<GetChatsRequest, ChatsReply>(new GetChatsRequest(cursor, ProtocolLimits.MaxChatsLimit), ct);
                    if (walk >= 0) pages.Record(one); // the walk before the first warms up
                    took += one;
                    seen += page.Chats.Count;
                    cursor = page.NextCursor;
                }
                while (cursor is not null);
                if (seen != size.BusyChats) throw new InvalidOperationException($"The list has {seen} chats, not {size.BusyChats}.");
                if (walk >= 0) walks.Record(took);
            }

            string name = $"chat_list_{size.BusyChats}";
            return
            [
                (report with { Measure = name, Concurrency = 1 }).With(pages),
                (report with { Measure = name + "_all_pages", Concurrency = 1 }).With(walks),
            ];
        }
        finally
        {
            await CloseAsync(clients);
        }
    }

    /// <summary>The one with the most chats asks for the presence of 200 people, as a client does when it comes back.</summary>
    public async Task<HistoryResult> MeasurePresenceAsync(HistoryResult report, CancellationToken ct)
    {
        HistoryClient[] clients = await SignInAsync([size.BusyPerson], ct);
        try
        {
            var latencies = new LatencyHistogram();
            long[] people = [.. Enumerable.Range(1, ProtocolLimits.MaxWatched).Select(i => (long)i)];
            for (int question = -PresenceWarmUp; question < PresenceQuestions; question++)
            {
                (PresencesReply reply, TimeSpan took) = await clients[0].AskAsync<WatchPresenceRequest, PresencesReply>(new WatchPresenceRequest(people), ct);
                if (reply.Presences.Count != people.Length) throw new InvalidOperationException($"{reply.Presences.Count} presences came, not {people.Length}.");
                if (question >= 0) latencies.Record(took);
            }

            return (report with { Measure = $"watch_presence_{people.Length}", Concurrency = 1 }).With(latencies);
        }
        finally
        {
            await CloseAsync(clients);
        }
    }

    /// <summary>Everybody says hello at the same moment with a position for each chat. The connections are opened before.</summary>
    public async Task<HistoryResult> MeasureResumeAsync(HistoryResult report, CancellationToken ct)
    {
        var random = new Random(seed);
        long[] people = [.. Enumerable.Range(1, (int)Math.Min(MaxSessions, size.People)).Select(i => (long)i)];
        Dictionary<long, List<SeededChat>> chats = await database.ReadChatsAsync(people, inboxes: true, ct);
        List<WirePosition>[] positions = [.. people.Select(person => chats[person].Select(chat => HistoryDatabase.PositionOf(chat, random)).ToList())];
        string[] tokens = [.. people.Select(TokenOf)];
        HistoryClient[] clients = await OpenAsync(people.Length, ct);
        try
        {
            long before = await database.CountTransactionsAsync(ct);
            long started = time.GetTimestamp();
            TimeSpan[] latencies = await Task.WhenAll(clients.Select(async (client, i) => (await client.HelloAsync(tokens[i], positions[i], ct)).Took));
            TimeSpan total = time.GetElapsedTime(started);
            long after = await database.CountTransactionsAsync(ct);
            var histogram = new LatencyHistogram();
            foreach (TimeSpan latency in latencies) histogram.Record(latency);
            return (report with
            {
                Measure = $"resume_{people.Length}",
                Concurrency = people.Length,
                TotalMs = Math.Round(total.TotalMilliseconds, 1),
                Transactions = after - before,
                Memberships = positions.Sum(list => (long)list.Count),
            }).With(histogram);
        }
        finally
        {
            await CloseAsync(clients);
        }
    }

    private static GetHistoryRequest Newest(SeededChat chat) => new(chat.ChatId, Limit: Page);

    private static GetHistoryRequest Before(SeededChat chat, Random dice) => new(chat.ChatId, Before: 1 + dice.NextInt64(chat.Head), Limit: Page);

    private static GetHistoryRequest After(SeededChat chat, Random dice) => new(chat.ChatId, After: dice.NextInt64(chat.Head), Limit: Page);

    /// <summary>Closed loop: each of the few askers has its share of the connections and takes them in turn.</summary>
    private async Task<LatencyHistogram> RunAsync(HistoryClient[] clients, Func<int, Random, GetHistoryRequest> next, CancellationToken ct)
    {
        LatencyHistogram[] parts = await Task.WhenAll(Enumerable.Range(0, Concurrency).Select(async asker =>
        {
            var dice = new Random(seed + asker);
            var latencies = new LatencyHistogram();
            for (int request = 0; request < (WarmUp + Requests) / Concurrency; request++)
            {
                int client = ((request * Concurrency) + asker) % (clients.Length / Concurrency * Concurrency);
                (_, TimeSpan took) = await clients[client].AskAsync<GetHistoryRequest, HistoryReply>(next(client, dice), ct);
                if (request >= WarmUp / Concurrency) latencies.Record(took);
            }

            return latencies;
        }));
        var all = new LatencyHistogram();
        foreach (LatencyHistogram part in parts) all.Add(part);
        return all;
    }

    private async Task<HistoryClient[]> SignInAsync(long[] people, CancellationToken ct)
    {
        HistoryClient[] clients = await OpenAsync(people.Length, ct);
        for (int i = 0; i < people.Length; i++) await clients[i].HelloAsync(TokenOf(people[i]), [], ct);
        return clients;
    }

    private async Task<HistoryClient[]> OpenAsync(int count, CancellationToken ct)
    {
        var clients = new HistoryClient[count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Openers, CancellationToken = ct },
            async (i, token) => clients[i] = await HistoryClient.ConnectAsync(target.Url, time, token));
        return clients;
    }

    private static async Task CloseAsync(HistoryClient[] clients)
    {
        foreach (HistoryClient client in clients) await client.DisposeAsync();
    }

    /// <summary>Every seeded device has its person's id.</summary>
    private string TokenOf(long person) => _tokens.Issue(new Caller(person, person), out _);
}
