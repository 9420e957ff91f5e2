using System.ComponentModel.DataAnnotations;
using Chat.Domain.Notices;
using Chat.Protocol.Codes;
using Chat.Storage.Notices;

namespace Chat.AdminApi.Rest.Notices;

/// <summary>One thing that happened to the caller (protocol-spec.md §8.21). What its kind does not have is null.</summary>
internal sealed record NoticeResource
{
    /// <summary>Names it among the caller's, whenever it is read.</summary>
    public required string Id { get; init; }

    /// <summary>What happened. A client shows no kind that it does not know.</summary>
    public required NoticeKind Kind { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether it is among what was read.</summary>
    public required bool Read { get; init; }

    /// <summary>Who did it; the caller, of a sign-in and a passkey.</summary>
    public required long ActorId { get; init; }

    /// <summary>The chat that it is about.</summary>
    public long? ChatId { get; init; }

    /// <summary>What the group or channel is called. Null for a direct chat, and for one that the caller is not in any more.</summary>
    public string? ChatName { get; init; }

    /// <summary>Of a mention, a reply and a reaction: the message's sequence. Of a role: that of the event.</summary>
    public long? Sequence { get; init; }

    /// <summary>The message as it is now, or its beginning with … at its end. Of a reaction it is the caller's own.</summary>
    public string? Text { get; init; }

    /// <summary>What the message is beside its text. Null for plain text.</summary>
    public ContentKind? Content { get; init; }

    /// <summary>Of a reaction.</summary>
    public string? Emoji { get; init; }

    /// <summary>The role that the caller was given.</summary>
    public MemberRole? Role { get; init; }

    /// <summary>The call that was missed.</summary>
    public long? CallId { get; init; }

    /// <summary>The device that was signed in.</summary>
    public long? DeviceId { get; init; }

    /// <summary>The passkey that was added.</summary>
    public long? PasskeyId { get; init; }

    /// <summary>What the device, or the passkey, was called.</summary>
    public string? Name { get; init; }

    public static NoticeResource From(Notice notice) => new()
    {
        Id = notice.Id,
        Kind = notice.Kind,
        At = DateTimeOffset.FromUnixTimeMilliseconds(notice.AtMs),
        Read = notice.IsRead,
        ActorId = notice.ActorId,
        ChatId = notice.ChatId,
        ChatName = notice.ChatName,
        Sequence = notice.Sequence,
        Text = notice.Text,
        Content = notice.Content,
        Emoji = notice.Emoji,
        Role = notice.Role,
        CallId = notice.Kind == NoticeKind.MissedCall ? notice.SubjectId : null,
        DeviceId = notice.Kind == NoticeKind.SignIn ? notice.SubjectId : null,
        PasskeyId = notice.Kind == NoticeKind.PasskeyAdded ? notice.SubjectId : null,
        Name = notice.Name,
    };

    public static Page<NoticeResource> From(NoticeList list) => new() { Items = [.. list.Notices.Select(From)], NextCursor = list.NextCursor };
}

/// <summary>How many notices are not read.</summary>
internal sealed record UnreadNoticesResource
{
    /// <summary>Of the newest hundred.</summary>
    public required int Count { get; init; }

    /// <summary>What happened up to then is read; the beginning of 1970 where nothing was yet.</summary>
    public required DateTimeOffset ReadUpTo { get; init; }

    public static UnreadNoticesResource From(UnreadNotices unread) =>
        new() { Count = unread.Count, ReadUpTo = DateTimeOffset.FromUnixTimeMilliseconds(unread.ReadUpToMs) };
}

/// <summary>How far the caller has read their notices.</summary>
internal sealed record NoticesReadBody
{
    /// <summary>The time of a notice; it and all before it are read. Later than now is now.</summary>
    [Required]
    public DateTimeOffset? UpTo { get; init; }
}
