using System.Globalization;
using Chat.Domain.Push;
using Chat.Server.Outside;

namespace Chat.Server.Push;

/// <summary>What all push services have in common in how they answer, or do not.</summary>
internal static class PushReplies
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Asks, and takes silence for an answer.</summary>
    public static async Task<PushAnswer> AskAsync(
        OutsideHttp http, HttpRequestMessage request, Func<OutsideAnswer, PushAnswer> read, CancellationToken ct)
    {
        try
        {
            return read(await http.SendAsync(request, ct));
        }
        catch (HttpRequestException fault) when (fault.InnerException is OutsideAddressException)
        {
            return new PushAnswer(PushOutcome.Refused, Reason: "its name leads into a private network");
        }
        catch (Exception fault) when (IsSilence(fault, ct))
        {
            return new PushAnswer(PushOutcome.Later, IsSilent: true);
        }
    }

    /// <summary>Whether the fault says that nothing was heard, and not that nobody listens any more.</summary>
    public static bool IsSilence(Exception fault, CancellationToken ct) =>
        fault is HttpRequestException or IOException || fault is OperationCanceledException && !ct.IsCancellationRequested;

    public static TimeSpan? RetryAfter(OutsideAnswer answer, TimeProvider time)
    {
        TimeSpan? wait = answer.RetryAfter?.Delta ?? answer.RetryAfter?.Date - time.GetUtcNow();
        return wait > LongestWait ? LongestWait : wait;
    }

    /// <summary>The status, for the log.</summary>
    public static string Name(OutsideAnswer answer) => answer.Status.ToString(CultureInfo.InvariantCulture);
}
