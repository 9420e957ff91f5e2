namespace Chat.Scenario.Stage;

internal enum ScenarioChatKind
{
    Direct,
    Group,
    Channel,
}

/// <summary>A chat as the script knows it: who may do what in it is what the script expects of the server. Changed between steps only.</summary>
internal sealed class ScenarioChat(long id, ScenarioChatKind kind, IEnumerable<Person> members, IEnumerable<Person> admins)
{
    private readonly Lock _gate = new();
    private readonly List<StoredMessage> _messages = [];

    public long Id { get; } = id;

    public ScenarioChatKind Kind { get; } = kind;

    public HashSet<Person> Members { get; } = [.. members];

    public HashSet<Person> Admins { get; } = [.. admins];

    /// <summary>Only admins write.</summary>
    public bool IsRestricted { get; set; } = kind == ScenarioChatKind.Channel;

    /// <summary>A direct chat of which one has blocked the other.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>Who may write, in the order in which they came to the day.</summary>
    public Person[] Writers => IsBlocked ? [] : [.. (IsRestricted ? Members.Where(Admins.Contains) : Members).OrderBy(person => person.Index)];

    /// <summary>Who may pin a message for all.</summary>
    public Person[] Pinners => Kind == ScenarioChatKind.Direct ? Writers : [.. Admins.OrderBy(person => person.Index)];

    public void Keep(StoredMessage message)
    {
        lock (_gate) _messages.Add(message);
    }

    /// <summary>What was acked so far.</summary>
    public IReadOnlyList<StoredMessage> Messages
    {
        get { lock (_gate) return [.. _messages]; }
    }
}

/// <summary>A message that is to be sent later.</summary>
/// <param name="IsCancelled">It was taken back before it was due.</param>
internal sealed record PlannedMessage(long ChatId, long Id, string ClientMessageId, Person Writer, bool IsCancelled);

/// <summary>A message that the server acked.</summary>
internal sealed record StoredMessage(long ChatId, long Sequence, string ClientMessageId, Person Sender);
