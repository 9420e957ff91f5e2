namespace Chat.Chaos.History;

/// <summary>Reads the history files of a run, one of each client process.</summary>
public sealed class HistoryReader
{
    private readonly Func<IEnumerable<HistoryEntry>> _read;

    private HistoryReader(Func<IEnumerable<HistoryEntry>> read) => _read = read;

    /// <summary>All <c>history-*.jsonl</c> of a directory.</summary>
    public static HistoryReader FromDirectory(string directory) =>
        new(() => Directory.GetFiles(directory, "history-*.jsonl").Order(StringComparer.Ordinal).SelectMany(HistoryFile.Read));

    /// <summary>Entries that are in memory already.</summary>
    public static HistoryReader FromEntries(IEnumerable<HistoryEntry> entries) => new(() => entries);

    /// <summary>The entries, in no order that means anything; times say what came first.</summary>
    public IEnumerable<HistoryEntry> Entries() => _read();
}
