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
        PushTarget target = await TargetAsync();
        Queue<PushAnswer> answers = new([new(PushOutcome.Later, TimeSpan.FromSeconds(90), "429"), new(PushOutcome.Later, Reason: "503"), new(PushOutcome.Later, TimeSpan.FromHours(20), "503")]);
        Service.Answer = (_, _) => answers.Dequeue();
        Queue.Add(Job(target, TimeSpan.FromMinutes(10)));
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
    public async Task A_host_that_hangs_holds_up_no_other_and_what_waits_is_bounded(CancellationToken ct)
    {
        HangingPush service = new();
        PushQueue queue = new(Store, [service], Time, NullLogger<PushQueue>.Instance);
        PushTarget target = new(1, 1, PushTransports.Web, "https://hangs.example.net/a", null, null, PushContents.Full, 0);
        for (int i = 0; i < PushQueue.MaxWaiting + 100; i++) queue.Add(Job(target, text: $"{i}"));
        queue.Add(Job(target with { Endpoint = "https://answers.example.net/a" }, text: "other"));
        while (!service.Begun.Contains("other")) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);

        Assert.That(service.Begun, Has.Count.EqualTo(9), "eight of a host at once, and the other one's");
        service.Release.SetResult();
        while (service.Begun.Count < PushQueue.MaxWaiting + 8) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
        await queue.DisposeAsync();
        Assert.That(service.Begun, Does.Not.Contain("8").And.Contain("7").And.Contain($"{PushQueue.MaxWaiting + 99}"), "the oldest of those that waited are dropped");
        Assert.That(service.MostAtOnce, Is.LessThanOrEqualTo(9));
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

    private PushJob Job(PushTarget target, TimeSpan? worth = null, string text = """{"v":1}""") => new(
        target, new PushNotice(Encoding.UTF8.GetBytes(text), worth ?? Options.TimeToLive, IsUrgent: false, "topic"), Time.GetUtcNow() + (worth ?? Options.TimeToLive));

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

        public System.Collections.Concurrent.ConcurrentBag<string> Begun { get; } = [];

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int MostAtOnce { get; private set; }

        public PushTransport Kind => PushTransport.Web;

        public string LaneOf(PushTarget target) => new Uri(target.Endpoint).Authority;

        public Task<string?> ReadPublicKeyAsync(CancellationToken ct) => Task.FromResult<string?>(null);

        public async Task<PushAnswer> SendAsync(PushTarget target, PushNotice notice, CancellationToken ct)
        {
            int running = Interlocked.Increment(ref _running);
            lock (Begun)
            {
                MostAtOnce = Math.Max(MostAtOnce, running);
                Begun.Add(Encoding.UTF8.GetString(notice.Payload.Span));
            }

            if (target.Endpoint.Contains("hangs", StringComparison.Ordinal)) await Release.Task.WaitAsync(ct);
            Interlocked.Decrement(ref _running);
            return new PushAnswer(PushOutcome.Taken);
        }
    }
}
