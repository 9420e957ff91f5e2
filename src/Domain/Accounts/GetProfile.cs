using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Shows the caller's own account.</summary>
public sealed class GetProfile(AccountStore accounts)
{
    public async Task<Result<Profile>> ExecuteAsync(Caller caller, CancellationToken ct)
    {
        AccountRow? row = await accounts.FindAsync(caller.PrincipalId, ct);
        if (row is null) return Failures.AccountIsGone();

        return Profile.From(row);
    }
}
