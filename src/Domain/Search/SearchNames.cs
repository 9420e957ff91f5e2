using System.Globalization;
using Chat.Domain.Limits;
using Chat.Storage.Search;

namespace Chat.Domain.Search;

/// <summary>
/// Finds people and chats that the caller knows by their names: contacts and those of direct chats, by their own name or the caller's for them, then
/// groups and channels. Every word that is typed may be the beginning of one of the name.
/// </summary>
public sealed class SearchNames(NameStore names, SearchGate gate, RequestLimits limits)
{
    public const int DefaultPage = 20;
    public const int MaxPage = 50;

    private const char People = 'p';
    private const char Chats = 'c';

    public async Task<Result<FoundNames>> ExecuteAsync(Caller caller, string? typed, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? DefaultPage;
        if (count is < 1 or > MaxPage) return Failures.PageLimit(count, MaxPage);
        (char part, long after) = (People, 0);
        if (!string.IsNullOrEmpty(cursor) && !TryRead(cursor, out part, out after)) return Failures.UnknownCursor();
        Result<SearchQuery> query = SearchQuery.Read(typed, allPrefixes: true);
        if (!query.IsOk) return query.Failure;
        if (query.Value.IsEmpty) return Failures.Invalid("q", "q has no letter or digit: send the beginning of a name.");
        if (limits.JudgeSearch(caller.PrincipalId) is { } limited) return limited;

        return await gate.RunAsync(() => FindAsync(caller.PrincipalId, query.Value.Beginnings(), (part, after), count, ct), ct);
    }

    private async Task<Result<FoundNames>> FindAsync(
        long principalId, IReadOnlyList<string> beginnings, (char Part, long After) begin, int count, CancellationToken ct)
    {
        IReadOnlyList<FoundPerson> people = begin.Part == People
            ? await names.FindPeopleAsync(principalId, beginnings, begin.After, count + 1, ct)
            : [];
        if (people.Count > count) return new FoundNames([.. people.Take(count)], [], Write(People, people[count - 1].PrincipalId));

        int left = count - people.Count;
        long after = begin.Part == Chats ? begin.After : 0;
        IReadOnlyList<FoundChat> chats = await names.FindChatsAsync(principalId, beginnings, after, left + 1, ct);
        if (chats.Count <= left) return new FoundNames(people, chats, null);
        return new FoundNames(people, [.. chats.Take(left)], Write(Chats, left > 0 ? chats[left - 1].ChatId : after));
    }

    private static string Write(char part, long after) => string.Create(CultureInfo.InvariantCulture, $"{part}{after}");

    private static bool TryRead(string cursor, out char part, out long after)
    {
        part = cursor[0];
        return long.TryParse(cursor.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out after) && (part is People or Chats);
    }
}

/// <summary>A page of names: people in front of chats.</summary>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record FoundNames(IReadOnlyList<FoundPerson> People, IReadOnlyList<FoundChat> Chats, string? NextCursor);
