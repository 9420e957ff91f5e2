using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.AdminApi.Rest;

/// <summary>
/// An id or a sequence as a caller gives it, in a path, a query or a body: an integer 0 … 2^53−1 (protocol-spec.md §6),
/// in digits only. Anything else does not bind and is answered with <c>invalid_argument</c> and the member's name.
/// </summary>
[JsonConverter(typeof(WholeNumberConverter))]
public readonly record struct WholeNumber(long Value) : IParsable<WholeNumber>
{
    public const long Max = (1L << 53) - 1;

    public static WholeNumber Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out WholeNumber number) ? number : throw new FormatException($"Not an integer from 0 to {Max}.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out WholeNumber result)
    {
        bool ok = long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= Max;
        result = ok ? new WholeNumber(value) : default;
        return ok;
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Reads a JSON number within the range of <see cref="WholeNumber"/>; a string with digits is not one.</summary>
internal sealed class WholeNumberConverter : JsonConverter<WholeNumber>
{
    public override WholeNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long value) && value is >= 0 and <= WholeNumber.Max)
            return new WholeNumber(value);

        throw new JsonException(); // the serializer adds the path; the boundary makes the sentence
    }

    public override void Write(Utf8JsonWriter writer, WholeNumber value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);
}
