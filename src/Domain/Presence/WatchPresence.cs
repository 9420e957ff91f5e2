using Chat.Domain.Fanout;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Framing;
using Chat.Storage.Accounts;

namespace Chat.Domain.Presence;

/// <summary>
/// Replaces whose presence a session is told, and answers their present state (D12). Only principals that share a chat with the asker now are
/// watched; others are left out without a word.
/// </summary>
public sealed class WatchPresence(PrincipalStore principals, PresenceRegistry registry)
{
    public async Task<Result<IReadOnlyList<WirePresence>>> ExecuteAsync(
        Caller caller, ISubscriber session, IReadOnlyList<long> principalIds, CancellationToken ct)
    {
        if (principalIds.Count > ProtocolLimits.MaxWatched)
        {
            return Failures.Invalid(
                "principal_ids", $"principal_ids has {principalIds.Count} ids: send at most {ProtocolLimits.MaxWatched}, those on screen.");
        }

        List<PrincipalRow> shown = [];
        if (principalIds.Count > 0)
        {
            foreach (PrincipalRow row in await principals.FindSharingChatAsync(caller.PrincipalId, principalIds, ct))
            {
                if (row.SharesNow) shown.Add(row);
            }
        }

        // Watched first and read then: a change in between is pushed and in the answer, never in neither.
        registry.Watch(session, shown.ConvertAll(static row => row.Id));
        return Result.Ok<IReadOnlyList<WirePresence>>(shown.ConvertAll(row => registry.Read(row.Id, row.LastSeenAtMs)));
    }
}
