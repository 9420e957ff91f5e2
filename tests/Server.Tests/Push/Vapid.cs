using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Chat.Server.Tests.Push;

/// <summary>Checks a header as a push service does (RFC 8292).</summary>
internal static class Vapid
{
    public static JsonObject Check(string header, string expectedKey, string origin)
    {
        Assert.That(header, Does.StartWith("vapid t="));
        string[] parts = header["vapid t=".Length..].Split(", k=");
        string[] token = parts[0].Split('.');
        Assert.That(parts[1], Is.EqualTo(expectedKey));
        byte[] point = Base64Url.DecodeFromChars(parts[1]);
        using ECDsa key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..33], Y = point[33..] },
        });
        Assert.That(key.VerifyData(Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), Base64Url.DecodeFromChars(token[2]), HashAlgorithmName.SHA256));
        Assert.That((string)JsonNode.Parse(Base64Url.DecodeFromChars(token[0]))!["alg"]!, Is.EqualTo("ES256"));
        JsonObject claims = JsonNode.Parse(Base64Url.DecodeFromChars(token[1]))!.AsObject();
        Assert.That((string)claims["aud"]!, Is.EqualTo(origin));
        return claims;
    }
}
