using Chat.Domain.Fanout;
using Chat.Domain.People;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Framing;
using Chat.Storage.Accounts;

namespace Chat.Domain.Presence;

/// <summary>
/// Replaces whose presence a session is told, and answers their present state (D12). Only principals that share a chat with the asker now are
/// watched; others are left out without a word. Who hides their presence from the asker is answered as offline and not watched.
/// </summary>
public sealed class WatchPresence(PrincipalStore principals, PresenceRegistry registry, PrivacyChanges privacy)
{
    private const int MaxRepeats = 3;

    public async Task<Result<IReadOnlyList<WirePresence>>> ExecuteAsync(
        Caller caller, ISubscriber session, IReadOnlyList<long> principalIds, CancellationToken ct)
    {
        if (principalIds.Count > ProtocolLimits.MaxWatched)
        {
            return Failures.Invalid(
                "principal_ids", $"principal_ids has {principalIds.Count} ids: send at most {ProtocolLimits.MaxWatched}, those on screen.");
        }

        // What is hidden while we read is not known to have been watched by those who hide it: then it is read again.
        List<PrincipalRow> shown;
        long generation;
        int repeats = 0;
        do
        {
            generation = privacy.Generation;
            shown = await FindAsync(caller, principalIds, ct);

            // Watched first and read then: a change in between is pushed and in the answer, never in neither.
            registry.Watch(session, [.. shown.Where(static row => row.ShowsPresence).Select(static row => row.Id)]);
        }
        while (generation != privacy.Generation && ++repeats < MaxRepeats);

        return Result.Ok<IReadOnlyList<WirePresence>>(shown.ConvertAll(
            row => row.ShowsPresence ? registry.Read(row.Id, row.LastSeenAtMs) : new WirePresence(row.Id, false)));
    }

    private async Task<List<PrincipalRow>> FindAsync(Caller caller, IReadOnlyList<long> principalIds, CancellationToken ct)
    {
        if (principalIds.Count == 0) return [];

        IReadOnlyList<PrincipalRow> rows = await principals.FindSharingChatAsync(caller.PrincipalId, principalIds, ct);
        return [.. rows.Where(static row => row.SharesNow)];
    }
}
