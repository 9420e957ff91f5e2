using System.Globalization;
using Chat.Domain.Limits;
using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Lists the messages that mention one, in all one's chats, the newest first, read or not.</summary>
public sealed class ListMentions(MentionStore mentions, RequestLimits limits)
{
    public const int MaxLimit = 100;

    /// <param name="cursor">Null for the first page.</param>
    public async Task<Result<MentionPage>> ExecuteAsync(Caller caller, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? MaxLimit;
        if (count is < 1 or > MaxLimit) return Failures.PageLimit(count, MaxLimit);
        long? before = null;
        if (cursor is not null)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out long place))
                return Failures.Invalid("cursor", "cursor is none of this list: send next_cursor of the page before, or nothing.");
            before = place;
        }

        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;

        (IReadOnlyList<EventRow> messages, long? next) = await mentions.ListAsync(caller.PrincipalId, before, count, ct);
        return new MentionPage(messages, next?.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>A page of messages that mention somebody. It may hold fewer than asked for although there is a next one.</summary>
public sealed record MentionPage(IReadOnlyList<EventRow> Messages, string? NextCursor);
