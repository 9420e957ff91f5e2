namespace Chat.Storage.People;

/// <summary>Who sees what of whom, as pieces of SQL: one wording for every statement.</summary>
internal static class Visibility
{
    /// <summary>
    /// Joins what the columns below need. The person shown is <c>p</c>, a row of principals; <paramref name="viewer"/> is an expression.
    /// Both are looked up by key.
    /// </summary>
    public static string Joins(string viewer) => $"""
        left join contacts seen_by on seen_by.principal_id = p.id and seen_by.contact_id = {viewer}
        left join lateral (
            select true as is_there from blocks
            where principal_id = p.id and blocked_id = {viewer} or principal_id = {viewer} and blocked_id = p.id limit 1
        ) block on true
        """;

    public static string Shows(string audienceColumn, string viewer) => $"""
        (p.id = {viewer} or block.is_there is null and (p.{audienceColumn} = 1 or p.{audienceColumn} = 2 and seen_by.contact_id is not null))
        """;

    public static string About(string viewer) => $"case when {Shows("about_audience", viewer)} then p.about end";

    public static string Avatar(string viewer) => $"case when {Shows("photo_audience", viewer)} then p.avatar end";
}
