using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Signs the caller's device out: its refresh token dies, its sessions end. Doing it twice is no failure.</summary>
public sealed class SignOut(DeviceStore devices, DeviceRevocation revocation)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller)
    {
        await devices.RevokeAsync(caller.PrincipalId, caller.DeviceId, CancellationToken.None); // a caller that hangs up must not keep its live connections
        revocation.Cut(caller.PrincipalId, caller.DeviceId);
        return Done.Value;
    }
}
