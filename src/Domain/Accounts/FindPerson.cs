using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Finds a person by their exact e-mail address or phone number; parts of either find nobody.</summary>
public sealed class FindPerson(PrincipalStore principals)
{
    public async Task<Result<PersonFound>> ExecuteAsync(string? login, CancellationToken ct)
    {
        if (!LoginName.TryNormalize(login, out string? normalized))
            return Failures.Invalid("login", "login is neither an e-mail address nor an international phone number: write it in full.");

        PrincipalRow? row = await principals.FindByEmailOrPhoneAsync(normalized, ct);
        if (row is null) return Failures.PrincipalNotFound("login");

        return new PersonFound(row.Id, row.Name);
    }
}
