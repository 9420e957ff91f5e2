using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Chat.Domain.Limits;

namespace Chat.Domain.Calls;

/// <summary>
/// Names the STUN and TURN servers through which the media of calls find a way, with credentials for a while, made as coturn's
/// <c>use-auth-secret</c> checks them: user name "expiry:principal", password HMAC-SHA1 of it. Nothing is stored.
/// </summary>
public sealed class GetIceServers(CallOptions options, RequestLimits limits, TimeProvider time)
{
    public Result<IceServers> Execute(Caller caller)
    {
        if (limits.JudgeHistory(caller, isCatchingUp: true) is { } limited) return limited;

        List<IceServer> servers = [];
        DateTimeOffset? expiresAt = null;
        if (options.StunUrls.Length > 0) servers.Add(new IceServer(options.StunUrls, null, null));
        if (options.TurnUrls.Length > 0)
        {
            long expiry = (time.GetUtcNow() + options.TurnCredentialLife).ToUnixTimeSeconds();
            string name = string.Create(CultureInfo.InvariantCulture, $"{expiry}:{caller.PrincipalId}");
#pragma warning disable CA5350 // What coturn checks; an HMAC does not hang on collisions of its hash.
            byte[] password = HMACSHA1.HashData(Encoding.UTF8.GetBytes(options.TurnSecretKey), Encoding.UTF8.GetBytes(name));
#pragma warning restore CA5350
            servers.Add(new IceServer(options.TurnUrls, name, Convert.ToBase64String(password)));
            expiresAt = DateTimeOffset.FromUnixTimeSeconds(expiry);
        }

        return new IceServers(servers, expiresAt);
    }
}

/// <param name="ExpiresAt">Until when the credentials can be used; null where there are none.</param>
public sealed record IceServers(IReadOnlyList<IceServer> Servers, DateTimeOffset? ExpiresAt);

/// <summary>One entry as WebRTC takes it.</summary>
public sealed record IceServer(IReadOnlyList<string> Urls, string? Username, string? Credential);
