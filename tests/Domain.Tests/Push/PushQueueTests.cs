using System.Text;
using Chat.Domain.Push;
using Chat.Storage.Push;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Push;

/// <summary>What becomes of a notification by what the push service says.</summary>
[NonParallelizable]
public sealed class PushQueueTests : PushFixture
{
    [Test, CancelAfter(60_000)]
    public async Task A_service_that_knows_the_device_no_more_ends_its_subscription_and_no_newer_one(CancellationToken ct)
    {
        PushTarget gone = await TargetAsync(), renewed = await TargetAsync();
        Assert.That((await Set.ExecuteAsync(new Caller(renewed.PrincipalId, renewed.DeviceId), Input(), ct)).IsOk);
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.Gone);
        Queue.Add(Job(gone));
        Queue.Add(Job(renewed));
        await IdleAsync();

        Assert.That(await FaultsAsync(gone), Is.Null);
        Assert.That(await FaultsAsync(renewed), Is.Zero, "it was set meanwhile");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_not_taken_now_is_offered_again_when_the_service_says_and_until_it_is_worth_nothing(CancellationToken ct)
    {
        PushJob job = await UnreadAsync();
        Queue<PushAnswer> answers = new([new(PushOutcome.Later, TimeSpan.FromSeconds(90), "429"), new(PushOutcome.Later, Reason: "503"), new(PushOutcome.Later, TimeSpan.FromHours(20), "503")]);
        Service.Answer = (_, _) => answers.Dequeue();
        Queue.Add(job with { WorthUntil = Time.GetUtcNow() + TimeSpan.FromMinutes(10) });
        await SentAsync(1, ct);

        Time.Advance(TimeSpan.FromSeconds(89));
        Queue.Tick();
        Assert.That(Service.Sent, Has.Count.EqualTo(1));
        Time.Advance(TimeSpan.FromSeconds(2));
        await SentAsync(2, ct);
        Time.Advance(TimeSpan.FromSeconds(10));
        await SentAsync(3, ct);
        Time.Advance(TimeSpan.FromHours(21));
        Queue.Tick();
        await IdleAsync();
        Assert.That(Service.Sent, Has.Count.EqualTo(3), "it is worth nothing by then");
        Assert.That(Service.Sent.Last().Notice.TimeToLive, Is.LessThan(TimeSpan.FromMinutes(9)), "what is left of its time");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_service_may_not_put_off_for_longer_than_ten_minutes(CancellationToken ct)
    {
        PushJob job = await UnreadAsync();
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.Later, TimeSpan.FromSeconds(80_000), "503");
        Queue.Add(job);
        await SentAsync(1, ct);
        Time.Advance(TimeSpan.FromMinutes(10));
        await SentAsync(2, ct);
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_too_large_goes_without_its_text_once(CancellationToken ct)
    {
        PushTarget target = await TargetAsync();
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.TooLarge);
        PushJob job = Job(target);
        Queue.Add(job with { Shorter = job.Notice with { Payload = "{}"u8.ToArray() } });
        await SentAsync(2, ct);

        Assert.That(Service.Sent.Select(one => one.Notice.Payload.Length), Is.EqualTo(new[] { job.Notice.Payload.Length, 2 }));
        Assert.That(await FaultsAsync(target), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task Refused_five_times_in_a_row_hours_apart_it_is_over_and_one_that_is_taken_starts_the_count_anew(CancellationToken ct)
    {
        PushTarget target = await TargetAsync();
        bool isTaken = false;
        Service.Answer = (_, _) => new PushAnswer(isTaken ? PushOutcome.Taken : PushOutcome.Refused, Reason: "403");
        for (int i = 1; i < PushStore.MaxFaults; i++) await OfferAsync(target, i);
        isTaken = true;
        await OfferAsync(target with { Faults = 4 }, 5);
        Assert.That(await FaultsAsync(target), Is.Zero);
        isTaken = false;
        for (int i = 1; i < PushStore.MaxFaults; i++) await OfferAsync(target, 5 + i);
        Assert.That(await FaultsAsync(target), Is.EqualTo(4));
        await OfferAsync(target, 10);

        Assert.That(await FaultsAsync(target), Is.Null);

        async Task OfferAsync(PushTarget to, int count)
        {
            Queue.Add(Job(to));
            await SentAsync(count, ct);
            await using NpgsqlCommand later = World.Source.CreateCommand("update push_subscriptions set fault_at = fault_at - interval '1 hour'");
            await later.ExecuteNonQueryAsync(ct);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_fault_that_meets_every_notification_of_an_hour_counts_once_and_one_of_this_services_own_never(CancellationToken ct)
    {
        PushTarget target = await TargetAsync();
        for (int i = 1; i <= 2 * PushStore.MaxFaults; i++)
        {
            PushOutcome outcome = i <= PushStore.MaxFaults ? PushOutcome.Denied : PushOutcome.Refused;
            Service.Answer = (_, _) => new PushAnswer(outcome, Reason: "403");
            Queue.Add(Job(target));
            await SentAsync(i, ct);
            Assert.That(await FaultsAsync(target), Is.EqualTo(outcome == PushOutcome.Denied ? 0 : 1));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Hosts_that_hang_hold_up_no_other_and_a_call_goes_before_messages(CancellationToken ct)
    {
        HangingPush service = new();
        await using PushQueue queue = NewQueue(service);
        for (int host = 0; host < 40; host++)
            for (int i = 0; i < 3; i++) queue.Add(Job(Away($"https://hangs{host}.example.net/a", 1_000 + host), text: "hangs", topic: $"{i}"));
        await BegunAsync(service, 16, ct);
        Assert.That(service.Begun, Has.Count.EqualTo(16), "those that were never heard share some of the places");
        service.Release.SetResult();
        while (!queue.IsIdle) await PauseAsync(ct);

        service.Hangs = "many";
        service.Release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Add(Job(Away("https://other.example.net/a", 1), text: "first"));
        while (!service.Begun.Contains("first")) await PauseAsync(ct);
        for (int i = 0; i < 100; i++) queue.Add(Job(Away("https://many.example.net/a", 2_000 + i), text: $"many {i}"));
        await BegunAsync(service, 123, ct);
        queue.Add(Job(Away("https://many.example.net/a", 9_000), text: "call", isUrgent: true));
        queue.Add(Job(Away("https://other.example.net/a", 1), text: "second"));
        while (!service.Begun.Contains("second")) await PauseAsync(ct);
        Assert.That(service.Begun.Count(text => text.StartsWith("many", StringComparison.Ordinal)), Is.EqualTo(2), "it was not heard yet");
        service.Release.SetResult();
        while (!queue.IsIdle) await PauseAsync(ct);
        string[] order = [.. service.Begun];
        Assert.That(Array.IndexOf(order, "call"), Is.LessThan(Array.IndexOf(order, "many 99")), "before those that waited longer");
        Assert.That(service.MostAtOnce, Is.LessThanOrEqualTo(64));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_silent_host_gets_one_at_a_time_for_a_while_and_one_that_answers_many(CancellationToken ct)
    {
        HangingPush service = new() { Hangs = "" };
        await using PushQueue queue = NewQueue(service);
        service.Answer = new PushAnswer(PushOutcome.Later, IsSilent: true);
        service.Release.SetResult();
        queue.Add(Job(Away("https://silent.example.net/a", 1)));
        await BegunAsync(service, 1, ct);
        while (!queue.IsIdle) await PauseAsync(ct);

        service.Answer = new PushAnswer(PushOutcome.Taken);
        service.Hangs = "silent";
        service.Release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Add(Job(Away("https://heard.example.net/a", 2)));
        await BegunAsync(service, 2, ct);
        while (!queue.IsIdle) await PauseAsync(ct);
        for (int i = 0; i < 50; i++) queue.Add(Job(Away("https://silent.example.net/a", 100 + i)));
        await BegunAsync(service, 3, ct);
        service.Hangs = "net";
        for (int i = 0; i < 50; i++) queue.Add(Job(Away("https://heard.example.net/a", 200 + i)));
        await BegunAsync(service, 3 + 32, ct);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        Assert.That(service.Begun, Has.Count.EqualTo(3 + 32), "one of the silent host, 32 of the one that answers");
        service.Release.SetResult();
        while (!queue.IsIdle) await PauseAsync(ct);
    }

    [Test, CancelAfter(60_000)]
    public async Task What_waits_is_bounded_by_person_and_for_hosts_that_do_not_answer(CancellationToken ct)
    {
        HangingPush service = new();
        PushQueue queue = NewQueue(service);
        for (int i = 0; i < 500; i++) queue.Add(Job(Away("https://hangs.example.net/a", 1), text: $"one {i}", topic: $"{i}"));
        for (int i = 0; i < 6_000; i++) queue.Add(Job(Away("https://hangs.example.net/a", 100 + i), text: $"other {i}"));
        await queue.WaitForRoomAsync(ct);
        service.Release.SetResult();
        while (!queue.IsIdle) await PauseAsync(ct);
        await queue.DisposeAsync();

        Assert.That(service.Begun.Count(text => text.StartsWith("one", StringComparison.Ordinal)), Is.LessThanOrEqualTo(100));
        Assert.That(service.Begun, Has.Count.InRange(5_000, 5_010), "the oldest of those that waited are dropped");
        Assert.That(service.Begun, Does.Contain("other 5999").And.Not.Contain("other 100"));
    }

    [Test, CancelAfter(60_000)]
    public async Task One_of_a_topic_is_on_its_way_at_a_time_and_only_the_newest_behind_it(CancellationToken ct)
    {
        HangingPush service = new();
        await using PushQueue queue = NewQueue(service);
        for (int i = 0; i < 5; i++) queue.Add(Job(Away("https://hangs.example.net/a", 1), text: $"{i}"));
        await BegunAsync(service, 1, ct);
        service.Release.SetResult();
        while (!queue.IsIdle) await PauseAsync(ct);

        Assert.That(service.Begun, Is.EqualTo(new[] { "0", "4" }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Whoever_makes_more_waits_while_much_waits_for_a_service_that_answers(CancellationToken ct)
    {
        HangingPush service = new() { Hangs = "" };
        service.Release.SetResult();
        await using PushQueue queue = NewQueue(service);
        queue.Add(Job(Away("https://push.example.net/a", 1)));
        await BegunAsync(service, 1, ct);
        while (!queue.IsIdle) await PauseAsync(ct);
        service.Hangs = "push";
        service.Release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (int i = 0; i <= PushQueue.Full + 32; i++) queue.Add(Job(Away("https://push.example.net/a", 100 + i)));
        Task room = queue.WaitForRoomAsync(ct);
        Assert.That(room.IsCompleted, Is.False);
        service.Release.SetResult();
        await room;
        while (!queue.IsIdle) await PauseAsync(ct);
        Assert.That(service.Begun, Has.Count.EqualTo(PushQueue.Full + 34), "and nothing is lost");
    }

    [Test, CancelAfter(60_000)]
    public async Task Nothing_is_begun_once_the_process_ends()
    {
        PushTarget target = await TargetAsync();
        await Queue.DisposeAsync();
        Queue.Add(Job(target));
        Queue.Tick();
        await Queue.DisposeAsync();

        Assert.That(Service.Sent, Is.Empty);
    }

    private async Task<PushTarget> TargetAsync()
    {
        Caller device = await SubscriberAsync();
        return (await new PushReceivers(World.Source).ListOfAsync(device.PrincipalId, default)).Single();
    }

    private PushJob Job(PushTarget target, string text = """{"v":1}""", string topic = "topic", bool isUrgent = false)
    {
        PushNotice notice = new(Encoding.UTF8.GetBytes(text), Options.TimeToLive, isUrgent, topic);
        return new PushJob(target, new NewMessages(1, 1, 1), notice, Time.GetUtcNow(), Time.GetUtcNow() + Options.TimeToLive);
    }

    /// <summary>One that is true: of a message that is there and not read.</summary>
    private async Task<PushJob> UnreadAsync()
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync();
        long chatId = await World.GroupAsync(anna, bert), sequence = await World.SendAsync(anna, chatId);
        World.Events.Committed.Clear();
        PushReceivers receivers = new(World.Source);
        ToldChat chat = (await receivers.ReadChatAsync(chatId, sequence, sequence, default))!;
        return Notices.OfMessages(new NewMessages(chatId, sequence, sequence), chat, (await receivers.ListAsync(chat, 0, 0, 9, default)).Single(), chat.Messages, null);
    }

    private static PushTarget Away(string endpoint, long device) => new(device, device, PushTransports.Web, endpoint, null, null, PushContents.Full, 0);

    private PushQueue NewQueue(IPushTransport service) =>
        new(Store, new RenewPush(new PushReceivers(World.Source), Notices), [service], Time, NullLogger<PushQueue>.Instance);

    private static async Task BegunAsync(HangingPush service, int count, CancellationToken ct)
    {
        while (service.Begun.Count < count) await PauseAsync(ct);
        await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, ct); // one too many would be here by then
    }

    private static Task PauseAsync(CancellationToken ct) => Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);

    private async Task SentAsync(int count, CancellationToken ct)
    {
        while (Service.Sent.Count < count || !Queue.IsIdle)
        {
            Queue.Tick();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
        }
    }

    private async Task<int?> FaultsAsync(PushTarget target)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand("select faults from push_subscriptions where device_id = $1");
        command.Parameters.AddWithValue(target.DeviceId);
        return (int?)await command.ExecuteScalarAsync();
    }

    private sealed class HangingPush : IPushTransport
    {
        private int _running;

        public System.Collections.Concurrent.ConcurrentQueue<string> Begun { get; } = [];

        /// <summary>What stands in the endpoints of hosts that answer only once they are released.</summary>
        public string Hangs { get; set; } = "hangs";

        public TaskCompletionSource Release { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public PushAnswer Answer { get; set; } = new(PushOutcome.Taken);

        public int MostAtOnce { get; private set; }

        public PushTransport Kind => PushTransport.Web;

        public string LaneOf(PushTarget target) => new Uri(target.Endpoint).Authority;

        public Task<string?> ReadPublicKeyAsync(CancellationToken ct) => Task.FromResult<string?>(null);

        public async Task<PushAnswer> SendAsync(PushTarget target, PushNotice notice, CancellationToken ct)
        {
            int running = Interlocked.Increment(ref _running);
            lock (Begun) MostAtOnce = Math.Max(MostAtOnce, running);
            Begun.Enqueue(Encoding.UTF8.GetString(notice.Payload.Span));
            if (target.Endpoint.Contains(Hangs, StringComparison.Ordinal)) await Release.Task.WaitAsync(ct);
            Interlocked.Decrement(ref _running);
            return Answer;
        }
    }
}
