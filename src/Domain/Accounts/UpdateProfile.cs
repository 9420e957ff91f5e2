using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Changes the caller's name and shows the account as it is then.</summary>
public sealed class UpdateProfile(AccountStore accounts)
{
    public async Task<Result<Profile>> ExecuteAsync(Caller caller, string? name, CancellationToken ct)
    {
        if (!TextRules.TryName(name, "name", out string? newName, out Failure? failure)) return failure;

        AccountRow? row = await accounts.FindAsync(caller.PrincipalId, ct);
        if (row is null) return Failures.AccountIsGone();

        await accounts.UpdateProfileAsync(caller.PrincipalId, newName, ct);
        return new Profile(row.PrincipalId, newName, row.Email, row.Phone, row.CreatedAtMs);
    }
}
