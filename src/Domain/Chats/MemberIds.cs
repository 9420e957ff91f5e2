namespace Chat.Domain.Chats;

/// <summary>Brings a list of members from outside into order: each once, in the order given.</summary>
internal static class MemberIds
{
    public static List<long> Distinct(IReadOnlyList<long>? ids, long except)
    {
        if (ids is null) return [];

        List<long> distinct = new(ids.Count);
        HashSet<long> known = [except];
        foreach (long id in ids)
        {
            if (known.Add(id)) distinct.Add(id);
        }

        return distinct;
    }

    /// <summary>True when an id cannot be anyone's, whatever is stored.</summary>
    public static bool AnyImpossible(List<long> ids)
    {
        foreach (long id in ids)
        {
            if (id <= 0) return true;
        }

        return false;
    }
}
