using Chat.Domain.Limits;
using Chat.Storage.Statuses;

namespace Chat.Domain.Statuses;

/// <summary>For whom the caller's next statuses are; those that are posted stay as they are.</summary>
public sealed class StatusPrivacy(StatusStore store, RequestLimits limits)
{
    public async Task<Result<StatusPrivacyRow>> GetAsync(Caller caller, CancellationToken ct) =>
        await store.ReadPrivacyAsync(caller.PrincipalId, ct);

    /// <param name="caller">Whose.</param>
    /// <param name="audience">Which of the caller's contacts.</param>
    /// <param name="people">
    /// Whom <see cref="StatusAudience.ContactsExcept"/> and <see cref="StatusAudience.Only"/> name; whether they are contacts counts when a status
    /// is looked at.
    /// </param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<StatusPrivacyRow>> SetAsync(Caller caller, StatusAudience audience, IReadOnlyList<long>? people, CancellationToken ct)
    {
        if (audience is < StatusAudience.Contacts or > StatusAudience.Only)
            return Failures.Invalid("audience", "audience is missing or none of ours: send one of the three of protocol-spec.md §8.11.");
        if (people?.Count > StatusRules.MaxListed)
            return Failures.Invalid("people", $"people names {people.Count}: send at most {StatusRules.MaxListed}.");
        if ((audience == StatusAudience.Contacts) != (people is null or { Count: 0 }))
        {
            return Failures.Invalid("people", audience == StatusAudience.Contacts
                ? "people goes with an audience that leaves out or names some: leave it out."
                : "people is empty: name somebody, or send the audience contacts.");
        }

        long[] listed = [.. (people ?? []).Distinct().Order()];
        if (listed.Length > 0 && listed[0] <= 0) return Failures.Invalid("people", "people names 0: send ids of people.");
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;

        StatusPrivacyRow wished = new((short)audience, listed);
        return await store.SetPrivacyAsync(caller.PrincipalId, wished, ct) == StatusOutcome.Done ? wished : Failures.AccountIsGone();
    }
}
