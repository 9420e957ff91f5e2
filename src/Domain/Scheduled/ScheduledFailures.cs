using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Storage.ChatLog;
using Chat.Storage.Scheduled;

namespace Chat.Domain.Scheduled;

/// <summary>The failures of scheduled messages, so that one fault has one wording.</summary>
internal static class ScheduledFailures
{
    public static Failure NotFound() =>
        new(ErrorCode.MessageNotFound, "You have no such scheduled message: check id, or list those that you have.", Field: "id");

    /// <param name="answer">Any but <see cref="ScheduledStatus.Done"/>, which is no failure.</param>
    /// <param name="most">Scheduled messages that a person may have.</param>
    public static Failure From(ScheduledAnswer answer, long chatId, int most) => answer.Status switch
    {
        ScheduledStatus.NotFound => NotFound(),
        ScheduledStatus.SenderNotFound => Failures.AccountIsGone(),
        ScheduledStatus.IdReused => Failures.ClientMessageIdReused(),
        ScheduledStatus.TimeOutOfRange => new Failure(
            ErrorCode.ScheduleTimeInvalid,
            "due_at is not between 10 seconds and 366 days from now, by the server's clock: send the message at once instead, or choose another time.",
            Field: "due_at"),
        ScheduledStatus.TooMany => new Failure(
            ErrorCode.TooManyScheduled,
            $"You have {most} scheduled messages, which is as many as one may, those that failed included: cancel some first."),
        ScheduledStatus.FileNotFound => MediaFailures.NotFound(),
        ScheduledStatus.NotChangeable => new Failure(
            ErrorCode.NotChangeable,
            "The message is being sent, was sent or cancelled, or was changed elsewhere meanwhile: read it again.",
            Field: "id"),
        ScheduledStatus.Refused => SendMessage.Refuse(new AppendOutcome(answer.Refusal, 0, 0, TimeSpan.Zero), chatId),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer.Status, "This answer is no failure."),
    };
}
