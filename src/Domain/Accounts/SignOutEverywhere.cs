using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Signs all devices of the caller out, the one that asks included.</summary>
public sealed class SignOutEverywhere(DeviceStore devices, DeviceRevocation revocation)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller)
    {
        IReadOnlyList<long> revoked = await devices.RevokeAllAsync(caller.PrincipalId, CancellationToken.None); // a caller that hangs up must not keep its live connections
        revocation.CutAll(caller.PrincipalId, revoked);
        return Done.Value;
    }
}
