using Chat.Chaos.History;

namespace Chat.Chaos.Checker;

/// <summary>When a fault was on: the union of all faults' windows, for questions in log n.</summary>
internal sealed class FaultSpans
{
    private readonly List<(long Begin, long End)> _spans = [];

    /// <param name="marks">Begins and ends; a fault that has no end lasts.</param>
    public FaultSpans(IEnumerable<HistoryEntry> marks)
    {
        HistoryEntry[] ordered = [.. marks.OrderBy(mark => mark.Done)];
        int open = 0;
        long begin = 0;
        foreach (HistoryEntry mark in ordered)
        {
            if (mark.Op == HistoryOp.FaultBegin && open++ == 0) begin = mark.Done;
            else if (mark.Op == HistoryOp.FaultEnd && open > 0 && --open == 0) _spans.Add((begin, mark.Done));
        }

        if (open > 0) _spans.Add((begin, long.MaxValue));
    }

    /// <summary>Whether a fault was on at any moment between the two, both included.</summary>
    public bool Touch(long from, long to)
    {
        int low = 0, high = _spans.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_spans[middle].End < from) low = middle + 1;
            else high = middle;
        }

        return low < _spans.Count && _spans[low].Begin <= to;
    }
}
