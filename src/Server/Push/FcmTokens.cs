using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chat.Server.Outside;

namespace Chat.Server.Push;

/// <summary>Signs in at Google as a service account (RFC 7523), and again before the hour is over. Thread-safe.</summary>
internal sealed class FcmTokens(FcmAccount account, OutsideHttp http, TimeProvider time) : IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/firebase.messaging";
    private const string Grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _asking = new(1);
    private volatile AccessToken? _token;

    /// <summary>Null when Google gives none now; the status is then in <paramref name="refused"/>.</summary>
    public async Task<string?> FindAsync(Action<OutsideAnswer> refused, CancellationToken ct)
    {
        if (_token is { } known && known.GoodUntil > time.GetUtcNow()) return known.Value;
        await _asking.WaitAsync(ct);
        try
        {
            if (_token is { } renewed && renewed.GoodUntil > time.GetUtcNow()) return renewed.Value;
            _token = await AskAsync(refused, ct);
            return _token?.Value;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>This one was not taken: another one is asked for with the next message.</summary>
    public void Forget(string token)
    {
        if (_token is { } known && known.Value == token) _token = null;
    }

    public void Dispose() => _asking.Dispose();

    private async Task<AccessToken?> AskAsync(Action<OutsideAnswer> refused, CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        JsonObject claims = new()
        {
            ["iss"] = account.Email,
            ["scope"] = Scope,
            ["aud"] = account.TokenAddress.AbsoluteUri,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
        };
        string assertion = SignedToken.Write(
            new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT" }, claims,
            signed => account.Key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        using HttpRequestMessage request = new(HttpMethod.Post, account.TokenAddress)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = Grant, ["assertion"] = assertion }),
        };
        OutsideAnswer answer = await http.SendAsync(request, ct);
        if (answer.Status == 200 && TryRead(answer.Body.Span, now) is { } token) return token;
        refused(answer);
        return null;
    }

    private static AccessToken? TryRead(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        try
        {
            JsonNode? json = JsonNode.Parse(body);
            return (string?)json?["access_token"] is { Length: > 0 } token && (double?)json["expires_in"] is { } seconds
                ? new AccessToken(token, now + TimeSpan.FromSeconds(Math.Min(seconds, Life.TotalSeconds)) - Early)
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private sealed record AccessToken(string Value, DateTimeOffset GoodUntil);
}
