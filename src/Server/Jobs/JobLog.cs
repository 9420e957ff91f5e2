using Chat.Server.Diagnostics;

namespace Chat.Server.Jobs;

internal static partial class JobLog
{
    [LoggerMessage(EventId = EventIds.JobDone, Level = LogLevel.Debug, Message = "Job {Job} is done: {Outcome}")]
    public static partial void Done(ILogger log, string job, string outcome);

    [LoggerMessage(EventId = EventIds.JobFailed, Level = LogLevel.Error,
        Message = "Job {Job} failed; it is due again soon, on whatever node")]
    public static partial void Failed(ILogger log, Exception fault, string job);

    [LoggerMessage(EventId = EventIds.JobLeaseLost, Level = LogLevel.Warning,
        Message = "Job {Job} was stopped: its lease could not be renewed, and another node may run it")]
    public static partial void LeaseLost(ILogger log, string job);

    [LoggerMessage(EventId = EventIds.JobsNotRead, Level = LogLevel.Warning,
        Message = "The jobs could not be looked through; it is tried again until the database answers")]
    public static partial void NotRead(ILogger log, Exception fault);

    [LoggerMessage(EventId = EventIds.ScheduledNotClaimed, Level = LogLevel.Warning,
        Message = "Scheduled messages could not be looked through; it is tried again until the database answers")]
    public static partial void ScheduledNotClaimed(ILogger log, Exception fault);

    [LoggerMessage(EventId = EventIds.NotPushed, Level = LogLevel.Warning,
        Message = "Those who are away could not be told all that is new; what was not told is tried again until the database answers, as far as it can be noted")]
    public static partial void NotPushed(ILogger log, Exception fault);
}
