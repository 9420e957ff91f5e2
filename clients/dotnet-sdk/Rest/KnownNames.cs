using System.Text.Json;
using System.Text.Json.Serialization;
using Chat.Protocol.Codes;

namespace Chat.Sdk.Rest;

/// <summary>By name, in snake case; a name that came after this version is the one of number 0, and fails no list.</summary>
internal abstract class KnownNameConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<TEnum, string> Names =
        Enum.GetValues<TEnum>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly Dictionary<string, TEnum> Values = Names.ToDictionary(pair => pair.Value, pair => pair.Key);

    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Values.GetValueOrDefault(reader.GetString()!) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Names.GetValueOrDefault(value) ?? "unknown");
}

/// <summary>What a message, or a status, is.</summary>
internal sealed class ContentKindConverter : KnownNameConverter<ContentKind>;

/// <summary>What a part of a text is.</summary>
internal sealed class MarkKindConverter : KnownNameConverter<MarkKind>;
