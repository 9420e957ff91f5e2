using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Signs one of the caller's devices out, on every node. One that is not signed in, or not the caller's, is left as it is: no failure.</summary>
public sealed class SignOutDevice(DeviceStore devices, DeviceRevocation revocation)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long deviceId)
    {
        // A caller that hangs up must not keep the connections of a device that is signed out.
        if (await devices.RevokeAsync(caller.PrincipalId, deviceId, CancellationToken.None)) revocation.Cut(caller.PrincipalId, deviceId);
        return Done.Value;
    }
}
