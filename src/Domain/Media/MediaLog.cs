using Chat.Protocol.Codes;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Media;

/// <summary>Who uploaded, read and deleted what. No file name: it is a person's text.</summary>
internal static partial class MediaLog
{
    [LoggerMessage(
        EventId = EventIds.BlobStored, Level = LogLevel.Information,
        Message = "File {Blob} of principal {Owner} is stored: {Type}, {Bytes} bytes")]
    public static partial void Stored(ILogger logger, Guid blob, long owner, string type, long bytes);

    [LoggerMessage(
        EventId = EventIds.BlobRefused, Level = LogLevel.Information, Message = "File {Blob} of principal {Owner} is not taken: {Code}")]
    public static partial void Refused(ILogger logger, Guid blob, long owner, ErrorCode code);

    [LoggerMessage(
        EventId = EventIds.BlobVirusFound, Level = LogLevel.Warning,
        Message = "File {Blob} of principal {Owner} is not taken: {Virus} in it")]
    public static partial void VirusFound(ILogger logger, Guid blob, long owner, string virus);

    [LoggerMessage(EventId = EventIds.BlobDeleted, Level = LogLevel.Information, Message = "File {Blob} was deleted by principal {By}")]
    public static partial void Deleted(ILogger logger, Guid blob, long by);

    [LoggerMessage(EventId = EventIds.BlobLinked, Level = LogLevel.Information, Message = "File {Blob}: principal {To} got a link")]
    public static partial void Linked(ILogger logger, Guid blob, long to);

    [LoggerMessage(
        EventId = EventIds.BlobNotErased, Level = LogLevel.Warning,
        Message = "The blob store could not delete {Object}; it is tried again")]
    public static partial void NotErased(ILogger logger, Guid @object, Exception fault);

    [LoggerMessage(
        EventId = EventIds.BlobMissing, Level = LogLevel.Error,
        Message = "File {Blob} is stored, and the blob store has no {Object}: is a folder not shared, or not restored?")]
    public static partial void Missing(ILogger logger, Guid blob, Guid @object);
}
