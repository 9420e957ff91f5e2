namespace Chat.Load.Search;

/// <summary>Statements that make the history's database one to search in.</summary>
internal static class SearchSeedSql
{
    /// <summary>Puts person $1 into groups until it is in $2 chats, or in all groups. The largest is the first of them.</summary>
    public const string Join = """
        insert into members (chat_id, principal_id, role, joined_at_sequence)
        select c.id, $1, 1, 1 from chats c
        where c.kind = 2 and not exists (select from members m where m.chat_id = c.id and m.principal_id = $1)
        order by c.id limit greatest(0, $2 - (select count(*) from members m where m.principal_id = $1))
        """;

    /// <summary>No limit on searches; it is stored, so that the server takes it as every node would.</summary>
    public const string MakeReady = """
        insert into settings (name, value) values ('Limits:SearchesPerSecond', '0') on conflict (name) do update set value = excluded.value
        """;

    /// <summary>Words of the chat with a tenth of all messages.</summary>
    public const string Words = """
        select array_agg(word) from (
            select distinct word from (select word from search_words where chat_id = $1 limit 2000000) some_words where word ~ '^[a-f0-9]{32}$' limit 2000
        ) words
        """;
}
