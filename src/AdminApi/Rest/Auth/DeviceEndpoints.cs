using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Chat.AdminApi.Problems;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Auth;

/// <summary>The devices of an account, and its password.</summary>
internal static class DeviceEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Account");
        group.MapGet("/devices", ListAsync).Describe("listDevices", "Lists the devices on which one is signed in, the newest first.");
        group.MapDelete("/devices/{deviceId}", SignOutAsync)
            .Describe("signOutDevice", "Signs one device out and cuts its connections. One that is not signed in stays as it is.");
        group.MapPut("/auth/password", ChangePasswordAsync)
            .Describe("changePassword", "Changes the password and signs all other devices out.")
            .FailsWith(ErrorCode.NoPassword, ErrorCode.SignInFailed, ErrorCode.RateLimited, ErrorCode.Busy);
    }

    private static async Task<Results<Ok<Page<DeviceResource>>, ProblemAnswer>> ListAsync(
        HttpContext http, WholeNumber? after, int? limit, ListDevices list, CancellationToken ct)
    {
        Result<DevicePage> page = await list.ExecuteAsync(http.Caller(), after?.Value, limit, ct);
        return page.ToOk(found => DeviceResource.From(found, http.Caller().DeviceId));
    }

    private static async Task<Results<NoContent, ProblemAnswer>> SignOutAsync(
        HttpContext http, WholeNumber deviceId, SignOutDevice signOut) =>
        (await signOut.ExecuteAsync(http.Caller(), deviceId.Value)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> ChangePasswordAsync(
        PasswordBody body, HttpContext http, ChangePassword change, CancellationToken ct)
    {
        string address = AuthEndpoints.AddressOf(http);
        return (await change.ExecuteAsync(http.Caller(), body.CurrentPassword, body.NewPassword, address, ct)).ToNoContent();
    }
}

/// <summary>A change of the password.</summary>
internal sealed record PasswordBody
{
    /// <summary>The present password.</summary>
    [Required]
    public string? CurrentPassword { get; init; }

    /// <summary>The new password, 8 to 256 characters.</summary>
    [Required]
    public string? NewPassword { get; init; }
}

/// <summary>A device on which one is signed in.</summary>
internal sealed record DeviceResource
{
    /// <summary>The device's id.</summary>
    public required long DeviceId { get; init; }

    /// <summary>What it was called at its sign-in.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is the one that asks.</summary>
    public required bool Current { get; init; }

    /// <summary>When it was signed in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last got tokens, which it does every hour while it is used.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    public static Page<DeviceResource> From(DevicePage page, long current) => new()
    {
        Items =
        [
            .. page.Devices.Select(row => new DeviceResource
            {
                DeviceId = row.Id,
                Name = row.Name,
                Current = row.Id == current,
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
                LastUsedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.LastUsedAtMs),
            }),
        ],
        NextCursor = page.HasMore ? page.Devices[^1].Id.ToString(CultureInfo.InvariantCulture) : null,
    };
}
