using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chat.TestKit;

/// <summary>
/// A browser with an authenticator that holds one passkey (WebAuthn §6; P-256, no attestation). What it gets wrong on purpose is set beside what it
/// does right.
/// </summary>
public sealed class SoftwareAuthenticator : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte BackupEligible = 0x08;
    private const byte BackedUp = 0x10;
    private const byte HasCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string? _userHandle;

    /// <summary>The page on which it is used.</summary>
    public string Origin { get; set; } = "http://localhost:5000";

    /// <summary>Null for the one that the service names.</summary>
    public string? RpId { get; set; }

    public bool VerifiesUser { get; set; } = true;

    /// <summary>Whether the page is in a frame of another's.</summary>
    public bool IsFramed { get; set; }

    /// <summary>Whether it is kept on its owner's other devices, too.</summary>
    public bool IsSynced { get; set; }

    /// <summary>Of the next signature. Null for one that does not count.</summary>
    public uint? Counter { get; set; } = 1;

    /// <summary>Whether a bit of the signature is wrong.</summary>
    public bool SignsWrongly { get; set; }

    /// <summary>Answers <c>navigator.credentials.create()</c>.</summary>
    public JsonObject Create(JsonNode options)
    {
        _userHandle = (string)options["user"]!["id"]!;
        byte[] data = Data((string)options["rp"]!["id"]!, HasCredential, [.. new byte[16], 0, (byte)_id.Length, .. _id, .. CosePublicKey()]);
        byte[] attestation =
        [
            0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8,
            0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data,
        ];
        return Answer(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(ClientData("webauthn.create", options)),
            ["attestationObject"] = Base64Url.EncodeToString(attestation),
            ["transports"] = new JsonArray("internal", "hybrid"),
        });
    }

    /// <summary>Answers <c>navigator.credentials.get()</c>.</summary>
    public JsonObject Get(JsonNode options)
    {
        byte[] clientData = ClientData("webauthn.get", options);
        byte[] data = Data((string)options["rpId"]!, 0, []);
        byte[] signature = _key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        if (SignsWrongly) signature[^1] ^= 1;
        return Answer(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(clientData),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString(signature),
            ["userHandle"] = _userHandle,
        });
    }

    public void Dispose() => _key.Dispose();

    private JsonObject Answer(JsonObject response) => new()
    {
        ["id"] = Base64Url.EncodeToString(_id),
        ["rawId"] = Base64Url.EncodeToString(_id),
        ["type"] = "public-key",
        ["authenticatorAttachment"] = "platform",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    };

    private byte[] ClientData(string type, JsonNode options) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        type,
        challenge = (string)options["challenge"]!,
        origin = Origin,
        crossOrigin = IsFramed,
    }));

    private byte[] Data(string rpId, byte flags, byte[] credential)
    {
        flags |= UserPresent;
        if (VerifiesUser) flags |= UserVerified;
        if (IsSynced) flags |= BackupEligible | BackedUp;
        byte[] counter = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter ?? 0);
        Counter++;
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(RpId ?? rpId)), flags, .. counter, .. credential];
    }

    /// <summary>EC2, ES256, P-256, x and y (RFC 9053 §7.1), in CBOR's canonical order.</summary>
    private byte[] CosePublicKey()
    {
        ECParameters key = _key.ExportParameters(includePrivateParameters: false);
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. key.Q.X!, 0x22, 0x58, 0x20, .. key.Q.Y!];
    }
}
