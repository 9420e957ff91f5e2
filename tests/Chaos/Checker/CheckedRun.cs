using System.Globalization;
using System.Runtime.InteropServices;

using Chat.Chaos.History;

namespace Chat.Chaos.Checker;

/// <summary>A whole run in memory, indexed. Entries of one session stand in the order in which they happened.</summary>
internal sealed class CheckedRun
{
    private readonly List<HistoryEntry> _entries = [];
    private readonly List<int> _sends = [];
    private readonly Dictionary<ulong, int> _sendByHash = [];
    private readonly Dictionary<long, FinalLog> _logs;
    private readonly long _start = long.MaxValue;

    public CheckedRun(HistoryReader history, FinalState final, CheckerOptions options)
    {
        (Final, Options, Violations) = (final, options, new ViolationLog(options.Told));
        _logs = final.Chats.ToDictionary(chat => chat.Id, chat => new FinalLog(chat, final.Staff));
        List<HistoryEntry> marks = [];
        foreach (HistoryEntry entry in history.Entries().Concat(final.ReadAtEnd))
        {
            if (entry.Invoke > 0) _start = Math.Min(_start, entry.Invoke);
            if (entry.Op is HistoryOp.FaultBegin or HistoryOp.FaultEnd) marks.Add(entry);
            if (entry.Op is HistoryOp.Send or HistoryOp.Probe)
            {
                _sends.Add(_entries.Count);
                _sendByHash.TryAdd(entry.Hash, _entries.Count);
            }

            _entries.Add(entry);
        }

        Faults = new FaultSpans(marks);
    }

    public FinalState Final { get; }

    public CheckerOptions Options { get; }

    public ViolationLog Violations { get; }

    public FaultSpans Faults { get; }

    public ReadOnlySpan<HistoryEntry> Entries => CollectionsMarshal.AsSpan(_entries);

    public ReadOnlySpan<int> Sends => CollectionsMarshal.AsSpan(_sends);

    public IReadOnlyCollection<FinalLog> Logs => _logs.Values;

    public FinalLog? Log(long chat) => _logs.GetValueOrDefault(chat);

    /// <summary>The send of a payload; false if nobody sent it.</summary>
    public bool TryGetSend(ulong hash, out HistoryEntry send)
    {
        bool known = _sendByHash.TryGetValue(hash, out int index);
        send = known ? _entries[index] : default;
        return known;
    }

    /// <summary>One line that a person can read: seconds since the start, who, what, where.</summary>
    public string Tell(in HistoryEntry e)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        string who = e.Session == 0 ? "" : string.Create(plain, $" session {e.Session}");
        string user = e.User == 0 ? "" : string.Create(plain, $" user {e.User}");
        string node = e.Node < 0 || e.Session == 0 ? "" : string.Create(plain, $" on node {e.Node}, connection {e.Connection}");
        string place = e.Chat == 0 ? "" : string.Create(plain, $" chat {e.Chat}");
        string seq = e.Seq == 0 ? "" : string.Create(plain, $" seq {e.Seq}");
        string cursor = e.Cursor == 0 ? "" : string.Create(plain, $" cursor {e.Cursor}");
        string count = e.Count == 0 ? "" : string.Create(plain, $" events {e.Count}");
        string id = e.ClientMessageId == Guid.Empty ? "" : $" cmid {e.ClientMessageId:N}";
        string hash = e.Hash == 0 ? "" : string.Create(plain, $" hash {e.Hash:x16}");
        string how = e.Source == HistorySource.None ? "" : $" ({e.Source})";
        string outcome = e.Outcome == HistoryOutcome.None ? "" : $" -> {e.Outcome}";
        string code = e.Code == 0 ? "" : string.Create(plain, $" code {e.Code}");
        string text = e.Text is null ? "" : $" \"{e.Text}\"";
        return string.Create(
            plain,
            $"{Seconds(e.Invoke):0.000}..{Seconds(e.Done):0.000} s{who}{user}{node}: "
                + $"{e.Op}{how}{place}{seq}{cursor}{count}{id}{hash}{outcome}{code}{text}");
    }

    public static string Tell(long chat, in FinalEvent row) => string.Create(
        CultureInfo.InvariantCulture,
        $"PostgreSQL: chat {chat} seq {row.Seq} {(row.IsMessage ? "message" : "other event")} of {row.Sender} cmid "
            + $"{row.ClientMessageId:N} hash {row.Hash:x16}");

    private double Seconds(long nanoseconds) => nanoseconds == 0 ? 0 : (nanoseconds - _start) / 1e9;
}
