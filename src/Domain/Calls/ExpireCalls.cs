using Chat.Storage.Calls;

namespace Chat.Domain.Calls;

/// <summary>
/// Ends what is over by time: calls that nobody answered, participants that were lost or may not be there any more. By the deadlines in the
/// database and its clock, so on any node and however many do it at once.
/// </summary>
public sealed class ExpireCalls(CallStore store)
{
    public async Task ExecuteAsync(CancellationToken ct)
    {
        while (await store.ExpireAsync(ct) >= CallStore.DueAtOnce) ct.ThrowIfCancellationRequested();
    }
}
