using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>Reads the caller's own privacy.</summary>
public sealed class GetPrivacy(ProfileStore profiles)
{
    public async Task<Result<Privacy>> ExecuteAsync(Caller caller, CancellationToken ct) =>
        await profiles.FindPrivacyAsync(caller.PrincipalId, ct) is { } row ? Privacy.From(row) : Failures.AccountIsGone();
}
