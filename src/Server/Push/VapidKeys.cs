using System.Buffers.Text;
using System.Security.Cryptography;
using Chat.Domain.Accounts;
using Chat.Domain.Push;
using Chat.Storage.Push;

namespace Chat.Server.Push;

/// <summary>
/// The pair of keys by which push services know this service (RFC 8292): from the settings, or else made once and kept in the database, encrypted,
/// so that all nodes have the same. Thread-safe.
/// </summary>
internal sealed class VapidKeys(PushStore store, PushOptions options, TokenOptions tokens) : IDisposable
{
    private readonly SecretSeal _seal = new(tokens, "vapid key");
    private readonly SemaphoreSlim _reading = new(1);
    private volatile VapidKey? _key;

    /// <exception cref="PushKeyException">The stored one cannot be read, or the set one is none.</exception>
    public async Task<VapidKey> GetAsync(CancellationToken ct)
    {
        if (_key is { } known) return known;
        await _reading.WaitAsync(ct);
        try
        {
            return _key ??= options.VapidPrivateKey.Length > 0 ? Import(Base64Url.DecodeFromChars(options.VapidPrivateKey)) : await ReadAsync(ct);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose()
    {
        _key?.Signer.Dispose();
        _reading.Dispose();
    }

    private async Task<VapidKey> ReadAsync(CancellationToken ct)
    {
        PushKeyRow row = await store.FindKeyAsync(ct) ?? await store.KeepKeyAsync(Make(), ct);
        byte[] secret = _seal.TryDecrypt(row.PublicKey, row.PrivateKey) ?? throw new PushKeyException(
            "The VAPID key in the database was encrypted under another Tokens:SigningKey. Start the nodes with that one, or set Push:VapidPrivateKey, or "
            + "delete the row of push_keys: then a new key is made, and every browser must subscribe anew.");
        return Import(secret);
    }

    private PushKeyRow Make()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters made = key.ExportParameters(includePrivateParameters: true);
        byte[] point = WebPushEncryption.PointOf(made.Q);
        return new PushKeyRow(point, _seal.Encrypt(point, made.D));
    }

    private static VapidKey Import(byte[] secret)
    {
        ECDsa signer = ECDsa.Create();
        try
        {
            signer.ImportParameters(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
        }
        catch (CryptographicException)
        {
            signer.Dispose();
            throw new PushKeyException("Push:VapidPrivateKey is no private key of P-256: leave it out, and one is made and kept in the database.");
        }

        string point = Base64Url.EncodeToString(WebPushEncryption.PointOf(signer.ExportParameters(includePrivateParameters: false).Q));
        return new VapidKey(signer, point);
    }
}

/// <param name="Signer">Thread-safe as far as it signs.</param>
/// <param name="PublicKey">65 bytes in base64url, as browsers are given it.</param>
internal sealed record VapidKey(ECDsa Signer, string PublicKey);
