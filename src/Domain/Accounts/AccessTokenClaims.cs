using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Chat.Protocol.Codes;

namespace Chat.Domain.Accounts;

/// <summary>
/// The content of an access token. Times are Unix seconds, as RFC 7519 has them. A token that says no kind is a person's: those of programs before
/// said none, and a person's still does not.
/// </summary>
internal readonly record struct AccessTokenClaims(
    string Issuer, long PrincipalId, long DeviceId, long IssuedAt, long ExpiresAt, PrincipalKind Kind = PrincipalKind.Person)
{
    private const long MaxId = 1L << 53;
    private const long MaxTime = 253_402_300_799; // the last second of the year 9999

    /// <summary><c>{"alg":"HS256","typ":"JWT"}</c>, encoded.</summary>
    public static readonly string EncodedHeader = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    /// <summary>True for a header whose <c>alg</c> is on the allow-list, which has one entry, and that demands nothing (<c>crit</c>).</summary>
    public static bool IsAllowedHeader(ReadOnlySpan<byte> encoded)
    {
        if (!TryDecode(encoded, out byte[] json)) return false;

        int algorithms = 0;
        Utf8JsonReader reader = new(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isAlgorithm = reader.ValueTextEquals("alg"u8);
                if (reader.ValueTextEquals("crit"u8) || !reader.Read()) return false;
                if (isAlgorithm && (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("HS256"u8))) return false;

                if (isAlgorithm) algorithms++;
                reader.Skip();
            }

            return algorithms == 1 && reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> encoded, out AccessTokenClaims claims)
    {
        claims = default;
        if (!TryDecode(encoded, out byte[] json)) return false;

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return false;
            if (!root.TryGetProperty("iss"u8, out JsonElement issuer) || issuer.ValueKind != JsonValueKind.String) return false;
            if (!root.TryGetProperty("sub"u8, out JsonElement subject) || subject.ValueKind != JsonValueKind.String) return false;
            if (!long.TryParse(subject.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out long principalId)) return false;
            if (!TryNumber(root, "dev"u8, MaxId, out long deviceId) || principalId is < 1 or >= MaxId) return false;
            if (!TryNumber(root, "iat"u8, MaxTime, out long issuedAt) || !TryNumber(root, "exp"u8, MaxTime, out long expiresAt)) return false;

            long kind = (long)PrincipalKind.Person;
            if (root.TryGetProperty("kind"u8, out _) && !TryNumber(root, "kind"u8, byte.MaxValue + 1, out kind)) return false;

            claims = new AccessTokenClaims(issuer.GetString()!, principalId, deviceId, issuedAt, expiresAt, (PrincipalKind)kind);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public byte[] ToJson()
    {
        using MemoryStream buffer = new(160);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("iss"u8, Issuer);
            json.WriteString("sub"u8, PrincipalId.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("dev"u8, DeviceId);
            json.WriteNumber("iat"u8, IssuedAt);
            json.WriteNumber("exp"u8, ExpiresAt);
            if (Kind != PrincipalKind.Person) json.WriteNumber("kind"u8, (byte)Kind);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static bool TryNumber(JsonElement root, ReadOnlySpan<byte> name, long limit, out long value)
    {
        value = 0;
        return root.TryGetProperty(name, out JsonElement element)
            && element.ValueKind == JsonValueKind.Number
            && element.TryGetInt64(out value)
            && value > 0 && value < limit;
    }

    private static bool TryDecode(ReadOnlySpan<byte> encoded, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(encoded)) return false;

        bytes = Base64Url.DecodeFromUtf8(encoded);
        return true;
    }
}
