using System.Globalization;
using Chat.Domain.Limits;
using Chat.Storage.Search;
using Npgsql;

namespace Chat.Domain.Search;

/// <summary>
/// Finds people and chats that the caller knows by their names: contacts and those of direct chats, by their own name or the caller's for them, then
/// groups and channels. Every word that is typed may be the beginning of one of the name.
/// </summary>
public sealed class SearchNames(NameStore names, SearchGate gate, RequestLimits limits, TimeProvider time)
{
    public const int DefaultPage = 20;
    public const int MaxPage = 50;

    /// <summary>Names that are looked at in one statement; fewer when that takes too long.</summary>
    private const int NamesAtOnce = 2_000;

    private const int FewestNames = 30;

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
        if (limits.JudgeSearch(caller) is { } limited) return limited;

        return await gate.RunAloneAsync(caller.PrincipalId, () => FindAsync(caller.PrincipalId, query.Value.Beginnings(), (part, after), count, ct), ct);
    }

    private async Task<Result<FoundNames>> FindAsync(
        long principalId, IReadOnlyList<string> beginnings, (char Part, long After) begin, int count, CancellationToken ct)
    {
        long started = time.GetTimestamp();
        IReadOnlyList<FoundPerson> people = [];
        if (begin.Part == People)
        {
            Look<FoundPerson> look = await LookThroughAsync(
                (after, most) => names.FindPeopleAsync(principalId, beginnings, after, most, ct), person => person.PrincipalId, begin.After, count, started);
            if (look.IsInVain) return Failures.Busy(SearchMessages.TimeLimit);
            if (look.Next is { } next) return new FoundNames(look.Found, [], Write(People, next));
            people = look.Found;
            if (IsOver(started)) return new FoundNames(people, [], Write(Chats, 0));
        }

        Look<FoundChat> chats = await LookThroughAsync(
            (after, most) => names.FindChatsAsync(principalId, beginnings, after, most, ct), chat => chat.ChatId,
            begin.Part == Chats ? begin.After : 0, count - people.Count, started);
        if (!chats.IsInVain) return new FoundNames(people, chats.Found, chats.Next is { } further ? Write(Chats, further) : null);
        return begin.Part == People ? new FoundNames(people, [], Write(Chats, 0)) : Failures.Busy(SearchMessages.TimeLimit);
    }

    /// <summary>Looks through names until there are enough, or no more, or the time is over; what takes too long is tried with fewer at once.</summary>
    private async Task<Look<T>> LookThroughAsync<T>(
        Func<long, (int Window, int Limit), Task<NameWindow<T>>> find, Func<T, long> idOf, long after, int count, long started)
    {
        List<T> found = [];
        long at = after;
        int atOnce = NamesAtOnce;
        do
        {
            try
            {
                NameWindow<T> window = await find(at, (atOnce, count + 1 - found.Count));
                found.AddRange(window.Found);
                if (found.Count > count) return new Look<T>(found[..count], count > 0 ? idOf(found[count - 1]) : at);
                if (window.LookedTo is not { } lookedTo) return new Look<T>(found, null);
                at = lookedTo;
            }
            catch (PostgresException fault) when (SearchStore.TookTooLong(fault))
            {
                if (atOnce <= FewestNames) break;
                atOnce /= 4;
            }
        }
        while (!IsOver(started));
        return new Look<T>(found, at, IsInVain: at == after);
    }

    private bool IsOver(long started) => time.GetElapsedTime(started) >= SearchMessages.TimeLimit;

    private static string Write(char part, long after) => string.Create(CultureInfo.InvariantCulture, $"{part}{after}");

    private static bool TryRead(string cursor, out char part, out long after)
    {
        part = cursor[0];
        return long.TryParse(cursor.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out after) && (part is People or Chats);
    }

    /// <param name="Next">Where to go on; null at the end.</param>
    /// <param name="IsInVain">Nothing could be looked at in the time there is.</param>
    private sealed record Look<T>(IReadOnlyList<T> Found, long? Next, bool IsInVain = false);
}

/// <summary>A page of names: people in front of chats.</summary>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record FoundNames(IReadOnlyList<FoundPerson> People, IReadOnlyList<FoundChat> Chats, string? NextCursor);
