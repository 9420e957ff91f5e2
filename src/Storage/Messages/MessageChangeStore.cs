using System.Text.Json;
using Chat.Storage.Chats;
using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>
/// Changes messages: each change is one transaction, with the chat's row locked, that adds the event to the log and counts it into what
/// history shows. Thread-safe.
/// </summary>
public sealed class MessageChangeStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    /// <summary>Different emoji on one message: with their counts they travel with it wherever it is shown.</summary>
    public const int MaxEmoji = 32;

    /// <summary>Pinned messages of a chat.</summary>
    public const int MaxPins = 20;

    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Judges and stores. Throws what Npgsql throws when storage does not answer; then the outcome is unknown.</summary>
    public Task<ChangeOutcome> ApplyAsync(MessageChange change, ChangeWindows windows, CancellationToken ct) =>
        ChatTransaction.RepeatAsync(() => TryApplyAsync(change, windows, ct));

    /// <summary>Who reacted, in the order of their ids; empty too if the asker may not see the message, or is not in the chat.</summary>
    public async Task<IReadOnlyList<ReactionRow>> ListReactionsAsync(
        long chatId, long sequence, long askerId, long afterPrincipalId, int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(MessageChangeSql.ListReactions);
        foreach (long value in (long[])[chatId, sequence, askerId, afterPrincipalId, limit])
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<ReactionRow> rows = [];
        while (await reader.ReadAsync(ct)) rows.Add(new ReactionRow(reader.GetInt64(0), reader.GetString(1)));
        return rows;
    }

    private async Task<ChangeOutcome> TryApplyAsync(MessageChange change, ChangeWindows windows, CancellationToken ct)
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        await transaction.LockAsync([change.ChatId], ct);
        if (transaction.Find(change.ChatId) is not { } chat) return new ChangeOutcome(ChangeStatus.ChatNotFound);

        var keys = new
        {
            chatId = change.ChatId,
            actorId = change.ActorId,
            id = change.ClientMessageId,
            target = change.Sequence,
            kind = chat.Kind == ChatKinds.Channel ? 0 : (int)change.Kind, // who comes to a channel late sees all of it
        };
        Judged judged = (await transaction.QueryAsync<Judged>(MessageChangeSql.Judge, keys, ct)).Single();
        if (judged.KnownSequence is { } known)
        {
            bool isSame = (judged.KnownKind, judged.KnownTarget, judged.KnownText) == (change.Kind, change.Sequence, change.Text);
            return isSame
                ? new ChangeOutcome(ChangeStatus.Done, known, judged.KnownAtMs!.Value)
                : new ChangeOutcome(ChangeStatus.ClientMessageIdReused);
        }

        if (Refuse(change, windows, chat, judged) is { } status) return new ChangeOutcome(status);
        if (change.Kind == EventKinds.Pinned && !judged.IsPinned
            && await transaction.ScalarAsync<long>(MessageChangeSql.CountPins, keys, ct) >= MaxPins)
            return new ChangeOutcome(ChangeStatus.TooManyPins);
        if (IsSoAlready(change, judged))
        {
            long since = change.Kind == EventKinds.Reaction
                ? judged.OwnEvent!.Value
                : await transaction.ScalarAsync<long>(MessageChangeSql.AsOf, keys, ct);
            return new ChangeOutcome(ChangeStatus.Done, since, transaction.AtMs);
        }

        string? previous = change.Kind == EventKinds.Reaction ? judged.OwnEmoji : null;
        long at = transaction.AddChange(
            change.ChatId, change.Kind, change.ActorId, change.ClientMessageId, change.Sequence, change.Text, previous, judged.HasLateMembers);
        await CountInAsync(transaction, change, judged, at, ct);
        await transaction.CommitAsync(sink, ct);
        return new ChangeOutcome(ChangeStatus.Done, at, transaction.AtMs);
    }

    private static ChangeStatus? Refuse(MessageChange change, ChangeWindows windows, LockedChat chat, Judged judged)
    {
        if (chat.IsDeleted) return ChangeStatus.ChatDeleted;
        if (judged.Role is not { } role) return ChangeStatus.NotAMember;
        if (chat.IsBlocked && change.Kind != EventKinds.Deleted) return ChangeStatus.Blocked; // a deletion brings the other one nothing
        if (judged.AuthorId is not { } author) return ChangeStatus.MessageNotFound;

        bool isAuthor = author == change.ActorId;
        bool isChannel = chat.Kind == ChatKinds.Channel;
        if (isChannel && role != MemberRoles.Admin) return ChangeStatus.NotAllowed; // a reaction would name who reads to all others
        bool isGroup = isChannel || chat.Kind == ChatKinds.Group, isAdmin = isGroup && role == MemberRoles.Admin;
        ChangeStatus? refusal = change.Kind switch
        {
            EventKinds.Edited when !isAuthor || isGroup && role < chat.SendRole => ChangeStatus.NotAllowed, // a new text is writing
            EventKinds.Deleted when !isAuthor && !isAdmin => ChangeStatus.NotAllowed,
            EventKinds.Pinned or EventKinds.Unpinned when isGroup && !isAdmin => ChangeStatus.NotAllowed,
            _ => null,
        };
        if (refusal is not null) return refusal;
        if (judged.IsDeleted) return ChangeStatus.MessageDeleted;
        return change.Kind switch
        {
            EventKinds.Edited when judged.AgeSeconds > windows.Edit?.TotalSeconds => ChangeStatus.TooLate,
            EventKinds.Deleted when !isAdmin && judged.AgeSeconds > windows.Delete?.TotalSeconds => ChangeStatus.TooLate,
            EventKinds.Reaction when change.Text == "" && judged.OwnEvent is null => ChangeStatus.NothingThere,
            EventKinds.Unpinned when !judged.IsPinned => ChangeStatus.NothingThere,
            EventKinds.Reaction when IsOneEmojiTooMany(change, judged) => ChangeStatus.TooManyEmoji,
            _ => null,
        };
    }

    private static bool IsOneEmojiTooMany(MessageChange change, Judged judged)
    {
        if (change.Text is not { Length: > 0 } emoji) return false;
        Dictionary<string, int> counts = judged.ReadReactions();
        return counts.Count >= MaxEmoji && !counts.ContainsKey(emoji);
    }

    /// <summary>Whether there is nothing to be changed: two devices of one person do the same.</summary>
    private static bool IsSoAlready(MessageChange change, Judged judged) => change.Kind switch
    {
        EventKinds.Reaction => judged.OwnEvent is not null && (judged.OwnEmoji ?? "") == change.Text,
        EventKinds.Pinned => judged.IsPinned,
        _ => false,
    };

    private static async Task CountInAsync(ChatTransaction transaction, MessageChange change, Judged judged, long at, CancellationToken ct)
    {
        DateTime time = DateTimeOffset.FromUnixTimeMilliseconds(transaction.AtMs).UtcDateTime;
        string? emoji = change.Text is { Length: > 0 } set ? set : null;
        string? reactions = change.Kind == EventKinds.Reaction ? Recount(judged, emoji) : null;
        var values = new
        {
            chatId = change.ChatId,
            actorId = change.ActorId,
            authorId = judged.AuthorId!.Value,
            target = change.Sequence,
            at,
            time,
            timeMs = transaction.AtMs,
            emoji,
            reactions,
        };
        string[] statements = change.Kind switch
        {
            EventKinds.Edited => [MessageChangeSql.Edit, MessageChangeSql.NoteEdit],
            EventKinds.Deleted => [MessageChangeSql.Delete, MessageChangeSql.DropReactions, MessageChangeSql.LockFile, MessageChangeSql.DropFile],
            EventKinds.Reaction => [MessageChangeSql.React, MessageChangeSql.NoteReaction],
            EventKinds.Pinned => [MessageChangeSql.Pin],
            EventKinds.Unpinned => [MessageChangeSql.Unpin],
            _ => throw new ArgumentOutOfRangeException(nameof(change), change.Kind, "An event of this kind changes no message."),
        };
        foreach (string sql in statements) await transaction.ExecuteAsync(sql, values, ct);
    }

    private static string? Recount(Judged judged, string? emoji)
    {
        Dictionary<string, int> counts = judged.ReadReactions();
        if (judged.OwnEmoji is { } previous && --counts[previous] == 0) counts.Remove(previous);
        if (emoji is not null) counts[emoji] = counts.GetValueOrDefault(emoji) + 1;
        return counts.Count == 0 ? null : JsonSerializer.Serialize(counts, Json);
    }

    private sealed record Judged
    {
        public long? KnownSequence { get; init; }

        public short? KnownKind { get; init; }

        public long? KnownTarget { get; init; }

        public string? KnownText { get; init; }

        public long? KnownAtMs { get; init; }

        public short? Role { get; init; }

        public long? AuthorId { get; init; }

        public double? AgeSeconds { get; init; }

        public bool IsDeleted { get; init; }

        public bool IsPinned { get; init; }

        public string? Reactions { get; init; }

        public string? OwnEmoji { get; init; }

        public long? OwnEvent { get; init; }

        public bool HasLateMembers { get; init; }

        public Dictionary<string, int> ReadReactions() =>
            Reactions is null ? new(StringComparer.Ordinal) : JsonSerializer.Deserialize<Dictionary<string, int>>(Reactions)!;
    }
}
