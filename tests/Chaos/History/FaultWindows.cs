namespace Chat.Chaos.History;

/// <summary>Marks in the history when which fault is on. Thread-safe.</summary>
public sealed class FaultWindows
{
    private readonly HistoryWriter _history;

    internal FaultWindows(HistoryWriter history) => _history = history;

    /// <summary>The fault is about to be put in.</summary>
    public void Begin(string fault) => Mark(HistoryOp.FaultBegin, fault);

    /// <summary>The fault is healed: from here on the promises' bounds in time hold again.</summary>
    public void End(string fault) => Mark(HistoryOp.FaultEnd, fault);

    private void Mark(HistoryOp op, string fault)
    {
        long now = HistoryClock.Now();
        _history.Write(new HistoryEntry { Op = op, Node = -1, Invoke = now, Done = now, Text = fault });
    }
}
