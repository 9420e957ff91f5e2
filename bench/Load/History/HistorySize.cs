namespace Chat.Load.History;

/// <summary>
/// How large the seeded database is, and how it is put together. A quarter as many people as chats gives each about fourteen chats.
/// Ids are dense from 1: people first, each with the inbox of the same id; then direct chats, then groups.
/// </summary>
/// <param name="Messages">Messages asked for; what is made is within one percent of it.</param>
/// <param name="Chats">Direct chats and groups, nine to one; inboxes come on top.</param>
internal sealed record HistorySize(long Messages, long Chats)
{
    private const int MaxMembers = 256;
    private const int MaxBusyChatsOfAKind = 1_000;
    private const int MessagesPerSlice = 100_000;

    /// <summary>Members of a group are this far apart, so that two groups share few of them.</summary>
    public const int Stride = 97;

    /// <summary>People with about fourteen chats. No multiple of the stride: a group would meet itself.</summary>
    public long People => Chats / 4 % Stride == 0 ? (Chats / 4) + 1 : Chats / 4;

    /// <summary>The one with chats by the thousand.</summary>
    public long BusyPerson => People + 1;

    public long Directs => Chats - Groups;

    public long Groups => Chats / 10;

    /// <summary>The busy one's direct chats, with the first people.</summary>
    public long BusyDirects => Math.Min(MaxBusyChatsOfAKind, People);

    /// <summary>The busy one made the first of the groups, the largest among them.</summary>
    public long BusyGroups => Math.Min(MaxBusyChatsOfAKind, Groups);

    public long BusyChats => BusyDirects + BusyGroups;

    /// <summary>The first group: 256 members and a tenth of all messages.</summary>
    public long HotChat => BusyPerson + Directs + 1;

    /// <summary>Messages are written in the order of their times, a slice of time after another.</summary>
    public int Slices => (int)Math.Max(1, Messages / MessagesPerSlice);

    public IEnumerable<string> Validate()
    {
        if (Chats < 4 * MaxMembers) yield return $"--chats is {Chats}: give {4 * MaxMembers} or more, so that the largest group finds {MaxMembers} people.";
        if (Chats > 10_000_000) yield return $"--chats is {Chats}: give 10000000 at most.";
        if (Messages < 10 * Chats) yield return $"--messages is {Messages}: give ten a chat or more.";
        if (Messages > 1_000_000_000) yield return $"--messages is {Messages}: give 1000000000 at most.";
    }
}
