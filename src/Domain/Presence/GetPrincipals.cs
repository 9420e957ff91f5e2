using Chat.Domain.Wire;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Framing;
using Chat.Storage.Accounts;

namespace Chat.Domain.Presence;

/// <summary>Names principals that share, or shared, a chat with the asker, and the asker; others are left out.</summary>
public sealed class GetPrincipals(PrincipalStore principals)
{
    public async Task<Result<IReadOnlyList<WirePrincipal>>> ExecuteAsync(
        Caller caller, IReadOnlyList<long> principalIds, CancellationToken ct)
    {
        if (principalIds.Count is < 1 or > ProtocolLimits.MaxPrincipalIds)
        {
            return Failures.Invalid(
                "principal_ids", $"principal_ids has {principalIds.Count} ids: send 1 to {ProtocolLimits.MaxPrincipalIds}.");
        }

        IReadOnlyList<PrincipalRow> rows = await principals.FindSharingChatAsync(caller.PrincipalId, principalIds, ct);
        return Result.Ok(rows.ToWire());
    }
}
