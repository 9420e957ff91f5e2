using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Chat.Domain.Messages;
using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.AdminApi.Rest.Messages;

/// <summary>A message to be sent.</summary>
internal sealed record NewMessageBody
{
    /// <summary>A random UUID made by the caller; a retry with the same one is safe and gives the same message.</summary>
    [Required]
    public Guid? ClientMessageId { get; init; }

    /// <summary>The text, 1 to 16,384 bytes of UTF-8, without U+0000; with a content other than text it may be empty.</summary>
    [Required]
    public string? Text { get; init; }

    /// <summary>Sequence of the message of this chat that is answered.</summary>
    public WholeNumber? ReplyTo { get; init; }

    /// <summary>What it is beside its text; none for plain text.</summary>
    public MessageContentResource? Content { get; init; }
}

/// <summary>A watermark to be raised.</summary>
internal sealed record UpToBody
{
    /// <summary>The highest sequence concerned; all lower ones are included. Beyond the head it means the head.</summary>
    [Required]
    public WholeNumber? UpTo { get; init; }
}

/// <summary>Whether the caller types.</summary>
internal sealed record TypingBody
{
    /// <summary>True while typing; repeat every 3 seconds. False when it stops.</summary>
    [Required]
    public bool? Active { get; init; }
}

/// <summary>Where a sent message stands.</summary>
internal sealed record SentResource
{
    /// <summary>The chat's id.</summary>
    public required long ChatId { get; init; }

    /// <summary>The message's sequence in the chat.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public static SentResource From(SentMessage sent) => new()
    {
        ChatId = sent.ChatId,
        Sequence = sent.Sequence,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(sent.CreatedAtMs),
    };
}

/// <summary>One entry of a chat's log.</summary>
internal sealed record EventResource
{
    /// <summary>The chat's id.</summary>
    public required long ChatId { get; init; }

    /// <summary>The entry's number in the chat; dense, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>What happened.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>Who did it.</summary>
    public required long SenderId { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A message's client message id.</summary>
    public Guid? ClientMessageId { get; init; }

    /// <summary>Sequence of the message that a message answers, or that an edit, deletion, reaction or pin is about.</summary>
    public long? ReplyTo { get; init; }

    /// <summary>
    /// A message's text as it is now, or the group's name where it was given or changed, or the emoji of a reaction (empty: taken back).
    /// Of a deleted message a placeholder.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>The member whom a change of members concerns.</summary>
    public long? SubjectId { get; init; }

    /// <summary>That member's role.</summary>
    public MemberRole? Role { get; init; }

    /// <summary>What a reaction replaced or took back.</summary>
    public string? Previous { get; init; }

    /// <summary>What became of a message since it was sent; null for nothing.</summary>
    public MessageChangesResource? Changes { get; init; }

    /// <summary>What a message is beside its text; null for plain text.</summary>
    public MessageContentResource? Content { get; init; }

    public static EventResource From(EventRow row) => new()
    {
        ChatId = row.ChatId,
        Sequence = row.Sequence,
        Kind = (EventKind)row.Kind,
        SenderId = row.SenderId,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
        ClientMessageId = row.ClientMessageId,
        ReplyTo = row.ReplyTo,
        Text = row.Details?.Changes?.DeletedAtMs is null ? row.Text : DeleteMessage.Placeholder,
        SubjectId = row.SubjectId,
        Role = (MemberRole?)row.Role,
        Previous = row.Details?.Previous,
        Changes = row.Details?.Changes is { } changes ? MessageChangesResource.From(changes) : null,
        Content = row.ToWire().Content is { } content ? MessageContentResource.From(content) : null,
    };
}

/// <summary>A page of a chat's log, ascending by sequence.</summary>
internal sealed record EventPage
{
    /// <summary>The events that the caller may see.</summary>
    public required IReadOnlyList<EventResource> Items { get; init; }

    /// <summary>Give it back as the parameter that was used (none counts as before). Null at the end of that direction.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Identity of the numbering.</summary>
    public required long Epoch { get; init; }

    /// <summary>Newest sequence that the caller may see.</summary>
    public required long HeadSequence { get; init; }

    /// <summary>With coversTo, both included: between these the caller now holds everything it may see.</summary>
    public required long CoversFrom { get; init; }

    /// <summary>An empty range has coversFrom = coversTo + 1.</summary>
    public required long CoversTo { get; init; }

    /// <summary>Whether there is more in the direction asked for.</summary>
    public required bool HasMore { get; init; }

    public static EventPage From(HistoryPage page, bool ascending) => new()
    {
        Items = [.. page.Events.Select(EventResource.From)],
        NextCursor = page.HasMore ? (ascending ? page.CoversTo : page.CoversFrom).ToString(CultureInfo.InvariantCulture) : null,
        Epoch = page.Epoch,
        HeadSequence = page.HeadSequence,
        CoversFrom = page.CoversFrom,
        CoversTo = page.CoversTo,
        HasMore = page.HasMore,
    };
}
