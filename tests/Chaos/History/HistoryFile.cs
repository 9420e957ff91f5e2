using System.Globalization;
using System.Text.Json;

namespace Chat.Chaos.History;

/// <summary>The lines of a history file: one JSON object each, fields that say nothing left out.</summary>
internal static class HistoryFile
{
    private static readonly string[] Ops = Names<HistoryOp>();
    private static readonly string[] Sources = Names<HistorySource>();
    private static readonly string[] Outcomes = Names<HistoryOutcome>();

    /// <summary>The entries of a file. A last line that was cut off is left out: its process was killed.</summary>
    /// <exception cref="InvalidDataException">Another line is not an entry.</exception>
    public static IEnumerable<HistoryEntry> Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        byte[] buffer = new byte[1 << 20];
        int held = 0;
        long line = 0;
        while (true)
        {
            if (held == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            int read = file.Read(buffer, held, buffer.Length - held);
            if (read == 0) yield break;

            held += read;
            int start = 0;
            while (buffer.AsSpan(start, held - start).IndexOf((byte)'\n') is var length and >= 0)
            {
                line++;
                yield return Parse(buffer.AsSpan(start, length), path, line);
                start += length + 1;
            }

            buffer.AsSpan(start, held - start).CopyTo(buffer);
            held -= start;
        }
    }

    public static void Write(Utf8JsonWriter json, in HistoryEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("op"u8, Ops[(int)entry.Op]);
        if (entry.Source != HistorySource.None) json.WriteString("src"u8, Sources[(int)entry.Source]);
        if (entry.Outcome != HistoryOutcome.None) json.WriteString("outcome"u8, Outcomes[(int)entry.Outcome]);
        json.WriteNumber("proc"u8, entry.Process);
        if (entry.Session != 0) json.WriteNumber("session"u8, entry.Session);
        if (entry.Connection != 0) json.WriteNumber("conn"u8, entry.Connection);
        if (entry.Node >= 0) json.WriteNumber("node"u8, entry.Node);
        if (entry.Code != 0) json.WriteNumber("code"u8, entry.Code);
        if (entry.Count != 0) json.WriteNumber("count"u8, entry.Count);
        if (entry.User != 0) json.WriteNumber("user"u8, entry.User);
        if (entry.Chat != 0) json.WriteNumber("chat"u8, entry.Chat);
        if (entry.ClientMessageId != Guid.Empty) json.WriteString("cmid"u8, entry.ClientMessageId);
        if (entry.Seq != 0) json.WriteNumber("seq"u8, entry.Seq);
        if (entry.Hash != 0) json.WriteNumber("hash"u8, entry.Hash);
        if (entry.Cursor != 0) json.WriteNumber("cursor"u8, entry.Cursor);
        json.WriteNumber("t_invoke"u8, entry.Invoke);
        json.WriteNumber("t_ok"u8, entry.Done);
        json.WriteNumber("wall"u8, entry.Wall);
        if (entry.Text is not null) json.WriteString("text"u8, entry.Text);
        json.WriteEndObject();
    }

    private static HistoryEntry Parse(ReadOnlySpan<byte> line, string path, long number)
    {
        try
        {
            return Parse(line);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}, is not an entry of a history."), wrong);
        }
    }

    private static HistoryEntry Parse(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader json = new(line);
        HistoryEntry entry = new() { Node = -1 };
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> name = json.ValueSpan; // the names have no escapes
            json.Read();
            entry = name switch
            {
                _ when name.SequenceEqual("op"u8) => entry with { Op = (HistoryOp)Find(Ops, ref json) },
                _ when name.SequenceEqual("src"u8) => entry with { Source = (HistorySource)Find(Sources, ref json) },
                _ when name.SequenceEqual("outcome"u8) => entry with { Outcome = (HistoryOutcome)Find(Outcomes, ref json) },
                _ when name.SequenceEqual("proc"u8) => entry with { Process = json.GetInt32() },
                _ when name.SequenceEqual("session"u8) => entry with { Session = json.GetInt32() },
                _ when name.SequenceEqual("conn"u8) => entry with { Connection = json.GetInt32() },
                _ when name.SequenceEqual("node"u8) => entry with { Node = json.GetInt32() },
                _ when name.SequenceEqual("code"u8) => entry with { Code = json.GetInt32() },
                _ when name.SequenceEqual("count"u8) => entry with { Count = json.GetInt32() },
                _ when name.SequenceEqual("user"u8) => entry with { User = json.GetInt64() },
                _ when name.SequenceEqual("chat"u8) => entry with { Chat = json.GetInt64() },
                _ when name.SequenceEqual("cmid"u8) => entry with { ClientMessageId = json.GetGuid() },
                _ when name.SequenceEqual("seq"u8) => entry with { Seq = json.GetInt64() },
                _ when name.SequenceEqual("hash"u8) => entry with { Hash = json.GetUInt64() },
                _ when name.SequenceEqual("cursor"u8) => entry with { Cursor = json.GetInt64() },
                _ when name.SequenceEqual("t_invoke"u8) => entry with { Invoke = json.GetInt64() },
                _ when name.SequenceEqual("t_ok"u8) => entry with { Done = json.GetInt64() },
                _ when name.SequenceEqual("wall"u8) => entry with { Wall = json.GetInt64() },
                _ when name.SequenceEqual("text"u8) => entry with { Text = json.GetString() },
                _ => entry,
            };
        }

        return entry;
    }

    private static int Find(string[] names, ref Utf8JsonReader json)
    {
        for (int i = 0; i < names.Length; i++)
            if (json.ValueTextEquals(names[i])) return i;
        throw new FormatException($"'{json.GetString()}' is none of {string.Join(", ", names)}.");
    }

    /// <summary>Kebab-case names, so that what is on disk does not change with the case of a member.</summary>
    private static string[] Names<T>() where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];
}
