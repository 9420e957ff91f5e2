namespace Chat.Domain.Messages;

/// <summary>Says where a message stands now: it is durable (D3).</summary>
public readonly record struct SentMessage(long ChatId, long Sequence, long CreatedAtMs);
