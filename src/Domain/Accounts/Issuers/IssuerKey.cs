using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Chat.Domain.Accounts.Issuers;

/// <summary>
/// One key of an issuer, for the one algorithm that it is for: a public key is never used as a secret, whatever a token says. Thread-safe: the
/// framework's keys are not, so each verification has one to itself.
/// </summary>
internal sealed class IssuerKey
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly IssuerAlgorithm _algorithm;
    private readonly byte[] _secret = [];
    private readonly string _pem = "";
    private readonly ConcurrentBag<AsymmetricAlgorithm> _idle = [];

    private IssuerKey(IssuerAlgorithm algorithm, string keyId, byte[] secret, string pem)
    {
        (_algorithm, KeyId, _secret, _pem) = (algorithm, keyId, secret, pem);
        if (algorithm == IssuerAlgorithm.HS256)
        {
            Identity = Convert.ToBase64String(secret);
            return;
        }

        AsymmetricAlgorithm key = Import(algorithm, pem);
        Identity = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        _idle.Add(key);
    }

    /// <summary>What tokens name it by; empty for the only key of an issuer that names none.</summary>
    public string KeyId { get; }

    /// <summary>The same for the same key, however it was written.</summary>
    public string Identity { get; }

    /// <summary>The keys of an issuer whose options have no fault: the present one, then the previous.</summary>
    public static IReadOnlyList<IssuerKey> Of(IssuerOptions issuer)
    {
        IssuerAlgorithm algorithm = issuer.Algorithm!.Value;
        IssuerKey present = new(algorithm, issuer.KeyId, issuer.SecretKey, issuer.PublicKey);
        return issuer.HasPrevious
            ? [present, new IssuerKey(algorithm, issuer.PreviousKeyId, issuer.PreviousSecretKey, issuer.PreviousPublicKey)]
            : [present];
    }

    /// <summary>What is wrong with a public key, and what to do; null when it can be used.</summary>
    public static string? FindFault(IssuerAlgorithm algorithm, string pem)
    {
        if (string.IsNullOrWhiteSpace(pem)) return $"is not set: give the public key of {algorithm} in PEM.";
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            return "holds a private key: give the public one alone (openssl pkey -pubout), and keep the private one in the app.";
        try
        {
            using AsymmetricAlgorithm key = Import(algorithm, pem);
            if (key is RSA { KeySize: < MinRsaBits or > MaxRsaBits } rsa) return $"has {rsa.KeySize} bits: give {MinRsaBits} to {MaxRsaBits}.";
            return key is ECDsa curve && curve.ExportParameters(false).Curve.Oid.Value != P256
                ? "is not on the curve P-256 (prime256v1), which ES256 is: make another."
                : null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            return $"cannot be read as a public key of {algorithm}: give it in PEM, from -----BEGIN PUBLIC KEY----- to its end.";
        }
    }

    /// <summary>Whether this key signed these bytes.</summary>
    public bool HasSigned(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (_algorithm == IssuerAlgorithm.HS256)
            return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_secret, signed), signature);

        if (!_idle.TryTake(out AsymmetricAlgorithm? key)) key = Import(_algorithm, _pem);
        try
        {
            return key is RSA rsa
                ? rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                : ((ECDsa)key).VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException) // of a length that no signature of this key has
        {
            return false;
        }
        finally
        {
            _idle.Add(key);
        }
    }

    private static AsymmetricAlgorithm Import(IssuerAlgorithm algorithm, string pem)
    {
        AsymmetricAlgorithm key = algorithm == IssuerAlgorithm.RS256 ? RSA.Create() : ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
