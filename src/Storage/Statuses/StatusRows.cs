namespace Chat.Storage.Statuses;

/// <summary>Numbers of the column <c>audience</c> of statuses. On disk and in REST: append, never edit.</summary>
public static class StatusAudiences
{
    public const short Contacts = 1;
    public const short ContactsExcept = 2;
    public const short Only = 3;
}

/// <summary>A status that is to be posted.</summary>
/// <param name="ClientStatusId">Made by the client: the key that makes a retry safe.</param>
/// <param name="Kind">1 text, 2 image, 3 video.</param>
/// <param name="Text">The text, or a caption.</param>
/// <param name="Background">Such as <c>#1F6F54</c>; of a text.</param>
/// <param name="Font">Of a text.</param>
/// <param name="File">Of an image or video.</param>
public sealed record NewStatus(Guid ClientStatusId, short Kind, string? Text, string? Background, short? Font, StatusFile? File);

/// <summary>The file of a status.</summary>
/// <param name="Media">All that is said of it, as JSON.</param>
/// <param name="ContentType">What its upload must have found.</param>
/// <param name="Bytes">Likewise.</param>
public sealed record StatusFile(Guid BlobId, string Media, string ContentType, long Bytes);

/// <summary>A status.</summary>
/// <param name="Media">Its file, as the JSON that was stored.</param>
/// <param name="IsSeen">Who asks has looked at it.</param>
public sealed record StatusRow(
    long Id, long AuthorId, short Kind, string? Text, string? Background, short? Font, string? Media, long CreatedAtMs, long ExpiresAtMs,
    bool IsSeen);

/// <summary>What a person shows to who asks.</summary>
/// <param name="Name">The person's own.</param>
/// <param name="OwnName">The name under which who asks keeps them, if there is one.</param>
/// <param name="Avatar">Null when there is none or who asks may not see it.</param>
/// <param name="Total">Statuses that who asks may see.</param>
/// <param name="Unseen">Those of them that they have not looked at.</param>
/// <param name="IsMuted">Who asks keeps them apart.</param>
/// <param name="NewestId">The newest of them.</param>
public sealed record StatusAuthorRow(
    long AuthorId, string Name, string? OwnName, string? Avatar, long Total, long Unseen, bool IsMuted, long NewestId, long NewestAtMs);

/// <summary>Somebody who has looked at a status.</summary>
public sealed record StatusViewerRow(long ViewerId, string Name, string? Avatar, long ViewedAtMs);

/// <param name="Total">All viewers that are shown.</param>
public sealed record StatusViewers(IReadOnlyList<StatusViewerRow> Viewers, long Total);

/// <summary>A look at a status.</summary>
/// <param name="IsNew">It was the first one of this viewer.</param>
/// <param name="IsTold">The author may know of it.</param>
public sealed record StatusLook(long AuthorId, long AuthorInbox, long ViewerInbox, bool IsNew, bool IsTold);

/// <summary>For whom a person's next statuses are. <paramref name="Audience"/> is a number of <see cref="StatusAudiences"/>.</summary>
/// <param name="Listed">Whom it names, ascending; empty with <see cref="StatusAudiences.Contacts"/>.</param>
public sealed record StatusPrivacyRow(short Audience, long[] Listed)
{
    /// <summary>For who reads a row by its columns: of an array the database's driver says only that it is one.</summary>
    public StatusPrivacyRow()
        : this(0, [])
    {
    }
}

/// <summary>What a reply to a status is judged by.</summary>
/// <param name="IsRetry">The sender's message of this id is stored already; nothing else matters then.</param>
/// <param name="IsVisible">The sender may see it, and did not post it.</param>
/// <param name="IsHere">The chat is the direct one of sender and author.</param>
/// <param name="Text">Empty when there is none.</param>
public sealed record StatusToAnswer(bool IsRetry, bool IsVisible, bool IsHere, short Kind, string Text);

/// <summary>What became of a change of statuses.</summary>
public enum StatusOutcome : byte
{
    Done,

    /// <summary>The caller posted, or may see, none with this id.</summary>
    NotFound,

    /// <summary>There is no such person.</summary>
    AuthorNotFound,

    /// <summary>The client's id was used for another status.</summary>
    IdReused,

    /// <summary>The person shows as many as may be.</summary>
    TooMany,

    /// <summary>The file is not the person's, not complete, not for a status, shown in another one, or over.</summary>
    FileNotFound,

    /// <summary>The file is of another type or size than was said.</summary>
    FileDiffers,

    /// <summary>A node of a version that knows no statuses runs still: it would store an answer without what it answers.</summary>
    OlderNode,
}
