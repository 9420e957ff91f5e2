using Chat.Domain.Limits;
using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>
/// Changes who sees what of the caller. Who watches their presence and may no longer is told that they are offline, on every node;
/// the caller's devices learn of it from the inbox.
/// </summary>
public sealed class UpdatePrivacy(ProfileStore profiles, RequestLimits limits, PrivacyChanges changes)
{
    /// <param name="caller">Whose privacy.</param>
    /// <param name="lastSeen">Null leaves it as it is, as for the others.</param>
    /// <param name="profilePhoto">Who sees the avatar.</param>
    /// <param name="about">Who sees the text about them.</param>
    /// <param name="readReceipts">Whether others learn what they have read.</param>
    /// <param name="calls">Whose calls ring; from the next one on.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Result<Privacy>> ExecuteAsync(
        Caller caller, Audience? lastSeen, Audience? profilePhoto, Audience? about, bool? readReceipts, Audience? calls, CancellationToken ct)
    {
        if (await profiles.FindPrivacyAsync(caller.PrincipalId, ct) is not { } row) return Failures.AccountIsGone();

        Privacy present = Privacy.From(row);
        Privacy wanted = new(
            lastSeen ?? present.LastSeen, profilePhoto ?? present.ProfilePhoto, about ?? present.About, readReceipts ?? present.ReadReceipts,
            calls ?? present.Calls);
        if (Judge(wanted) is { } refused) return refused;
        if (wanted == present) return present;
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;

        PrivacyChange change = new((short?)lastSeen, (short?)profilePhoto, (short?)about, readReceipts, (short?)calls);
        await profiles.SetPrivacyAsync(caller.PrincipalId, change, ct);
        await changes.AnnounceAsync([caller.PrincipalId]);
        return await profiles.FindPrivacyAsync(caller.PrincipalId, ct) is { } stored ? Privacy.From(stored) : Failures.AccountIsGone();
    }

    private static Failure? Judge(Privacy privacy)
    {
        (Audience Audience, string Field)[] audiences =
            [(privacy.LastSeen, "last_seen"), (privacy.ProfilePhoto, "profile_photo"), (privacy.About, "about"), (privacy.Calls, "calls")];
        foreach ((Audience audience, string field) in audiences)
        {
            if (audience is < Audience.Everyone or > Audience.Nobody)
                return Failures.Invalid(field, $"{field} is {(int)audience}: send everyone, contacts or nobody.");
        }

        return null;
    }
}
