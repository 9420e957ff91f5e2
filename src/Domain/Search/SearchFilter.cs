using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Search;

namespace Chat.Domain.Search;

/// <summary>What is looked for, and how the index is asked for it. Immutable.</summary>
internal sealed class SearchFilter
{
    private readonly SearchQuery _query;
    private readonly long? _senderId;
    private readonly HashSet<ContentKind> _kinds;

    public SearchFilter(SearchQuery query, SearchWish wish)
    {
        (_query, _senderId, _kinds) = (query, wish.SenderId, [.. wish.Kinds]);
        (FromMs, ToMs) = (wish.From?.ToUnixTimeMilliseconds(), wish.To?.ToUnixTimeMilliseconds());
        string[] kinds = [.. _kinds.Select(MessageWords.Kind)];
        List<string> others = _senderId is { } sender ? [MessageWords.Sender(sender)] : [];
        if (kinds.Length == 1) others.AddRange(kinds);
        Plan = query.Plan(others, kinds.Length > 1 ? kinds : []);
    }

    public SearchPlan Plan { get; }

    /// <summary>Sent not before; Unix ms.</summary>
    public long? FromMs { get; }

    /// <summary>Sent before this; Unix ms.</summary>
    public long? ToMs { get; }

    /// <summary>Judges a message as its reader sees it: the index may have named it for a text that it no longer has.</summary>
    public SearchMatch? Match(EventRow row)
    {
        if (_senderId is { } sender && row.SenderId != sender) return null;
        if (row.CreatedAtMs < FromMs || row.CreatedAtMs >= ToMs) return null;
        WireContent? content = row.Details?.Content is { } json ? ContentJson.Read(json) : null;
        if (_kinds.Count > 0 && !_kinds.Contains(content?.Kind ?? ContentKind.Text)) return null;
        return _query.Match(row.Text, MessageWords.NameOf(content));
    }
}

/// <summary>What somebody looks for among messages.</summary>
/// <param name="Text">Words; may be missing if something else is asked for.</param>
/// <param name="ChatId">Null: in all chats.</param>
/// <param name="SenderId">Whose.</param>
/// <param name="Kinds">Of which kinds; none: of any.</param>
/// <param name="From">Sent not before.</param>
/// <param name="To">Sent before.</param>
/// <param name="IsRanked">The best first; otherwise the newest.</param>
public sealed record SearchWish(
    string? Text, long? ChatId, long? SenderId, IReadOnlyList<ContentKind> Kinds, DateTimeOffset? From, DateTimeOffset? To, bool IsRanked);
