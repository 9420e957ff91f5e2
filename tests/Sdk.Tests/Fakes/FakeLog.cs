using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;

namespace Chat.Sdk.Tests.Fakes;

/// <summary>One chat's log on the fake server.</summary>
public sealed class FakeLog(long chatId, ChatKind kind, long epoch)
{
    private readonly List<WireEvent> _events = [];

    public long ChatId => chatId;

    public ChatKind Kind => kind;

    public long Epoch => epoch;

    public long Head => _events.Count;

    public IReadOnlyList<WireEvent> Events => _events;

    /// <summary>Where the principal's present membership begins.</summary>
    public long JoinedAt { get; set; } = 1;

    /// <summary>What <c>get_chat</c> says to be the last event; null for none.</summary>
    public WireEvent? Last { get; set; }

    /// <summary>The principal's own watermark.</summary>
    public long ReadUpTo { get; set; }

    public MemberRole Role { get; set; } = MemberRole.Member;

    public int MemberCount { get; set; } = 2;

    public WireOwnSettings? Own { get; set; }

    public WireChatDetails? Details { get; set; }

    public WireMentions? Mentions { get; set; }

    /// <summary>Who is in it, of whom nobody has got anything.</summary>
    public IReadOnlyList<WireMember> Members { get; set; } = [];

    /// <summary>Sequences of the times between two memberships.</summary>
    public HashSet<long> Hidden { get; } = [];

    /// <summary>Stores an event at the end, whatever place it has.</summary>
    public WireEvent Append(in WireEvent e)
    {
        _events.Add(e with { ChatId = chatId, Sequence = Head + 1 });
        return _events[^1];
    }

    public WireEvent Append(EventKind eventKind, long sender, string? text, Guid? id, long? subject = null, WireContent? content = null)
    {
        var stored = new WireEvent(chatId, Head + 1, eventKind, sender, 1_000 + Head, id, null, text, subject, Content: content);
        _events.Add(stored);
        return stored;
    }

    /// <summary>An event about a message; what it does to the message is what the client under test works out.</summary>
    public WireEvent Change(EventKind eventKind, long sender, long target, string? text = null, string? previous = null, Guid? id = null)
    {
        var stored = new WireEvent(chatId, Head + 1, eventKind, sender, 1_000 + Head, id, target, text, Previous: previous);
        _events.Add(stored);
        return stored;
    }

    /// <summary>What history shows of an event from now on.</summary>
    public void Show(in WireEvent projected) => _events[(int)projected.Sequence - 1] = projected;

    public WireChat ToChat() => new(
        chatId, kind, epoch, kind == ChatKind.Direct ? null : "a group", Role, JoinedAt, Head, 0, ReadUpTo,
        _events.Count(e => e.Kind == EventKind.Message && e.Sequence > ReadUpTo), 0, 0, MemberCount,
        kind == ChatKind.Direct ? FakeServer.Peer : null, kind == ChatKind.Direct ? "Ben" : null, Last, 0, 1_000 + Head, Own, Details, Mentions);

    public HistoryReply Page(in GetHistoryRequest request)
    {
        int limit = request.Limit ?? 50;
        if (request.After is { } after)
        {
            WireEvent[] found = [.. _events.Skip((int)after).Take(limit)];
            WireEvent[] seen = [.. found.Where(e => !Hidden.Contains(e.Sequence))];
            return new HistoryReply(chatId, epoch, Head, seen, after + 1, after + found.Length, after + found.Length < Head);
        }

        long end = request.Before ?? Head + 1;
        long first = Math.Max(1, end - limit);
        WireEvent[] older = [.. _events.Skip((int)first - 1).Take((int)(end - first))];
        return new HistoryReply(chatId, epoch, Head, older, first, end - 1, first > 1);
    }
}
