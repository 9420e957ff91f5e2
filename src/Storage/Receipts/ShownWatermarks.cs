namespace Chat.Storage.Receipts;

/// <summary>
/// What one member is shown of another's watermarks (protocol-spec.md §8.7), as SQL over the aliases "m" (the member), "me" (the asker, in
/// the same chat) and "c" (the chat). One place, so that no list shows what another one hides.
/// </summary>
internal static class ShownWatermarks
{
    public const string Delivered = """
        case when m.principal_id <> me.principal_id and (c.blocked or c.kind = 3) then 0 else m.delivered_up_to end
        """;

    public const string Read = """
        case when m.principal_id <> me.principal_id and (c.blocked or c.kind = 3 or m.hides_reads or c.kind = 1 and me.hides_reads)
            then 0 else m.read_up_to end
        """;
}
