using Chat.Domain.Limits;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Storage.Scheduled;

namespace Chat.Domain.Scheduled;

/// <summary>
/// Takes a message that is to be sent later, if it could be sent now. A retry with the same id gives the first one, whatever became of it
/// since.
/// </summary>
public sealed class ScheduleMessage(ScheduledStore store, SendMessage send, RequestLimits limits, MediaOptions media)
{
    public async Task<Result<ScheduledMessage>> ExecuteAsync(Caller caller, SendMessageInput input, DateTimeOffset dueAt, CancellationToken ct)
    {
        if (SendMessage.Judge(in input) is { } refused) return refused;
        if (limits.JudgeScheduled(caller) is { } limited) return limited;

        ScheduledContent message = ScheduledRules.ToStored(in input);
        long dueAtMs = dueAt.ToUnixTimeMilliseconds();
        NewScheduled wished = new(
            input.ChatId, input.ClientMessageId, ScheduledRules.Digest(input.ChatId, dueAtMs, message), dueAtMs, message);
        ScheduledAnswer? answer = await store.FindRepeatAsync(caller.PrincipalId, wished, ct); // asked about no file: that may be gone by now
        if (answer is null)
        {
            if (await send.JudgeNamedAsync(caller, input) is { } unknown) return unknown;
            answer = await store.ScheduleAsync(caller.PrincipalId, wished, ScheduledRules.Bounds(limits.Settings, media), ct);
        }

        return answer.Row is { } row
            ? ScheduledMessage.From(row)
            : ScheduledFailures.From(answer, input.ChatId, limits.Settings.OpenScheduled);
    }
}
