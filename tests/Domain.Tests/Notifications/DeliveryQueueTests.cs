using Chat.Domain.Notifications;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Domain.Tests.Notifications;

[Parallelizable]
public sealed class DeliveryQueueTests
{
    private readonly FakeTimeProvider _time = new();

    [Test, CancelAfter(10_000)]
    public async Task What_is_refused_twice_is_sent_at_the_third_try(CancellationToken ct)
    {
        RecordingTransports transports = new();
        transports.RefuseNext(2);

        await RunAsync(transports, until: () => transports.Unread.Count == 1, ct);

        Assert.That(transports.Calls, Is.EqualTo(3));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_is_refused_three_times_is_given_up_and_the_next_is_sent(CancellationToken ct)
    {
        RecordingTransports transports = new();
        transports.RefuseNext(3);
        DeliveryQueue queue = new(_time, NullLogger<DeliveryQueue>.Instance);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task running = queue.RunAsync(ending.Token);

        Assert.That(queue.TryAdd(new Delivery("one", token => transports.SendAsync("+491", "1111 1111", token))));
        while (transports.Calls < 3) await LetTimePassAsync();
        Assert.That(queue.TryAdd(new Delivery("two", token => transports.SendAsync("+492", "2222 2222", token))));

        Assert.That(await transports.CodeAsync("+492", ct), Is.EqualTo("2222 2222"));
        Assert.That(transports.Unread, Is.Empty);
        await EndAsync(ending, running);
    }

    [Test]
    public void A_queue_that_is_full_says_so()
    {
        DeliveryQueue queue = new(_time, NullLogger<DeliveryQueue>.Instance);
        Delivery delivery = new("one", _ => Task.CompletedTask);

        Assert.That(Enumerable.Range(0, 1_000).All(_ => queue.TryAdd(delivery)));
        Assert.That(queue.TryAdd(delivery), Is.False);
    }

    private async Task RunAsync(RecordingTransports transports, Func<bool> until, CancellationToken ct)
    {
        DeliveryQueue queue = new(_time, NullLogger<DeliveryQueue>.Instance);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task running = queue.RunAsync(ending.Token);
        Assert.That(queue.TryAdd(new Delivery("one", token => transports.SendAsync("+491", "1111 1111", token))));
        while (!until())
        {
            ct.ThrowIfCancellationRequested();
            await LetTimePassAsync();
        }

        await EndAsync(ending, running);
    }

    private async Task LetTimePassAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.Yield();
    }

    private static async Task EndAsync(CancellationTokenSource ending, Task running)
    {
        await ending.CancelAsync();
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
    }
}
