using Chat.Domain.Limits;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>
/// Finds a person by their exact e-mail address or phone number; parts of either find nobody. How often is limited for each
/// principal, found or not, so that nobody reads our member list off a list of numbers.
/// </summary>
public sealed class FindPerson(PrincipalStore principals, RequestLimits limits)
{
    public async Task<Result<PersonFound>> ExecuteAsync(Caller caller, string? login, CancellationToken ct)
    {
        if (!LoginName.TryNormalize(login, out string? normalized))
            return Failures.Invalid("login", "login is neither an e-mail address nor an international phone number: write it in full.");

        if (limits.JudgeLookup(caller) is { } limited) return limited;

        PrincipalRow? row = await principals.FindByEmailOrPhoneAsync(caller.PrincipalId, normalized, ct);
        if (row is null) return Failures.PrincipalNotFound("login");

        return new PersonFound(row.Id, row.Name, row.About, row.Avatar);
    }
}
