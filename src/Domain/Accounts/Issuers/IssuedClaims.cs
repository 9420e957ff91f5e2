using System.Text.Json;

namespace Chat.Domain.Accounts.Issuers;

/// <summary>What a genuine token of an issuer says. Times are Unix seconds.</summary>
/// <param name="Subject">What the issuer calls the person (<c>sub</c>).</param>
/// <param name="Session">The sign-in there (<c>sid</c>), which is a device here.</param>
/// <param name="Name">Null where there is none, or it is not taken.</param>
public readonly record struct IssuedClaims(string Issuer, string Subject, string Session, string? Name, long IssuedAt, long ExpiresAt);

/// <summary>Reads the claims of a token whose signature is right, one after another, and says what is wrong with the first that is.</summary>
internal sealed class IssuedClaimsReader(JsonElement payload)
{
    public const int MaxTextChars = 128;

    private const double MaxTime = 253_402_300_799; // the last second of the year 9999

    /// <summary>What is wrong with the token; null so far.</summary>
    public string? Fault { get; private set; }

    /// <summary>A text that there must be: 1 to 128 characters, none of them a control character.</summary>
    public string Text(string claim, string what)
    {
        if (!payload.TryGetProperty(claim, out JsonElement value) || value.ValueKind != JsonValueKind.String) return Fail($"{claim} is missing or no text: {what}");
        string text = value.GetString()!;
        return text.Length is 0 or > MaxTextChars || TextRules.HasControlCharacter(text)
            ? Fail($"{claim} must have 1 to {MaxTextChars} characters and no control characters: {what}")
            : text;
    }

    /// <summary>A time that there must be, or may be: seconds since 1970.</summary>
    public long? Time(string claim, bool isRequired)
    {
        if (!payload.TryGetProperty(claim, out JsonElement value))
        {
            if (isRequired) Fail($"{claim} is missing: give it in seconds since 1970.");
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && seconds is > 0 and <= MaxTime) return (long)seconds;
        Fail($"{claim} is no time: give it in seconds since 1970, as a number.");
        return null;
    }

    /// <summary>The token must be for this audience, or for several with this one.</summary>
    public void Audience(string expected)
    {
        bool isFor = payload.TryGetProperty("aud", out JsonElement value)
            && (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Any(Is) : Is(value));
        if (!isFor) Fail($"aud does not name this service: set it to \"{expected}\".");

        bool Is(JsonElement one) => one.ValueKind == JsonValueKind.String && one.ValueEquals(expected);
    }

    /// <summary>What to call the person; null where the token does not say.</summary>
    public string? Name()
    {
        if (!payload.TryGetProperty("name", out JsonElement value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String) return Fail("name is no text: give what to call the person, or leave it out.");
        if (string.IsNullOrWhiteSpace(value.GetString())) return null;
        return TextRules.TryName(value.GetString(), "name", out string? name, out Failure? failure) ? name : Fail(failure.Message);
    }

    public string Fail(string fault)
    {
        Fault ??= fault;
        return "";
    }
}
