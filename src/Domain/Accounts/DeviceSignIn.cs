using Chat.Storage;
using Chat.Storage.Accounts;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Accounts;

/// <summary>Gives a principal who has proved who they are a device of their own, with its pair of tokens.</summary>
public sealed partial class DeviceSignIn(
    DeviceStore devices, AccessTokens tokens, TokenOptions options, TimeProvider time, ILogger<DeviceSignIn> log)
{
    private const string UnnamedDevice = "unnamed device";

    /// <summary>Judges the optional name of a device; blank means unnamed.</summary>
    internal static bool TryDeviceName(string? input, out string name, out Failure? failure)
    {
        (name, failure) = (UnnamedDevice, null);
        if (string.IsNullOrWhiteSpace(input)) return true;
        if (!TextRules.TryName(input, "device_name", out string? given, out failure)) return false;

        name = given;
        return true;
    }

    /// <summary>Makes a refresh token that lives for the configured time from now.</summary>
    internal NewRefreshToken CreateRefreshToken() => RefreshTokens.Create(time.GetUtcNow() + options.RefreshTokenLifetime);

    /// <summary>
    /// Stores a new device and issues its tokens; null when the account has another password by now than the one that was verified, or is blocked.
    /// </summary>
    /// <param name="who">Without a device.</param>
    internal async Task<SignedIn?> TryCreateAsync(Caller who, string passwordHash, string name, string deviceName, CancellationToken ct)
    {
        NewRefreshToken refresh = CreateRefreshToken();
        long? deviceId = await devices.CreateAsync(who.PrincipalId, passwordHash, deviceName, refresh.Hash, refresh.ExpiresAt, ct);
        if (deviceId is not { } id) return null;
        await TellOthersAsync(who.PrincipalId, id, deviceName, ct);
        return Complete(who with { DeviceId = id }, name, refresh);
    }

    /// <summary>
    /// Tells the account's other devices of a new one. The sign-in holds without: what proved it may be spent, and is not asked for again because
    /// the inbox was busy.
    /// </summary>
    internal async Task TellOthersAsync(long principalId, long deviceId, string deviceName, CancellationToken ct)
    {
        try
        {
            await devices.TellOthersAsync(principalId, deviceId, deviceName, ct);
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            OthersNotTold(log, fault, deviceId, principalId);
        }
    }

    /// <summary>Adds the access token to a refresh token whose hash is stored already.</summary>
    internal SignedIn Complete(Caller caller, string name, NewRefreshToken refresh)
    {
        string accessToken = tokens.Issue(caller, out DateTimeOffset expiresAt);
        return new SignedIn(caller.PrincipalId, caller.DeviceId, name, accessToken, expiresAt, refresh.Text, refresh.ExpiresAt);
    }

    [LoggerMessage(
        EventId = EventIds.SignInNotTold,
        Level = LogLevel.Warning,
        Message = "Device {DeviceId} of account {PrincipalId} is signed in, but the account's others could not be told of it")]
    private static partial void OthersNotTold(ILogger logger, Exception exception, long deviceId, long principalId);
}
