using Chat.Load.Dialects;
using Chat.Load.Engine;

namespace Chat.Load.Traffic;

/// <summary>What is read at the beginning and at the end of the measured time.</summary>
internal interface IUsageProbe
{
    void Begin();

    void End();
}

/// <summary>
/// Opens the connections, offers messages as the simulation says, and waits for what is on its way at the end. Blocks the one thread that
/// it is called on.
/// </summary>
internal sealed class TrafficRun(
    LoadSimulation simulation, Dialect dialect, SocketLoop loop, LoadConnection[] connections, MessageTable messages, Meter meter,
    TextWriter progress)
{
    private const int ClosedBurst = 64; // between two looks at what came back
    private const int OpenBurst = 512;
    private const int MaxOpening = 256;
    private static readonly long OpeningTimeout = 120 * Clock.Second;
    private static readonly long Interval = Clock.Second / 4;
    private static readonly long Idle = Clock.Second / 1_000;
    private static readonly long DropAfter = Clock.Second / 4;
    private static readonly long StallAfter = 10 * Clock.Second;

    private long _writtenOff;
    private long _lastDelivered;
    private long _lastProgress;
    private int _nextSender;

    public double ConnectSeconds { get; private set; }

    public double MeasuredSeconds { get; private set; }

    /// <summary>Why sending ended before its time; null: it did not.</summary>
    public string? EndedEarly { get; private set; }

    /// <summary>Deliveries that have not come, those written off included.</summary>
    public long Missing => Expected - meter.Delivered;

    private long Expected => messages.Count * dialect.DeliveriesPerMessage;

    private long OnTheWay => Expected - meter.Delivered - _writtenOff;

    /// <exception cref="IOException">A connection could not be opened or signed in.</exception>
    public void Open(CancellationToken ct)
    {
        long began = Clock.Now;
        long told = began;
        int opened = 0;
        while (dialect.Ready < connections.Length)
        {
            ct.ThrowIfCancellationRequested();
            while (opened < connections.Length && opened - dialect.Ready < MaxOpening) loop.Open(connections[opened++]);
            loop.Poll(Clock.Second / 10);
            if (dialect.FirstClose is { } why) throw new IOException($"A connection ended while it was opened; {why}.");

            long now = Clock.Now;
            if (now - began > OpeningTimeout)
                throw new IOException($"Only {dialect.Ready} of {connections.Length} connections were signed in after {Clock.Seconds(now - began):0} s.");
            if (now - told < Clock.Second) continue;

            told = now;
            progress.WriteLine($"  {dialect.Ready} of {connections.Length} connections are signed in");
        }

        ConnectSeconds = Clock.Seconds(Clock.Now - began);
    }

    /// <summary>Warms up, measures, and drains.</summary>
    public void Offer(IUsageProbe usage, CancellationToken ct)
    {
        long start = Clock.Now;
        long measureAt = start + Clock.Nanoseconds(simulation.WarmUp);
        long endAt = measureAt + Clock.Nanoseconds(simulation.Duration);
        long intervalAt = measureAt + Interval;
        _lastProgress = start;
        for (long now = start; now < endAt && EndedEarly is null; now = Clock.Now)
        {
            ct.ThrowIfCancellationRequested();
            if (!meter.IsMeasuring && now >= measureAt)
            {
                usage.Begin();
                measureAt = now = Clock.Now;
                endAt = now + Clock.Nanoseconds(simulation.Duration);
                intervalAt = now + Interval;
                meter.Begin(now);
            }

            if (meter.IsMeasuring && now >= intervalAt)
            {
                meter.EndInterval(now);
                intervalAt += Interval;
                Tell(now - measureAt);
            }

            long wait = simulation.Kind == SimulationKind.Inject ? SendDue(start, now) : FillWindow(WindowAt(now, measureAt, endAt));
            loop.Poll(wait);
            dialect.OnTick(now);
            Watch(now);
        }

        long ended = Clock.Now;
        if (meter.IsMeasuring)
        {
            meter.End(ended);
            usage.End();
            MeasuredSeconds = Clock.Seconds(ended - measureAt);
        }

        Drain(ct);
    }

    private void Drain(CancellationToken ct)
    {
        long began = Clock.Now;
        long until = began + Clock.Nanoseconds(simulation.Drain);
        for (long now = began; now < until; now = Clock.Now)
        {
            bool hasAcks = !dialect.HasAcks || meter.Acked >= messages.Count;
            if (OnTheWay <= 0 && hasAcks) break;

            ct.ThrowIfCancellationRequested();
            loop.Poll(20 * Idle);
            dialect.OnTick(now);
            if (dialect.MayDrop) Watch(now);
        }

        // What comes twice comes late: look once more.
        long quiet = Clock.Now + (Clock.Second / 10);
        while (Clock.Now < quiet) loop.Poll(Idle);
        progress.WriteLine($"  drained after {Clock.Seconds(Clock.Now - began):0.0} s");
    }

    private double WindowAt(long now, long measureAt, long endAt)
    {
        if (simulation.Kind != SimulationKind.RampingConstant) return simulation.Window;
        return meter.IsMeasuring ? Math.Max(1, simulation.Window * (now - measureAt) / (double)(endAt - measureAt)) : 1;
    }

    private long FillWindow(double window)
    {
        long most = (long)(window * dialect.DeliveriesPerMessage);
        int burst = 0;
        while (OnTheWay < most && burst < ClosedBurst)
        {
            SendNext(Clock.Now);
            burst++;
        }

        return burst > 0 ? 0 : Idle;
    }

    private long SendDue(long start, long now)
    {
        int burst = 0;
        long due = start + (long)(messages.Count / simulation.Rate * Clock.Second);
        while (due <= now && burst < OpenBurst)
        {
            SendNext(due);
            burst++;
            due = start + (long)(messages.Count / simulation.Rate * Clock.Second);
        }

        return burst == OpenBurst ? 0 : Math.Min(Idle, due - Clock.Now);
    }

    private void SendNext(long intendedAt)
    {
        LoadConnection sender = connections[_nextSender];
        _nextSender = (_nextSender + 1) % connections.Length;
        if (!sender.IsReady)
        {
            EndedEarly = $"the server ended connections: {dialect.FirstClose}";
            return;
        }

        dialect.Publish(sender, messages.Add(intendedAt, sender.Index));
    }

    private void Watch(long now)
    {
        if (dialect.FirstClose is { } why) EndedEarly ??= $"the server ended connections: {why}";
        if (meter.Delivered != _lastDelivered || OnTheWay <= 0)
        {
            (_lastDelivered, _lastProgress) = (meter.Delivered, now);
            if (OnTheWay > (long)simulation.MaxOnTheWay * dialect.DeliveriesPerMessage)
                EndedEarly ??= $"{OnTheWay / dialect.DeliveriesPerMessage} messages were on their way: the server does not keep up";
            return;
        }

        if (dialect.MayDrop && now - _lastProgress > DropAfter)
        {
            _writtenOff += OnTheWay;
            _lastProgress = now;
        }
        else if (now - _lastProgress > StallAfter)
        {
            EndedEarly ??= $"nothing came for {Clock.Seconds(StallAfter):0} s while {OnTheWay} deliveries were outstanding";
        }
    }

    private void Tell(long measured)
    {
        if (meter.Timeline.Count % 4 != 0) return;

        Report.TimelinePoint last = meter.Timeline[^1];
        double acked = dialect.HasAcks ? last.AckedPerS : last.DeliveriesPerS / dialect.DeliveriesPerMessage;
        progress.WriteLine(
            $"  {Clock.Seconds(measured),5:0} s  {acked,9:0} messages/s  {last.DeliveriesPerS,10:0} deliveries/s  p99 {last.P99Ms,8:0.00} ms");
    }
}
