using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Signs all devices of the caller out, the one that asks included.</summary>
public sealed class SignOutEverywhere(DeviceStore devices, DeviceRevocation revocation)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, CancellationToken ct)
    {
        IReadOnlyList<long> revoked = await devices.RevokeAllAsync(caller.PrincipalId, ct);
        revocation.CutAll(caller.PrincipalId, revoked);
        return Done.Value;
    }
}
