namespace Chat.Domain.Accounts;

/// <summary>What a person gets who registered, signed in or refreshed. Holds secrets: never logged.</summary>
public sealed record SignedIn(
    long PrincipalId,
    long DeviceId,
    string Name,
    string AccessToken,
    DateTimeOffset AccessTokenExpiresAt,
    string RefreshToken,
    DateTimeOffset RefreshTokenExpiresAt)
{
    public override string ToString() => $"SignedIn {{ PrincipalId = {PrincipalId}, DeviceId = {DeviceId} }}";
}
