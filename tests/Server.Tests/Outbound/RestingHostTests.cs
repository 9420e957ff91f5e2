using Chat.Server.Outbound;
using Chat.Server.Transport.Sockets;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Outbound;

/// <summary>A host wakes by itself when the rest of its connections is over, though nothing comes.</summary>
[TestFixture]
[CancelAfter(20_000)]
internal sealed class RestingHostTests
{
    /// <summary>More than a pump serves in a row: those behind are a crowd when it looks again.</summary>
    private const int Connections = 60;

    private readonly FakeTimeProvider _time = new();
    private readonly OutboundPace _pace = new();

    [Test]
    [Platform("Linux")]
    public void A_socket_loop_wakes_when_a_rest_is_over(CancellationToken ct)
    {
        using SocketLoop loop = new(0, NullLogger.Instance);
        OutboundPump pump = new(loop.Wake, _pace, _time, NullLogger.Instance);
        loop.Work = pump;
        SendTwice(pump, ct);
    }

    [Test]
    public void A_pump_thread_wakes_when_a_rest_is_over(CancellationToken ct)
    {
        using PumpThread thread = new(_pace, _time, NullLogger.Instance);
        SendTwice(thread.Pump, ct);
    }

    private void SendTwice(OutboundPump pump, CancellationToken ct)
    {
        OutboundOptions options = new();
        ScriptedOutput[] outputs = [.. Enumerable.Range(0, Connections).Select(_ => new ScriptedOutput(pump, options, _time))];
        _pace.Follow(OutboundPace.LongestRest, idle: 0);

        WriteTogether(pump, options, outputs, ct);
        AwaitSent();
        WriteTogether(pump, options, outputs, ct);
        SpinWait.SpinUntil(() => ct.IsCancellationRequested || !pump.IsWaiting);
        Assert.That(outputs.Count(output => output.QueuedBytes > 0), Is.GreaterThanOrEqualTo(8), "they rest: the clock stands");

        _time.Advance(OutboundPace.LongestRest);
        AwaitSent();

        void AwaitSent()
        {
            SpinWait.SpinUntil(() => ct.IsCancellationRequested || outputs.All(output => output.QueuedBytes == 0));
            ct.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Writes to all while the host's thread is held up, so that it finds them together.</summary>
    private void WriteTogether(OutboundPump pump, OutboundOptions options, ScriptedOutput[] outputs, CancellationToken ct)
    {
        using ManualResetEventSlim isHeld = new(), mayGoOn = new();
        ScriptedOutput holder = new(pump, options, _time)
        {
            Takes = length =>
            {
                isHeld.Set();
                mayGoOn.Wait(ct);
                return length;
            },
        };
        holder.TryWrite("hold"u8);
        isHeld.Wait(ct);
        foreach (ScriptedOutput output in outputs) Assert.That(output.TryWrite("push"u8));
        mayGoOn.Set();
    }
}
