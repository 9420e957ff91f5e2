using System.ComponentModel.DataAnnotations;
using Chat.Domain.Accounts;

namespace Chat.AdminApi.Rest.Auth;

/// <summary>A new account. E-mail, phone, or both.</summary>
internal sealed record RegisterBody
{
    /// <summary>The person's name as others see it, 1 to 255 characters.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>E-mail address; one can sign in with it.</summary>
    public string? Email { get; init; }

    /// <summary>Phone number in the international form, e.g. +4930123456; one can sign in with it.</summary>
    public string? Phone { get; init; }

    /// <summary>The password.</summary>
    [Required]
    public string? Password { get; init; }

    /// <summary>What to call this device in the list of devices.</summary>
    public string? DeviceName { get; init; }
}

/// <summary>A sign-in by e-mail or phone.</summary>
internal sealed record LoginBody
{
    /// <summary>E-mail address or phone number of the account.</summary>
    [Required]
    public string? Login { get; init; }

    /// <summary>The password.</summary>
    [Required]
    public string? Password { get; init; }

    /// <summary>Where the account has a second step: what its app shows, or a recovery code. Without it the answer is second_factor_required.</summary>
    public string? Code { get; init; }

    /// <summary>What to call this device in the list of devices.</summary>
    public string? DeviceName { get; init; }
}

/// <summary>A request for fresh tokens.</summary>
internal sealed record RefreshBody
{
    /// <summary>The refresh token of the last sign-in or refresh. It works once.</summary>
    [Required]
    public string? RefreshToken { get; init; }
}

/// <summary>What of the profile is to be changed.</summary>
internal sealed record ProfileBody
{
    /// <summary>The new name, 1 to 255 characters.</summary>
    public string? Name { get; init; }

    /// <summary>What one says of oneself, at most 500 characters.</summary>
    public string? About { get; init; }

    /// <summary>A reference to one's picture, at most 500 characters.</summary>
    public string? Avatar { get; init; }
}

/// <summary>The answer to a registration, a sign-in and a refresh.</summary>
internal sealed record SignedInAnswer
{
    /// <summary>Always true; a failure is a problem document instead.</summary>
    public bool Success { get; init; } = true;

    /// <summary>What was done, in English.</summary>
    public required string Message { get; init; }

    /// <summary>Who is signed in, and the tokens.</summary>
    public required SignedInTokens Data { get; init; }

    public static SignedInAnswer From(SignedIn signedIn, string message) => new()
    {
        Message = message,
        Data = new SignedInTokens
        {
            User = new SignedInUser { PrincipalId = signedIn.PrincipalId, Name = signedIn.Name },
            Token = signedIn.AccessToken,
            ExpiresAt = signedIn.AccessTokenExpiresAt,
            RefreshToken = signedIn.RefreshToken,
            RefreshExpiresAt = signedIn.RefreshTokenExpiresAt,
            DeviceId = signedIn.DeviceId,
        },
    };
}

/// <summary>The tokens of one device.</summary>
internal sealed record SignedInTokens
{
    /// <summary>Who is signed in.</summary>
    public required SignedInUser User { get; init; }

    /// <summary>The access token, for the Authorization header and for hello.</summary>
    public required string Token { get; init; }

    /// <summary>Always "Bearer".</summary>
    public string TokenType { get; init; } = "Bearer";

    /// <summary>When the access token ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The token that gets the next pair; it works once.</summary>
    public required string RefreshToken { get; init; }

    /// <summary>When the refresh token ends.</summary>
    public required DateTimeOffset RefreshExpiresAt { get; init; }

    /// <summary>The id of this device.</summary>
    public required long DeviceId { get; init; }
}

/// <summary>The person who is signed in.</summary>
internal sealed record SignedInUser
{
    /// <summary>The person's id.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>The person's name.</summary>
    public required string Name { get; init; }
}

/// <summary>One's own profile.</summary>
internal sealed record ProfileResource
{
    /// <summary>The person's id.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>The person's name.</summary>
    public required string Name { get; init; }

    /// <summary>E-mail address, if there is one.</summary>
    public string? Email { get; init; }

    /// <summary>Phone number, if there is one.</summary>
    public string? Phone { get; init; }

    /// <summary>What one says of oneself, if there is something.</summary>
    public string? About { get; init; }

    /// <summary>A reference to one's picture, if there is one.</summary>
    public string? Avatar { get; init; }

    /// <summary>Whether the e-mail address was proved to be one's own.</summary>
    public required bool EmailVerified { get; init; }

    /// <summary>Whether the phone number was proved to be one's own.</summary>
    public required bool PhoneVerified { get; init; }

    /// <summary>When the account was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public static ProfileResource From(Profile profile) => new()
    {
        PrincipalId = profile.PrincipalId,
        Name = profile.Name,
        Email = profile.Email,
        Phone = profile.Phone,
        About = profile.About,
        Avatar = profile.Avatar,
        EmailVerified = profile.IsEmailVerified,
        PhoneVerified = profile.IsPhoneVerified,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(profile.CreatedAtMs),
    };
}
