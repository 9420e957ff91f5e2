using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>Reads one of the caller's contacts.</summary>
public sealed class GetContact(ContactStore contacts)
{
    public async Task<Result<ContactRow>> ExecuteAsync(Caller caller, long contactId, CancellationToken ct) =>
        await contacts.FindAsync(caller.PrincipalId, contactId, ct) is { } row ? row : ContactRules.ContactNotFound();
}
