using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>What a person sees of their own account.</summary>
/// <param name="Avatar">A reference that clients resolve to a picture.</param>
public sealed record Profile(
    long PrincipalId, string Name, string? Email, string? Phone, long CreatedAtMs, string? About, string? Avatar,
    bool IsEmailVerified, bool IsPhoneVerified)
{
    internal static Profile From(AccountRow row) =>
        new(row.PrincipalId, row.Name, row.Email, row.Phone, row.CreatedAtMs, row.About, row.Avatar,
            row.IsEmailVerified, row.IsPhoneVerified);
}
