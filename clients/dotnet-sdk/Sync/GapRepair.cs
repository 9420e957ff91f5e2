using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Connection;

namespace Chat.Sdk.Sync;

/// <summary>Reads what is missing of a log, page by page, as fast as the app reads. A few logs at a time, so that messages get through.</summary>
#pragma warning disable CA1001 // a semaphore whose wait handle is not asked for holds nothing to give back
internal sealed class GapRepair(ChatSync sync, Backoff backoff, TimeProvider time)
#pragma warning restore CA1001
{
    private const int MaxConcurrent = 8;

    /// <summary>Empty pages in a row until the gap is given up; with the back-off between them this takes some seconds.</summary>
    private const int MaxStalls = 5;

    private readonly SemaphoreSlim _slots = new(MaxConcurrent);

    /// <summary>Starts the repair of a log that the caller has marked with <paramref name="session"/>.</summary>
    public void Start(ChatLog log, WireSession session) => _ = RunAsync(log, session);

    private async Task RunAsync(ChatLog log, WireSession session)
    {
        await Task.Yield(); // the caller holds the gate
        int failures = 0;
        try
        {
            while (true)
            {
                RepairStep step;
                await sync.WaitForRoomAsync(log, session.Ended).ConfigureAwait(false);
                try
                {
                    step = await StepAsync(log, session).ConfigureAwait(false);
                }
                catch (ChatException refused) when (refused.Code == (int)ErrorCode.ChatNotFound)
                {
                    sync.Forget(log.ChatId);
                    return;
                }
                catch (ChatException refused)
                {
                    await PauseAsync(refused.RetryAfter ?? backoff.Next(failures++), session).ConfigureAwait(false);
                    continue;
                }

                if (step == RepairStep.Done) return;

                if (step == RepairStep.Continue)
                {
                    failures = 0;
                }
                else if (log.Stalls >= MaxStalls)
                {
                    sync.SkipGap(log, session);
                    return;
                }
                else
                {
                    await PauseAsync(backoff.Next(failures++), session).ConfigureAwait(false);
                }
            }
        }
        catch (Exception over) when (over is ConnectionLostException or OperationCanceledException)
        {
            sync.AbandonRepair(log, session); // the next welcome says how far the log is
        }
    }

    private async Task<RepairStep> StepAsync(ChatLog log, WireSession session)
    {
        await _slots.WaitAsync(session.Ended).ConfigureAwait(false);
        try
        {
            long target = log.Target; // before the page is asked for: what is heard of later may not be in it
            var request = new GetHistoryRequest(log.ChatId, After: log.Sequence, Limit: ProtocolLimits.MaxHistoryLimit);
            HistoryReply page = await session.CallAsync<GetHistoryRequest, HistoryReply>(in request).ConfigureAwait(false);
            return sync.TakePage(log, session, in page, target);
        }
        finally
        {
            _slots.Release();
        }
    }

    private Task PauseAsync(TimeSpan pause, WireSession session) => Task.Delay(pause, time, session.Ended);
}
