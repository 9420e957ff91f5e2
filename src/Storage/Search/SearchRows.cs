namespace Chat.Storage.Search;

/// <summary>A text whose words are to be indexed: of a message as it was sent, or as it was edited.</summary>
/// <param name="Content">What the message is beside its text, as it was stored; null for an edit.</param>
/// <param name="AnsweredId">Whose message it answers; null for none.</param>
public sealed record IndexedText(long SenderId, string? Text, string? Content, bool IsEdit, long? AnsweredId = null);

/// <summary>How a chat's index is asked: all of <paramref name="Words"/>, one that begins with <paramref name="Prefix"/>, one of <paramref name="AnyOf"/>.</summary>
/// <param name="Prefix">Null for none.</param>
/// <param name="AnyOf">Empty for none.</param>
public sealed record SearchPlan(IReadOnlyList<string> Words, string? Prefix, IReadOnlyList<string> AnyOf)
{
    public bool IsEmpty => Words.Count == 0 && Prefix is null && AnyOf.Count == 0;
}

/// <summary>
/// A message's place among all: the newest first, then the higher chat, then the higher sequence. Comparing gives what comes first.
/// </summary>
public readonly record struct SearchPlace(long SentAtMs, long ChatId, long Sequence) : IComparable<SearchPlace>
{
    /// <summary>In front of everything.</summary>
    public static readonly SearchPlace Start = new(long.MaxValue, long.MaxValue, long.MaxValue);

    public static bool operator <(SearchPlace left, SearchPlace right) => left.CompareTo(right) < 0;

    public static bool operator >(SearchPlace left, SearchPlace right) => left.CompareTo(right) > 0;

    public static bool operator <=(SearchPlace left, SearchPlace right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SearchPlace left, SearchPlace right) => left.CompareTo(right) >= 0;

    public int CompareTo(SearchPlace other)
    {
        int byTime = other.SentAtMs.CompareTo(SentAtMs);
        if (byTime != 0) return byTime;
        int byChat = other.ChatId.CompareTo(ChatId);
        return byChat != 0 ? byChat : other.Sequence.CompareTo(Sequence);
    }
}

/// <summary>An interval of membership, of which what is in it may be found.</summary>
/// <param name="From">First sequence, behind what was cleared.</param>
/// <param name="To">Last sequence.</param>
/// <param name="FromMs">Nothing in it was sent before.</param>
/// <param name="ToMs">Nothing in it was sent later.</param>
public sealed record SearchInterval(long ChatId, long From, long To, long FromMs, long ToMs);

/// <summary>Where an interval is looked through from: what is older than the place.</summary>
public readonly record struct SearchProbe(SearchInterval Interval, long BeforeMs, long BeforeSequence);

/// <summary>What a look into one interval gave.</summary>
/// <param name="Found">The newest first.</param>
/// <param name="LookedTo">How far it went; null when there is no more.</param>
public sealed record SearchProbed(IReadOnlyList<SearchPlace> Found, SearchPlace? LookedTo);

/// <summary>What indexing some chats came to.</summary>
/// <param name="Unfinished">Chats with more to index, from the sequence named.</param>
/// <param name="Claimed">Chats that another node indexes at the moment.</param>
/// <param name="Events">Events that were looked at.</param>
public sealed record IndexedStep(IReadOnlyList<long> Unfinished, IReadOnlyList<long> Claimed, int Events);

/// <summary>Whose name it is: see search_names.</summary>
public sealed record NameKey(short Kind, long ScopeId, long SubjectId);

/// <summary>What a look through some names gave.</summary>
/// <param name="LookedTo">The last one looked at; null when there is no more.</param>
public sealed record NameWindow<T>(IReadOnlyList<T> Found, long? LookedTo);

/// <summary>A person whom a name was found of.</summary>
/// <param name="ChatId">The direct chat of the two, if there is one.</param>
public sealed record FoundPerson(long PrincipalId, string Name, string? OwnName, string? About, string? Avatar, long? ChatId);

/// <summary>A group or channel whose name was found.</summary>
public sealed record FoundChat(long ChatId, short Kind, string Name, string? Avatar);
