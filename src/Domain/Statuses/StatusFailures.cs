using Chat.Protocol.Codes;

namespace Chat.Domain.Statuses;

/// <summary>The failures of statuses, so that one fault has one wording.</summary>
internal static class StatusFailures
{
    /// <param name="field">The input field that names it.</param>
    public static Failure NotFound(string field) => new(
        ErrorCode.StatusNotFound, "There is no such status for you: it never was, is not for you, was deleted or its time is over.", Field: field);

    public static Failure TooMany(int most) => new(
        ErrorCode.TooManyStatuses, $"You show {most} statuses, which is as many as one may: delete some first, or wait until they are over.");
}
