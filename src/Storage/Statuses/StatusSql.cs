namespace Chat.Storage.Statuses;

/// <summary>Which statuses there are, and for whom, as pieces of SQL: one wording for every statement (protocol-spec.md §8.11).</summary>
internal static class StatusSql
{
    /// <summary>True of a status <c>s</c> that was not deleted and whose time is not over.</summary>
    public const string IsAlive = "s.deleted_at is null and s.expires_at > now()";

    /// <summary>Of a status <c>s</c>, but for whether who asks has seen it.</summary>
    public const string Columns = """
        s.id as "Id", s.author_id as "AuthorId", s.kind as "Kind", s.text as "Text", s.background as "Background", s.font as "Font",
            s.media::text as "Media", floor(extract(epoch from s.created_at) * 1000)::bigint as "CreatedAtMs",
            floor(extract(epoch from s.expires_at) * 1000)::bigint as "ExpiresAtMs"
        """;

    /// <summary>
    /// True when neither of the two has blocked the other; both are expressions. Two questions and not one with an "or", which is asked anew for
    /// every row.
    /// </summary>
    public static string AreAtPeace(string one, string other) => $"""
        not exists (select from blocks where principal_id = {one} and blocked_id = {other})
            and not exists (select from blocks where principal_id = {other} and blocked_id = {one})
        """;

    /// <summary>True when the audience of a status <c>s</c>, as it was when it was posted, has this contact of its author in it.</summary>
    public static string Admits(string viewer) => $"""
        case s.audience when 1 then true when 2 then not {viewer} = any(s.listed) else {viewer} = any(s.listed) end
        """;

    /// <summary>
    /// True when a status <c>s</c> is for this viewer, whether it is there still or not. Contacts and blocks are those of now: who is removed
    /// or blocked no longer sees what was posted before.
    /// </summary>
    public static string IsFor(string viewer) => $"""
        (s.author_id = {viewer} or {Admits(viewer)}
            and exists (select from contacts where principal_id = s.author_id and contact_id = {viewer})
            and exists (select from contacts where principal_id = {viewer} and contact_id = s.author_id)
            and {AreAtPeace("s.author_id", viewer)})
        """;

    public static string IsVisibleTo(string viewer) => $"{IsAlive} and {IsFor(viewer)}";

    public static string IsSeenBy(string viewer) => $"""
        exists (select from status_views w where w.status_id = s.id and w.viewer_id = {viewer}) as "IsSeen"
        """;
}
