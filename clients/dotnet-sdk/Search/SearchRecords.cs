using Chat.Protocol.Codes;

namespace Chat.Sdk.Search;

/// <summary>What is looked for among messages; a text, a sender or a kind at least.</summary>
public sealed record SearchWish
{
    /// <summary>Words, all of which are wanted; the last one may be the beginning of one, unless a space follows it.</summary>
    public string? Text { get; init; }

    /// <summary>The chat; null: all chats.</summary>
    public long? ChatId { get; init; }

    /// <summary>Who sent it; null: whoever.</summary>
    public long? SenderId { get; init; }

    /// <summary>Of which kinds, text apart; empty: of any.</summary>
    public IReadOnlyList<ContentKind> Kinds { get; init; } = [];

    /// <summary>Sent then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Sent before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>What comes first.</summary>
    public SearchOrder Order { get; init; }
}

/// <summary>What comes first.</summary>
public enum SearchOrder
{
    /// <summary>What was sent last.</summary>
    Newest,

    /// <summary>What fits best, of the newest 200 that match; then those behind them.</summary>
    Relevance,
}

/// <summary>A page of messages that were found.</summary>
/// <param name="Messages">May be fewer than asked for, or none, though there are more.</param>
/// <param name="NextCursor">Where the next page starts; null when nothing is left.</param>
public sealed record FoundMessages(IReadOnlyList<FoundMessage> Messages, string? NextCursor);

/// <summary>A message that was found. <see cref="SearchClient.EventsAroundAsync"/> has it and what is around it.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Sequence">Its sequence there.</param>
/// <param name="SenderId">Who sent it.</param>
/// <param name="CreatedAt">When it was stored.</param>
/// <param name="Text">As it is now.</param>
/// <param name="Kind">What it is beside its text.</param>
/// <param name="Highlights">Where in the text the words are, ascending and apart.</param>
public sealed record FoundMessage(
    long ChatId, long Sequence, long SenderId, DateTimeOffset CreatedAt, string Text, ContentKind Kind, IReadOnlyList<Highlight> Highlights);

/// <summary>A part of a text.</summary>
/// <param name="Start">In UTF-16 units from 0.</param>
/// <param name="Length">In UTF-16 units.</param>
public sealed record Highlight(int Start, int Length);

/// <summary>A page of names: people in front of chats.</summary>
/// <param name="People">Contacts, and people of direct chats.</param>
/// <param name="Chats">Groups and channels.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record FoundNames(IReadOnlyList<FoundPerson> People, IReadOnlyList<FoundChat> Chats, string? NextCursor);

/// <summary>A person whom one knows.</summary>
/// <param name="PrincipalId">The person.</param>
/// <param name="Name">The name the person gave themselves.</param>
/// <param name="OwnName">The name under which one keeps them, if there is one.</param>
/// <param name="About">What the person says of themselves, if one may see it.</param>
/// <param name="Avatar">A reference to a picture; likewise.</param>
/// <param name="ChatId">The direct chat of the two, if there is one.</param>
public sealed record FoundPerson(long PrincipalId, string Name, string? OwnName, string? About, string? Avatar, long? ChatId);

/// <summary>A group or channel.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Kind">What kind it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Avatar">A reference to its picture.</param>
public sealed record FoundChat(long ChatId, ChatKind Kind, string Name, string? Avatar);
