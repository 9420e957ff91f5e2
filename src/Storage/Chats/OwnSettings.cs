using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>The columns of what a chat is to one member alone, and of what it is beside its name, as <see cref="ChatStore"/> reads them.</summary>
internal static class OwnSettings
{
    /// <summary>Of the membership "m", into a page of chats.</summary>
    public const string PageColumns =
        "m.theme as own_theme, m.muted_until, m.archived_at_sequence, m.pinned, m.unread_mark, m.cleared_up_to";

    /// <summary>
    /// For a page "p" and its drafts "d". A chat is in the archive until a message comes; while it is muted, none brings it back. So what came
    /// while it was muted brings it back when that ends, and nothing is written when a message comes.
    /// </summary>
    public static readonly string Columns = $"""
        case
            when p.archived_at_sequence is null then false
            when p.muted_until > clock_timestamp() then true
            else {ChatStore.CountUnread("p.id", "p.archived_at_sequence", "p.head_sequence")} = 0
        end,
            p.pinned, p.unread_mark, case when p.muted_until > clock_timestamp() then p.muted_until end, p.own_theme, p.cleared_up_to,
            d.version, d.text, d.reply_to, p.send_role, p.edit_role, p.add_role, p.description, p.avatar, p.theme, p.handle
        """;

    /// <param name="first">Index of the first of the columns.</param>
    public static OwnSettingsRow? ReadOwn(NpgsqlDataReader reader, int first)
    {
        DraftRow? draft = reader.IsDBNull(first + 6)
            ? null
            : new DraftRow(reader.GetInt64(first + 6), reader.GetString(first + 7), Long(reader, first + 8));
        OwnSettingsRow own = new(
            reader.GetBoolean(first),
            reader.GetBoolean(first + 1),
            Long(reader, first + 2),
            reader.IsDBNull(first + 3) ? null : new DateTimeOffset(reader.GetDateTime(first + 3)).ToUnixTimeMilliseconds(),
            Text(reader, first + 4),
            reader.GetInt64(first + 5),
            draft);
        return own == Untouched ? null : own;
    }

    /// <param name="first">Index of the first of all the columns.</param>
    public static ChatDetailsRow? ReadDetails(NpgsqlDataReader reader, int first)
    {
        ChatDetailsRow details = new(
            reader.GetInt16(first + 9),
            reader.GetInt16(first + 10),
            reader.GetInt16(first + 11),
            Text(reader, first + 12),
            Text(reader, first + 13),
            Text(reader, first + 14),
            Text(reader, first + 15));
        return details == ChatDetailsRow.Initial ? null : details;
    }

    private static readonly OwnSettingsRow Untouched = new(false, false, null, null, null, 0, null);

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static long? Long(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
