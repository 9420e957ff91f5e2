using System.Text.Json;
using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>Reads rows of <c>events</c> wherever they stand in a result.</summary>
internal static class EventReader
{
    /// <summary>
    /// The columns of an event as it is pushed, for the alias "e", in the order that <see cref="Read"/> expects. A text that was withheld from
    /// the first push is withheld from every later one: it does not stand in <c>body</c>.
    /// </summary>
    public const string Columns =
        "e.chat_id, e.sequence, e.kind, e.sender_id, e.created_at, e.client_message_id, e.target_sequence, "
        + "e.body, e.subject_id, e.subject_role, e.attributes->>'previous', "
        + "e.attributes->>'content'";

    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="first">Index of the first of the columns.</param>
    public static EventRow Read(NpgsqlDataReader reader, int first)
    {
        EventRow row = ReadPlain(reader, first);
        string? previous = reader.IsDBNull(first + 10) ? null : reader.GetString(first + 10);
        string? content = reader.IsDBNull(first + 11) ? null : reader.GetString(first + 11);
        return previous is null && content is null ? row : new DetailedEventRow(row, new EventDetails(previous, Content: content));
    }

    /// <summary>The columns that few events have, as the column <c>attributes</c>; null for none.</summary>
    public static string? ToAttributes(string? previous, string? withheldText)
    {
        if (previous is null && withheldText is null) return null;
        Dictionary<string, string> attributes = [];
        if (previous is not null) attributes.Add("previous", previous);
        if (withheldText is not null) attributes.Add("withheld", withheldText);
        return JsonSerializer.Serialize(attributes, Json);
    }

    internal static EventRow ReadPlain(NpgsqlDataReader reader, int first) => new(
        reader.GetInt64(first),
        reader.GetInt64(first + 1),
        reader.GetInt16(first + 2),
        reader.GetInt64(first + 3),
        new DateTimeOffset(reader.GetDateTime(first + 4)).ToUnixTimeMilliseconds(),
        reader.IsDBNull(first + 5) ? null : reader.GetGuid(first + 5),
        reader.IsDBNull(first + 6) ? null : reader.GetInt64(first + 6),
        reader.IsDBNull(first + 7) ? null : reader.GetString(first + 7),
        reader.IsDBNull(first + 8) ? null : reader.GetInt64(first + 8),
        reader.IsDBNull(first + 9) ? null : reader.GetInt16(first + 9));
}
