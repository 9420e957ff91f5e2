using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Sdk.Rest;

/// <summary>Names of a table, in snake case.</summary>
internal sealed class SnakeCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
