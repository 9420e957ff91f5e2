using Chat.Server.Diagnostics;

namespace Chat.Server.Media;

/// <summary>What is said of files that were taken unseen.</summary>
internal static partial class ScannerLog
{
    [LoggerMessage(
        EventId = EventIds.FileNotScanned, Level = LogLevel.Warning,
        Message = "clamd at {Address} is not there: a file is taken that it has not seen (Blobs:ClamdRequired is false)")]
    public static partial void NotScanned(ILogger logger, string address, Exception fault);
}
