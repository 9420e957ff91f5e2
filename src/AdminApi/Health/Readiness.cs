using System.Collections.Concurrent;
using Chat.AdminApi.Rest;
using Microsoft.Extensions.Logging;

namespace Chat.AdminApi.Health;

/// <summary>Asks every <see cref="IReadyCheck"/> at the same time, none longer than two seconds, and adds the remarks. Thread-safe.</summary>
internal sealed class Readiness(
    IEnumerable<IReadyCheck> checks, IEnumerable<IReadyRemark> remarks, TimeProvider time, ILogger<Readiness> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IReadyCheck[] _checks = [.. checks];

    /// <summary>What the log was told last, by check: balancers ask every second or two, and a fault may last.</summary>
    private readonly ConcurrentDictionary<string, string> _told = new();

    public async Task<ReadyAnswer> AskAsync(CancellationToken ct)
    {
        CheckAnswer[] answers = await Task.WhenAll(_checks.Select(check => AskAsync(check, ct)));
        bool ready = Array.TrueForAll(answers, answer => answer.Fault is null);
        return new ReadyAnswer { Status = ready ? "ready" : "not_ready", Checks = answers, Remarks = FindRemarks() };
    }

    private List<RemarkAnswer> FindRemarks()
    {
        List<RemarkAnswer> found = [];
        foreach (IReadyRemark part in remarks)
        {
            if (part.FindRemark() is { } remark) found.Add(new RemarkAnswer { Name = part.Name, Remark = remark });
        }

        return found;
    }

    private async Task<CheckAnswer> AskAsync(IReadyCheck check, CancellationToken ct)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        string? fault;
        Exception? reason = null;
        try
        {
            fault = await check.FindFaultAsync(both.Token).AsTask().WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            fault = "no answer in time";
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            (fault, reason) = ("failed", exception);
        }

        Tell(check.Name, fault, reason);
        return new CheckAnswer { Name = check.Name, Fault = fault };
    }

    private void Tell(string check, string? fault, Exception? reason)
    {
        if (fault is null) _told.TryRemove(check, out _);
        else if (_told.GetValueOrDefault(check) != fault)
            BoundaryLog.ReadyCheckFailed(logger, check, _told[check] = fault, reason);
    }
}
