using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Chat.TestKit;

/// <summary>An app with users of its own, which mints tokens for them as RFC 7515 says: by hand, so that it can also do it wrongly. Thread-safe for HS256.</summary>
public sealed class IssuingApp(string name, TimeProvider time) : IDisposable
{
    private readonly ECDsa _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RSA.Create(2048);

    public string Name { get; } = name;

    public byte[] Secret { get; } = RandomNumberGenerator.GetBytes(32);

    public string CurvePem => _curve.ExportSubjectPublicKeyInfoPem();

    public string RsaPem => _rsa.ExportSubjectPublicKeyInfoPem();

    /// <summary>Claims that are right, from now on for ten minutes; a test spoils or adds some.</summary>
    public Dictionary<string, object?> Claims(string subject, string session = "web", string? name = null)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        Dictionary<string, object?> claims = new()
        {
            ["iss"] = Name,
            ["aud"] = "chat",
            ["sub"] = subject,
            ["sid"] = session,
            ["iat"] = now,
            ["exp"] = now + 600,
        };
        if (name is not null) claims["name"] = name;
        return claims;
    }

    /// <summary>A token by HS256 for claims that are right.</summary>
    public string Mint(string subject, string session = "web", string? name = null) => SignHs256(Claims(subject, session, name));

    public string SignHs256(object claims, byte[]? secret = null, string header = """{"alg":"HS256","typ":"JWT"}""") =>
        Sign(header, claims, signed => HMACSHA256.HashData(secret ?? Secret, signed));

    public string SignEs256(object claims, string header = """{"alg":"ES256","typ":"JWT"}""") =>
        Sign(header, claims, signed => _curve.SignData(signed, HashAlgorithmName.SHA256));

    public string SignRs256(object claims, string header = """{"alg":"RS256","typ":"JWT"}""") =>
        Sign(header, claims, signed => _rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Sign(string header, object claims, Func<byte[], byte[]> sign)
    {
        string payload = claims as string ?? JsonSerializer.Serialize(claims);
        string signed = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(payload))}";
        return $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public void Dispose()
    {
        _curve.Dispose();
        _rsa.Dispose();
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
