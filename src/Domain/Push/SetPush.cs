using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>Says where the caller's device is reached when it is not connected. The same again changes nothing; another one replaces it.</summary>
public sealed class SetPush(PushStore store, IEnumerable<IPushTransport> transports, PushNews news, PushOptions options, RequestLimits limits)
{
    public async Task<Result<PushSubscription>> ExecuteAsync(Caller caller, PushInput input, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        if (!transports.Any(transport => transport.Kind == input.Transport))
        {
            return new Failure(
                ErrorCode.PushTransportOff, "This service does not push by that transport: ask GET /api/push which ones are on.", Field: "transport");
        }

        Result<NewSubscription> judged = PushRules.Judge(input, options.AllowPrivateAddresses);
        if (!judged.IsOk) return judged.Failure;
        if (await store.SetAsync(caller.PrincipalId, caller.DeviceId, judged.Value, ct) is not { } row) return Failures.AccountIsGone();
        news.IsWanted = true; // other nodes look now and then
        return PushSubscription.From(row);
    }
}
