namespace Chat.Domain.People;

/// <summary>How many people one person may keep, and how they are paged.</summary>
internal static class ContactRules
{
    public const int MaxContacts = 10_000;
    public const int MaxBlocks = 10_000;
    public const int DefaultPage = 100;
    public const int MaxPage = 200;

    public static Failure? JudgePage(long? after, int? limit)
    {
        if (limit is < 1 or > MaxPage) return Failures.PageLimit(limit.Value, MaxPage);
        return after < 0 ? Failures.Invalid("after", "after is negative: send nextCursor of the page before.") : null;
    }

    /// <summary>Null when <paramref name="otherId"/> can be somebody else.</summary>
    public static Failure? JudgeOther(Caller caller, long otherId)
    {
        if (otherId == caller.PrincipalId) return Failures.Invalid("principal_id", "principal_id is your own: name somebody else.");
        return otherId <= 0 ? Failures.PrincipalNotFound("principal_id") : null;
    }

    public static Failure ContactNotFound() => new(
        Protocol.Codes.ErrorCode.ContactNotFound, "principal_id is none of your contacts: list them, or add it first.", Field: "principal_id");

    public static Failure TooMany(string what, int max) =>
        Failures.Invalid("principal_id", $"You have {max} {what}, which is as many as one may: remove some first.");
}
