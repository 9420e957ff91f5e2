using Chat.Domain.Limits;
using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>
/// Keeps somebody as a contact, under an own name if one is given, or changes how they are kept. The other one is not told. Counts
/// as a look-up, for it names whom an id belongs to.
/// </summary>
public sealed class PutContact(ContactStore contacts, GetContact getContact, RequestLimits limits, PrivacyChanges changes)
{
    public async Task<Result<ContactRow>> ExecuteAsync(Caller caller, long contactId, string? ownName, bool favourite, CancellationToken ct)
    {
        if (ContactRules.JudgeOther(caller, contactId) is { } refused) return refused;

        string? name = null;
        if (!string.IsNullOrWhiteSpace(ownName) && !TextRules.TryName(ownName, "name", out name, out Failure? failure)) return failure;
        if (limits.JudgeLookup(caller) is { } limited) return limited;

        PeopleStatus status = await contacts.PutAsync(caller.PrincipalId, contactId, (name, favourite), ContactRules.MaxContacts, ct);
        switch (status)
        {
            case PeopleStatus.PrincipalNotFound: return Failures.PrincipalNotFound("principal_id");
            case PeopleStatus.TooMany: return ContactRules.TooMany("contacts", ContactRules.MaxContacts);
        }

        await changes.AnnounceAsync([caller.PrincipalId]);
        return await getContact.ExecuteAsync(caller, contactId, ct);
    }
}
