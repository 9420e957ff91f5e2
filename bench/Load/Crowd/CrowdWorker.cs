using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;

using Chat.Load.Engine;

namespace Chat.Load.Crowd;

/// <summary>
/// One process of the generator: as many sessions as it may open files. Told by lines on its standard input what to do (<c>send RATE</c>,
/// <c>stop</c>, <c>disturbed</c>, <c>judge FILE</c>), it prints a line of status every second and its findings at the end.
/// </summary>
internal sealed class CrowdWorker(CrowdPlan plan)
{
    private const int Opening = 128;
    private static readonly long Idle = Clock.Second / 1_000;

    private readonly ConcurrentQueue<string> _orders = new();
    private readonly LoadConnection[] _connections =
        [.. Enumerable.Range(0, plan.Sessions.Count).Select(i => new LoadConnection(i) { Server = plan.Home })];
    private readonly CrowdDialect _dialect = new(plan);
    private double _rate;
    private long _sendingSince;
    private long _scheduled;
    private int _opened;
    private int _nextSender;

    /// <summary>Blocks until it was told to judge.</summary>
    public void Run(TextReader input, TextWriter output)
    {
        Thread reader = new(() => ReadOrders(input)) { IsBackground = true };
        reader.Start();
        using SocketLoop loop = new([.. plan.Servers.Select(IPEndPoint.Parse)], _connections, _dialect);
        _dialect.Loop = loop;
        long told = 0;
        while (true)
        {
            long now = Clock.Now;
            while (_opened < _connections.Length && _opened - _dialect.Whole < Opening) _dialect.Begin(_connections[_opened++]);
            long wait = Idle;
            if (_rate > 0) wait = Math.Min(wait, SendDue(now));
            loop.Poll(wait);
            _dialect.OnTick(now);
            if (now - told > Clock.Second)
            {
                told = now;
                output.WriteLine(JsonSerializer.Serialize(
                    new CrowdStatus(
                        _dialect.Whole, _dialect.Sendings.Sent, _dialect.Sendings.Acked, _dialect.Delivered, _dialect.Sendings.Open),
                    CrowdJson.Default.CrowdStatus));
                output.Flush();
            }

            if (!_orders.TryDequeue(out string? order)) continue;
            if (order.StartsWith("judge ", StringComparison.Ordinal))
            {
                output.WriteLine(JsonSerializer.Serialize(Judge(order[6..]), CrowdJson.Default.CrowdFindings));
                output.Flush();
                return;
            }

            Obey(order, now);
        }
    }

    private void ReadOrders(TextReader input)
    {
        while (input.ReadLine() is { } line) _orders.Enqueue(line);
        Environment.Exit(3); // who gave the orders is gone
    }

    private void Obey(string order, long now)
    {
        switch (order)
        {
            case "stop":
                _rate = 0;
                return;
            case "disturbed":
                _dialect.Sendings.IsDisturbed = true;
                return;
        }

        _rate = double.Parse(order.AsSpan("send ".Length), CultureInfo.InvariantCulture);
        (_sendingSince, _scheduled) = (now, 0);
    }

    private long SendDue(long now)
    {
        long due = _sendingSince + (long)(_scheduled / _rate * Clock.Second);
        for (int burst = 0; due <= now && burst < Opening; burst++)
        {
            _dialect.Publish(_connections[_nextSender], due);
            _nextSender = (_nextSender + 1) % _connections.Length;
            due = _sendingSince + (long)(++_scheduled / _rate * Clock.Second);
        }

        return Math.Max(0, due - Clock.Now);
    }

    private CrowdFindings Judge(string headsFile)
    {
        using FileStream file = File.OpenRead(headsFile);
        Dictionary<long, long> heads = JsonSerializer.Deserialize(file, CrowdJson.Default.DictionaryInt64Int64)!;
        long missing = 0;
        for (int i = 0; i < plan.Sessions.Count; i++) missing += Math.Abs(heads[plan.Sessions[i].ChatId] - _dialect.LastOf(i));
        CrowdSendings sendings = _dialect.Sendings;
        return new CrowdFindings(
            sendings.Sent, sendings.Acked, _dialect.Delivered, missing, _dialect.Corrupted + _dialect.Judge(0).Corrupted, _dialect.Repeated,
            _dialect.Holes, sendings.Open, sendings.Unseen, sendings.Refused, sendings.Busy, _dialect.BusyPages, _dialect.Moved,
            _dialect.LastBackAt, _dialect.FirstClose,
            _dialect.Deliveries.ToCounts(), sendings.Acks.ToCounts(), _dialect.DisturbedDeliveries.ToCounts(),
            _dialect.LateDeliveries.ToCounts(), _dialect.Welcomes.ToCounts(), _dialect.Returns.ToCounts());
    }
}
