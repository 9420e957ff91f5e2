using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>Pages the caller's contacts in the order of their ids .</summary>
public sealed class ListContacts(ContactStore contacts)
{
    public async Task<Result<ContactPage>> ExecuteAsync(Caller caller, long? after, int? limit, bool favouritesOnly, CancellationToken ct)
    {
        if (ContactRules.JudgePage(after, limit) is { } refused) return refused;
        return await contacts.ListAsync(caller.PrincipalId, after ?? 0, limit ?? ContactRules.DefaultPage, favouritesOnly, ct);
    }
}
