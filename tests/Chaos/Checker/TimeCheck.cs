using System.Globalization;

using Chat.Chaos.History;

namespace Chat.Chaos.Checker;

/// <summary>Whether things came in time: I14 and I15, and the percentiles that a verdict shows.</summary>
internal sealed class TimeCheck(CheckedRun run)
{
    private readonly Dictionary<(int Process, int Session), long> _onlineSince = [];
    private readonly Dictionary<(int Process, int Session), long> _offlineSince = [];
    private readonly List<long> _ackOutside = [];
    private readonly List<long> _ackInside = [];
    private readonly List<long> _deliveryOutside = [];
    private readonly List<long> _deliveryInside = [];
    private readonly List<long> _back = [];
    private readonly List<long> _signedOut = [];
    private readonly Dictionary<(int Process, int Session), HistoryEntry> _revoked = [];
    private readonly List<(long Lag, int Index)> _lags = [];

    public static Verdict Run(CheckedRun run, VerdictCounts counts)
    {
        TimeCheck check = new(run);
        check.Gather();
        check.CheckAlive();
        check.CheckFresh();
        return new Verdict
        {
            Violations = run.Violations.Violations,
            ViolationCounts = run.Violations.Counts,
            Counts = counts,
            AckOutside = Percentile(check._ackOutside),
            AckInside = Percentile(check._ackInside),
            DeliveryOutside = Percentile(check._deliveryOutside),
            DeliveryInside = Percentile(check._deliveryInside),
            ClientsBack = Percentile(check._back),
            SignedOut = Percentile(check._signedOut),
        };
    }

    private void Gather()
    {
        ReadOnlySpan<HistoryEntry> entries = run.Entries;
        // Known beforehand: a connection is often cut before its sign-out is answered.
        foreach (ref readonly HistoryEntry entry in entries)
            if (entry.Op == HistoryOp.Revoke) _revoked[(entry.Process, entry.Session)] = entry;
        for (int i = 0; i < entries.Length; i++)
        {
            ref readonly HistoryEntry entry = ref entries[i];
            (int, int) session = (entry.Process, entry.Session);
            switch (entry.Op)
            {
                case HistoryOp.Close:
                    _offlineSince.TryAdd(session, entry.Done);
                    GatherSignOut(session, in entry);
                    break;
                case HistoryOp.Connect:
                    _onlineSince[session] = entry.Done;
                    if (_offlineSince.Remove(session, out long lost)) _back.Add(entry.Done - lost);
                    break;
                case HistoryOp.Send or HistoryOp.Probe when entry.Outcome == HistoryOutcome.Ok:
                    (run.Faults.Touch(entry.Invoke, entry.Done) ? _ackInside : _ackOutside).Add(entry.Done - entry.Invoke);
                    break;
                case HistoryOp.Receive when entry.Source == HistorySource.Live && entry.Hash != 0:
                    GatherDelivery(in entry, i);
                    break;
            }
        }
    }

    private void GatherSignOut((int Process, int Session) session, in HistoryEntry closed)
    {
        if (!_revoked.TryGetValue(session, out HistoryEntry revoked) || closed.Done < revoked.Invoke) return;

        _revoked.Remove(session);
        _signedOut.Add(closed.Done - revoked.Invoke);
    }

    private void GatherDelivery(in HistoryEntry got, int index)
    {
        if (!run.TryGetSend(got.Hash, out HistoryEntry send)) return;

        (run.Faults.Touch(send.Invoke, got.Done) ? _deliveryInside : _deliveryOutside).Add(Math.Max(0, got.Done - send.Invoke));
        if (send.Outcome != HistoryOutcome.Ok || run.Faults.Touch(send.Done, got.Done)) return;

        // Who was away has its time from the moment on that it was back.
        long due = Math.Max(send.Done, _onlineSince.GetValueOrDefault((got.Process, got.Session)));
        _lags.Add((Math.Max(0, got.Done - due), index));
    }

    private void CheckAlive()
    {
        int acked = 0;
        foreach (int index in run.Sends)
        {
            HistoryEntry probe = run.Entries[index];
            if (probe.Op != HistoryOp.Probe) continue;
            if (probe.Outcome == HistoryOutcome.Ok && probe.Done - probe.Invoke <= Nanoseconds(run.Options.ProbeAck)) acked++;
            else
                run.Violations.Add(
                    Invariant.I14Alive, () => ("With all faults healed a message was not acked in time.", [run.Tell(probe)]));
        }

        if (acked < run.Final.ProbesWanted && !run.Violations.Counts.ContainsKey(Invariant.I14Alive))
            run.Violations.Add(Invariant.I14Alive, () => ($"Of {run.Final.ProbesWanted} probes {acked} were sent and acked.", []));
        foreach (string stuck in run.Final.StuckClients)
            run.Violations.Add(Invariant.I14Alive, () => ($"With all faults healed a client is stuck: {stuck}", []));
    }

    private void CheckFresh()
    {
        if (_lags.Count == 0) return;

        _lags.Sort(static (x, y) => x.Lag.CompareTo(y.Lag));
        long tail = _lags[Rank(_lags.Count, 0.999)].Lag;
        if (tail <= Nanoseconds(run.Options.Staleness)) return;

        run.Violations.Add(Invariant.I15Fresh, () => (
            string.Create(CultureInfo.InvariantCulture,
                $"Of {_lags.Count} deliveries while no fault was on, the 99.9th percentile came {tail / 1e9:0.00} s after its ack."),
            [.. _lags.TakeLast(3).Select(lag => TellLag(lag.Index))]));
    }

    private string TellLag(int index)
    {
        HistoryEntry got = run.Entries[index];
        return run.TryGetSend(got.Hash, out HistoryEntry send) ? $"{run.Tell(send)}\n      {run.Tell(got)}" : run.Tell(got);
    }

    private static Percentiles Percentile(List<long> nanoseconds)
    {
        if (nanoseconds.Count == 0) return default;

        nanoseconds.Sort();
        return new Percentiles(nanoseconds.Count, At(0.5), At(0.99), At(0.999), nanoseconds[^1] / 1e6);

        double At(double share) => nanoseconds[Rank(nanoseconds.Count, share)] / 1e6;
    }

    /// <summary>Index of the nearest rank.</summary>
    private static int Rank(int count, double share) => Math.Clamp((int)Math.Ceiling(share * count) - 1, 0, count - 1);

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
