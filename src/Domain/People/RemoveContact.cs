using Chat.Domain.Limits;
using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>Ends that somebody is a contact of the caller; with it, what the caller shows to contacts only is hidden from them.</summary>
public sealed class RemoveContact(ContactStore contacts, RequestLimits limits, PrivacyChanges changes)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long contactId, CancellationToken ct)
    {
        if (ContactRules.JudgeOther(caller, contactId) is not null) return ContactRules.ContactNotFound();
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;

        PeopleStatus status = await contacts.RemoveAsync(caller.PrincipalId, contactId, ct);
        if (status != PeopleStatus.Done) return ContactRules.ContactNotFound();

        await changes.AnnounceAsync([caller.PrincipalId]);
        return Done.Value;
    }
}
