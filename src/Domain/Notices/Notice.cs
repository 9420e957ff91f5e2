using System.Globalization;
using Chat.Domain.Messages;
using Chat.Domain.Push;
using Chat.Protocol.Codes;
using Chat.Storage.Notices;

namespace Chat.Domain.Notices;

/// <summary>One thing that happened to somebody, as their list shows it (protocol-spec.md §8.21).</summary>
/// <param name="Id">Names it among the person's: the same thing has the same one whenever it is read.</param>
/// <param name="AtMs">Unix milliseconds.</param>
/// <param name="ActorId">Who did it; the person, of what their own account did.</param>
public sealed record Notice(string Id, NoticeKind Kind, long AtMs, bool IsRead, long ActorId)
{
    /// <summary>As much of a text as a notice shows, as JSON has it.</summary>
    internal const int MaxTextBytes = 600;

    public long? ChatId { get; init; }

    /// <summary>Of a group or channel that the person is in now.</summary>
    public string? ChatName { get; init; }

    /// <summary>Of the message, or of the event that changed the role.</summary>
    public long? Sequence { get; init; }

    /// <summary>The beginning of the message as it is now; null where it has none.</summary>
    public string? Text { get; init; }

    /// <summary>What the message is beside its text; null for plain text.</summary>
    public ContentKind? Content { get; init; }

    /// <summary>How somebody reacted.</summary>
    public string? Emoji { get; init; }

    /// <summary>The role that the person was given.</summary>
    public MemberRole? Role { get; init; }

    /// <summary>The call, the device or the passkey.</summary>
    public long? SubjectId { get; init; }

    /// <summary>What the device or the passkey is called.</summary>
    public string? Name { get; init; }

    internal static Notice From(NoticeRow row, long readUpToMs)
    {
        ContentKind? content = row.Message?.Details?.Content is { } json ? ContentJson.Read(json).Kind : null;
        return new Notice(IdOf(row), row.Kind, row.AtMs, row.AtMs <= readUpToMs, row.ActorId)
        {
            ChatId = row.ChatId,
            ChatName = row.ChatName,
            Sequence = row.Sequence,
            Text = row.Message?.Text is { Length: > 0 } text ? PushText.Cut(text, MaxTextBytes) : null,
            Content = content == ContentKind.Text ? null : content,
            Emoji = row.Kind == NoticeKind.Reaction ? row.Text : null,
            Role = (MemberRole?)row.Role,
            SubjectId = row.SubjectId,
            Name = row.Kind == NoticeKind.Reaction ? null : row.Text,
        };
    }

    /// <summary>One person's reaction to a message is one notice, though they take another emoji.</summary>
    private static string IdOf(NoticeRow row) => row.Source switch
    {
        NoticeSource.Inbox => string.Create(CultureInfo.InvariantCulture, $"inbox-{row.Key.First}"),
        NoticeSource.Mentions => string.Create(CultureInfo.InvariantCulture, $"mention-{row.ChatId}-{row.Sequence}"),
        NoticeSource.Replies => string.Create(CultureInfo.InvariantCulture, $"reply-{row.ChatId}-{row.Sequence}"),
        NoticeSource.Reactions => string.Create(CultureInfo.InvariantCulture, $"reaction-{row.ChatId}-{row.Sequence}-{row.ActorId}"),
        NoticeSource.Roles => string.Create(CultureInfo.InvariantCulture, $"role-{row.ChatId}-{row.Sequence}"),
        _ => throw new ArgumentOutOfRangeException(nameof(row), row.Source, "Notices of this source have no name."),
    };
}
