using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Notifications;

/// <summary>
/// Does what is to be sent to addresses outside, away from the requests that want it: a mail server is slow, and how long an answer takes must
/// not tell whether there is an account. Held in memory: what is lost with the process is asked for again by its person. Thread-safe.
/// </summary>
public sealed class DeliveryQueue(TimeProvider time, ILogger<DeliveryQueue> log)
{
    private const int MostWaiting = 1_000;
    private const int Workers = 4;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromSeconds(60);

    private readonly Channel<Delivery> _waiting = Channel.CreateBounded<Delivery>(MostWaiting);

    /// <returns>False when too much is waiting already.</returns>
    public bool TryAdd(Delivery delivery) => _waiting.Writer.TryWrite(delivery);

    /// <summary>Delivers until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(ct)));

    private async Task WorkAsync(CancellationToken ct)
    {
        await foreach (Delivery delivery in _waiting.Reader.ReadAllAsync(ct)) await DeliverAsync(delivery, ct);
    }

    private async Task DeliverAsync(Delivery delivery, CancellationToken ct)
    {
        for (int attempt = 0; ; attempt++)
        {
            using CancellationTokenSource patience = new(LongestDelivery, time);
            using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
            try
            {
                await delivery.Send(both.Token);
                return;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception fault) when (attempt < Pauses.Length)
            {
                NotificationLog.WillTryAgain(log, delivery.What, fault);
            }
            catch (Exception fault)
            {
                NotificationLog.GivenUp(log, delivery.What, fault);
                return;
            }

            await Task.Delay(Pauses[attempt], time, ct);
        }
    }
}

/// <param name="What">For the log; names nobody.</param>
/// <param name="Send">Sends; may be called again after a fault.</param>
public sealed record Delivery(string What, Func<CancellationToken, Task> Send);
