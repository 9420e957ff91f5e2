using Chat.Domain.Limits;
using Chat.Storage.Accounts;
using Chat.Storage.People;

namespace Chat.Domain.Accounts;

/// <summary>
/// Changes the caller's name, text about them or avatar, and shows the account as it is then. Null leaves a field as it is, an empty text
/// clears it; a name cannot be cleared. The caller's devices learn of it from the inbox.
/// </summary>
public sealed class UpdateProfile(AccountStore accounts, ProfileStore profiles, RequestLimits limits)
{
    public async Task<Result<Profile>> ExecuteAsync(Caller caller, ProfileChange change, CancellationToken ct)
    {
        if (change is { Name: null, About: null, Avatar: null })
            return Failures.Invalid("name", "name, about and avatar are all missing: send at least one of them.");

        string? name = null;
        if (change.Name is not null && !TextRules.TryName(change.Name, "name", out name, out Failure? failure)) return failure;

        string? about = change.About?.Trim();
        string? avatar = change.Avatar?.Trim();
        if (TextRules.JudgeShort(about, "about", TextRules.MaxAboutChars) is { } badAbout) return badAbout;
        if (TextRules.JudgeShort(avatar, "avatar", TextRules.MaxReferenceChars) is { } badAvatar) return badAvatar;
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;

        PeopleStatus status = await profiles.UpdateAsync(caller.PrincipalId, new ProfileChange(name, about, avatar), ct);
        if (status != PeopleStatus.Done) return Failures.AccountIsGone();

        AccountRow? row = await accounts.FindAsync(caller.PrincipalId, ct);
        return row is null ? Failures.AccountIsGone() : Profile.From(row);
    }
}
