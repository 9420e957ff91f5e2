using Chat.Domain.Accounts.Issuers;
using Chat.Domain.Limits;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>
/// Finds a person by their exact e-mail address or phone number, or one of the caller's own issuer by <c>issuer:subject</c> (ADR 0040);
/// parts of these find nobody. How often is limited for each principal, found or not, so that nobody reads our member list off a list of numbers.
/// </summary>
public sealed class FindPerson(PrincipalStore principals, RequestLimits limits)
{
    public async Task<Result<PersonFound>> ExecuteAsync(Caller caller, string? login, CancellationToken ct)
    {
        bool isIssued = IssuedName.TryParse(login, out IssuedName issued);
        string? normalized = null;
        if (!isIssued && !LoginName.TryNormalize(login, out normalized))
            return Failures.Invalid("login", "login is neither an e-mail address nor an international phone number, nor issuer:subject: write it in full.");

        if (limits.JudgeLookup(caller) is { } limited) return limited;

        PrincipalRow? row = isIssued
            ? await principals.FindBySubjectAsync(caller.PrincipalId, issued.Issuer, issued.Subject, ct)
            : await principals.FindByEmailOrPhoneAsync(caller.PrincipalId, normalized!, ct);
        if (row is null) return Failures.PrincipalNotFound("login");

        return new PersonFound(row.Id, row.Name, row.About, row.Avatar);
    }
}
