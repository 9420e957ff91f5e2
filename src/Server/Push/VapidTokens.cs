using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Chat.Server.Push;

/// <summary>Signs who this service is for each push service (RFC 8292 §2), and again when half of a token's time is over. Thread-safe.</summary>
/// <param name="subject">Whom the push service tells; empty: nobody.</param>
internal sealed class VapidTokens(string subject, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>People name the hosts; a table of them must not grow for ever.</summary>
    private const int MaxOrigins = 1_000;

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset SignedAt)> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _signing = new();

    /// <summary>The value of the header Authorization.</summary>
    public string AuthorizationFor(Uri endpoint, VapidKey key)
    {
        string origin = endpoint.GetLeftPart(UriPartial.Authority);
        DateTimeOffset now = time.GetUtcNow();
        if (!_tokens.TryGetValue(origin, out (string Token, DateTimeOffset SignedAt) known) || now - known.SignedAt > Life / 2)
        {
            if (_tokens.Count >= MaxOrigins) _tokens.Clear();
            known = (Sign(origin, now, key.Signer), now);
            _tokens[origin] = known;
        }

        return $"vapid t={known.Token}, k={key.PublicKey}";
    }

    private string Sign(string origin, DateTimeOffset now, ECDsa signer)
    {
        JsonObject claims = new() { ["aud"] = origin, ["exp"] = (now + Life).ToUnixTimeSeconds() };
        if (subject.Length > 0) claims["sub"] = subject;
        lock (_signing)
        {
            return SignedToken.Write(
                new JsonObject { ["typ"] = "JWT", ["alg"] = "ES256" }, claims, signed => signer.SignData(signed, HashAlgorithmName.SHA256));
        }
    }
}
