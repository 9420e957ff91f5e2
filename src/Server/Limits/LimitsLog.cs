using Chat.Domain.Limits;
using Chat.Server.Diagnostics;

namespace Chat.Server.Limits;

internal static partial class LimitsLog
{
    [LoggerMessage(EventId = EventIds.LimitsChanged, Level = LogLevel.Information,
        Message = "Limits in force from now on: {Limits}; the newest stored one is of {ChangedAt}")]
    public static partial void Changed(ILogger log, LimitSettings limits, DateTimeOffset? changedAt);

    [LoggerMessage(EventId = EventIds.SettingNotUsable, Level = LogLevel.Warning,
        Message = "A setting stored in the database is left alone: {Fault} ./chat settings shows and changes them")]
    public static partial void NotUsable(ILogger log, string fault);

    [LoggerMessage(EventId = EventIds.SettingsNotRead, Level = LogLevel.Warning,
        Message = "The stored settings could not be read; those in force stay until the database answers again")]
    public static partial void NotRead(ILogger log, Exception fault);
}
