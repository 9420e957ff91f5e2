using Chat.Domain.Limits;
using Chat.Domain.People;
using Chat.Storage.People;

namespace Chat.Domain.Statuses;

/// <summary>
/// Has the caller's devices keep a contact's statuses apart from the others', or no longer: they are listed as before, and said to be
/// muted. The contact is not told; twice is no failure.
/// </summary>
public sealed class MuteStatuses(ContactStore contacts, RequestLimits limits)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long contactId, bool muted, CancellationToken ct)
    {
        if (ContactRules.JudgeOther(caller, contactId) is not null) return ContactRules.ContactNotFound();
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;

        return await contacts.MuteStatusesAsync(caller.PrincipalId, contactId, muted, ct) is PeopleStatus.Done or PeopleStatus.AlreadyThere
            ? Done.Value
            : ContactRules.ContactNotFound();
    }
}
