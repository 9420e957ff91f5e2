using Chat.Storage.Chats;

namespace Chat.AdminApi.Rest.Chats;

/// <summary>How long a chat is to be muted.</summary>
internal sealed record MuteBody
{
    /// <summary>Until when; left out: for ever.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>In which theme one sees a chat.</summary>
internal sealed record ThemeBody
{
    /// <summary>The name of a theme: 1 to 32 of a to z, 0 to 9 and '-'; left out: the chat's own.</summary>
    public string? Theme { get; init; }
}

/// <summary>How much of a chat's history is to go.</summary>
internal sealed record ClearBody
{
    /// <summary>The last sequence that goes; left out: all there is.</summary>
    public WholeNumber? UpTo { get; init; }
}

/// <summary>What one began to write.</summary>
internal sealed record DraftBody
{
    /// <summary>What is written so far; empty takes the draft away.</summary>
    public string? Text { get; init; }

    /// <summary>Sequence of the message that is to be answered.</summary>
    public WholeNumber? ReplyTo { get; init; }
}

/// <summary>What a chat is to the caller alone.</summary>
internal sealed record OwnSettingsResource
{
    /// <summary>It is in the archive.</summary>
    public required bool Archived { get; init; }

    /// <summary>It stands above the others.</summary>
    public required bool Pinned { get; init; }

    /// <summary>It was marked as unread, and nothing of it was read since.</summary>
    public required bool MarkedUnread { get; init; }

    /// <summary>Nothing of it is notified until then; the end of the year 9999 is for ever. Null: it is not muted.</summary>
    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>The caller's own theme.</summary>
    public string? Theme { get; init; }

    /// <summary>The caller cleared the history up to this sequence; 0 for nothing.</summary>
    public required long ClearedUpTo { get; init; }

    /// <summary>What the caller began to write.</summary>
    public DraftResource? Draft { get; init; }

    public static OwnSettingsResource From(ChatRow row) => new()
    {
        Archived = row.Own?.IsArchived ?? false,
        Pinned = row.Own?.IsPinned ?? false,
        MarkedUnread = row.IsMarkedUnread,
        MutedUntil = row.Own?.MutedUntilMs is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null,
        Theme = row.Own?.Theme,
        ClearedUpTo = row.Own?.ClearedUpTo ?? 0,
        Draft = row.Own?.Draft is { } draft ? new DraftResource { Version = draft.Version, Text = draft.Text, ReplyTo = draft.ReplyTo } : null,
    };
}

/// <summary>A draft.</summary>
internal sealed record DraftResource
{
    /// <summary>Grows with every change; the highest is the present draft.</summary>
    public required long Version { get; init; }

    /// <summary>What is written so far.</summary>
    public required string Text { get; init; }

    /// <summary>Sequence of the message that is to be answered.</summary>
    public long? ReplyTo { get; init; }
}
