using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Chat.AdminApi.Rest;
using Microsoft.OpenApi;

namespace Chat.AdminApi.OpenApi;

/// <summary>What the generator cannot read from a type: the range of ids, and examples.</summary>
internal static class SchemaDetails
{
    /// <summary>Types that are written where they are used, not referred to: a reference that may be null loses its explanation.</summary>
    public static bool IsPlain(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { } plain && (plain == typeof(WholeNumber) || plain.IsEnum);

    public static void Complete(OpenApiSchema schema, JsonTypeInfo info)
    {
        Type type = info.Type;
        foreach (JsonPropertyInfo property in info.Properties)
        {
            // Bodies are read with everything optional, so that a missing member is named by us; to a caller it is required all the same.
            if (property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), false) == true
                && schema.Properties?.TryGetValue(property.Name, out IOpenApiSchema? member) == true && member is OpenApiSchema own)
                own.Type &= ~JsonSchemaType.Null;
        }

        if (type.IsEnum || Nullable.GetUnderlyingType(type)?.IsEnum == true) MakeName(schema);
        if (type == typeof(WholeNumber) || type == typeof(WholeNumber?)) MakeWholeNumber(schema, nullable: type == typeof(WholeNumber?));
        if (Examples.Of(type) is { } example) schema.Examples = [example];
    }

    public static OpenApiSchema WholeNumberSchema()
    {
        OpenApiSchema schema = new();
        MakeWholeNumber(schema, nullable: false);
        return schema;
    }

    /// <summary>Codes are given by name; "none" is the absence of one and never sent.</summary>
    private static void MakeName(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. schema.Enum?.Where(name => name is JsonValue && name.ToString() != "none") ?? []];
    }

    private static void MakeWholeNumber(OpenApiSchema schema, bool nullable)
    {
        schema.Type = nullable ? JsonSchemaType.Integer | JsonSchemaType.Null : JsonSchemaType.Integer;
        schema.Format = "int64";
        schema.Minimum = "0";
        schema.Maximum = WholeNumber.Max.ToString(CultureInfo.InvariantCulture);
    }
}
