using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Chat.Server.Tests.Push;

/// <summary>A browser's side of a subscription: RFC 8291 and RFC 8188 read from the receiver's end, with keys by HMAC as the RFC spells them out.</summary>
internal sealed class Browser(string prefix) : IDisposable
{
    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _auth = RandomNumberGenerator.GetBytes(16);

    public string Id { get; } = $"{Guid.NewGuid():N}";

    public string Endpoint => prefix + Id;

    /// <summary>What the server said its key is.</summary>
    public string ServerKey { get; set; } = "";

    public string P256dh => Base64Url.EncodeToString(Point);

    public string Auth => Base64Url.EncodeToString(_auth);

    private byte[] Point
    {
        get
        {
            ECPoint point = _key.ExportParameters(false).Q;
            return [4, .. point.X!, .. point.Y!];
        }
    }

    public byte[] Decrypt(byte[] body) => Decrypt(body, _key, Point, _auth);

    public static byte[] Decrypt(byte[] body, ECDiffieHellman key, byte[] point, byte[] auth)
    {
        byte[] salt = body[..16], sender = body[21..86], sealedText = body[86..];
        Assert.That(body[20], Is.EqualTo(65));
        Assert.That(sealedText, Has.Length.LessThanOrEqualTo((int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(16))));
        using ECDiffieHellman other = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = sender[1..33], Y = sender[33..] },
        });
        byte[] early = HMACSHA256.HashData(auth, key.DeriveRawSecretAgreement(other.PublicKey));
        byte[] input = Hash(early, [.. "WebPush: info\0"u8, .. point, .. sender, 1]);
        byte[] late = HMACSHA256.HashData(salt, input);
        byte[] contentKey = Hash(late, [.. "Content-Encoding: aes128gcm\0"u8, 1])[..16];
        byte[] nonce = Hash(late, [.. "Content-Encoding: nonce\0"u8, 1])[..12];
        byte[] text = new byte[sealedText.Length - 16];
        using AesGcm cipher = new(contentKey, 16);
        cipher.Decrypt(nonce, sealedText.AsSpan(0, text.Length), sealedText.AsSpan(text.Length), text);
        int end = Array.FindLastIndex(text, value => value != 0);
        Assert.That(text[end], Is.EqualTo(2), "the last record ends with it");
        return text[..end];
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Hash(byte[] key, byte[] text) => HMACSHA256.HashData(key, text);
}
