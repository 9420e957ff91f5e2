using Chat.Domain.Limits;
using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>Pushes no more to the caller's device. Twice is no failure.</summary>
public sealed class RemovePush(PushStore store, RequestLimits limits)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        await store.RemoveAsync(caller.PrincipalId, caller.DeviceId, ct);
        return Done.Value;
    }
}
