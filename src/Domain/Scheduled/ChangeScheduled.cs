using Chat.Domain.Limits;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Storage.Scheduled;

namespace Chat.Domain.Scheduled;

/// <summary>
/// Changes when one of the caller's scheduled messages is due, or what it says, or makes it due now; as long as nobody sends it. One that
/// failed waits again. What is so already is no failure: the reply to the first request may have been lost.
/// </summary>
public sealed class ChangeScheduled(ScheduledStore store, SendMessage send, RequestLimits limits, MediaOptions media)
{
    /// <param name="dueAt">Null: as before.</param>
    /// <param name="words">Null: as before.</param>
    /// <param name="version">The version that the caller has seen, so that a change from elsewhere is not lost; null for any.</param>
    public async Task<Result<ScheduledMessage>> ExecuteAsync(
        Caller caller, long id, DateTimeOffset? dueAt, ScheduledWords? words, int? version, CancellationToken ct)
    {
        if (dueAt is null && words is null) return Failures.Invalid("due_at", "Nothing is to be changed: send due_at, message, or both.");
        if (limits.JudgeScheduled(caller) is { } limited) return limited;
        if (await store.FindAsync(caller.PrincipalId, id, ct) is not { } present) return ScheduledFailures.NotFound();

        ScheduledContent? message = null;
        if (words is not null)
        {
            SendMessageInput input = new(present.ChatId, present.ClientMessageId, words.Text, words.ReplyTo, words.Content);
            if ((SendMessage.Judge(in input) ?? await send.JudgeNamedAsync(caller, input)) is { } refused) return refused;
            message = ScheduledRules.ToStored(in input);
        }

        ScheduledChange wished = new(version, dueAt?.ToUnixTimeMilliseconds(), message);
        return Conclude(
            await store.ChangeAsync(caller.PrincipalId, id, wished, ScheduledRules.Bounds(limits.Settings, media), ct), present.ChatId);
    }

    /// <summary>Makes it due now: it is sent within seconds, and in its turn.</summary>
    public async Task<Result<ScheduledMessage>> SendNowAsync(Caller caller, long id, CancellationToken ct)
    {
        if (limits.JudgeScheduled(caller) is { } limited) return limited;
        if (await store.FindAsync(caller.PrincipalId, id, ct) is not { } present) return ScheduledFailures.NotFound();
        return Conclude(await store.SendNowAsync(caller.PrincipalId, id, ct), present.ChatId);
    }

    private Result<ScheduledMessage> Conclude(ScheduledAnswer answer, long chatId) => answer.Row is { } row
        ? ScheduledMessage.From(row)
        : ScheduledFailures.From(answer, chatId, limits.Settings.OpenScheduled);
}
