using System.ComponentModel.DataAnnotations;
using Chat.AdminApi.Rest.Messages;
using Chat.Domain.Scheduled;
using Chat.Protocol.Codes;

namespace Chat.AdminApi.Rest.Scheduled;

/// <summary>What a scheduled message says.</summary>
internal sealed record ScheduledWordsResource
{
    /// <summary>The text, as of a message that is sent at once.</summary>
    [Required]
    public string? Text { get; init; }

    /// <summary>Sequence of the message of this chat that is answered.</summary>
    public WholeNumber? ReplyTo { get; init; }

    /// <summary>What it is beside its text; none for plain text.</summary>
    public MessageContentResource? Content { get; init; }

    public ScheduledWords ToWords() => new(Text ?? "", ReplyTo?.Value, Content?.ToWire());

    public static ScheduledWordsResource From(ScheduledWords words) => new()
    {
        Text = words.Text,
        ReplyTo = words.ReplyTo is { } sequence ? new WholeNumber(sequence) : null,
        Content = words.Content is { } content ? MessageContentResource.From(content) : null,
    };
}

/// <summary>A message to be sent later (protocol-spec.md §8.14).</summary>
internal sealed record NewScheduledBody
{
    /// <summary>A random UUID made by the caller; a retry with the same one is safe. The message has it when it is sent.</summary>
    [Required]
    public Guid? ClientMessageId { get; init; }

    /// <summary>When it is to be sent: 10 seconds to 366 days from now.</summary>
    [Required]
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>What it says.</summary>
    [Required]
    public ScheduledWordsResource? Message { get; init; }
}

/// <summary>A change of a scheduled message. What is left out stays as it is.</summary>
internal sealed record ScheduledChangeBody
{
    /// <summary>When it is to be sent.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>What it says, all of it.</summary>
    public ScheduledWordsResource? Message { get; init; }

    /// <summary>The version that the caller has seen: a change from elsewhere since is not overwritten. Left out: any.</summary>
    public int? Version { get; init; }
}

/// <summary>A scheduled message.</summary>
internal sealed record ScheduledResource
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>Where it goes.</summary>
    public required long ChatId { get; init; }

    /// <summary>The id that the message has when it is sent.</summary>
    public required Guid ClientMessageId { get; init; }

    /// <summary>Where it stands.</summary>
    public required ScheduledState State { get; init; }

    /// <summary>When it is to be sent.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it was scheduled.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When something of it changed last.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Grows with every change.</summary>
    public required int Version { get; init; }

    /// <summary>What it says. Null once it was sent or cancelled.</summary>
    public ScheduledWordsResource? Message { get; init; }

    /// <summary>Of one that failed, why: the name of an error code.</summary>
    public string? Reason { get; init; }

    /// <summary>Of one that was sent: its sequence in the chat.</summary>
    public long? Sequence { get; init; }

    public static ScheduledResource From(ScheduledMessage message) => new()
    {
        Id = message.Id,
        ChatId = message.ChatId,
        ClientMessageId = message.ClientMessageId,
        State = message.State,
        DueAt = DateTimeOffset.FromUnixTimeMilliseconds(message.DueAtMs),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(message.CreatedAtMs),
        ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(message.ChangedAtMs),
        Version = message.Version,
        Message = message.Words is { } words ? ScheduledWordsResource.From(words) : null,
        Reason = message.Reason is { } reason ? ErrorCodes.Name(reason) : null,
        Sequence = message.Sequence,
    };

    public static Page<ScheduledResource> From(ScheduledPage page) =>
        new() { Items = [.. page.Messages.Select(From)], NextCursor = page.NextCursor };
}
