using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;

namespace Chat.Protocol.Tests.Support;

/// <summary>Frames as the JSON of the vectors and back, by reflection over the records: what tests/vectors/README.md describes.</summary>
internal static class FrameJson
{
    public static JsonObject ToJson(object frame)
    {
        if (frame is EventPush push) return ToJson(push.Event);

        var json = new JsonObject();
        foreach (ParameterInfo parameter in Parameters(frame.GetType()))
        {
            object? value = frame.GetType().GetProperty(parameter.Name!)!.GetValue(frame);
            json[Name(parameter)] = ToNode(value);
        }

        return json;
    }

    public static object FromJson(JsonObject json, Type type)
    {
        if (type == typeof(EventPush)) return new EventPush((WireEvent)FromJson(json, typeof(WireEvent)));

        ParameterInfo[] parameters = Parameters(type);
        if (json.Count != parameters.Length)
            throw new InvalidDataException($"{type.Name} has {parameters.Length} fields, the vector names {json.Count}");
        object?[] arguments = parameters.Select(parameter => FromNode(json[Name(parameter)], parameter.ParameterType)).ToArray();
        return Activator.CreateInstance(type, arguments)!;
    }

    /// <summary>The fields of a frame or element in their order; none for a frame without fields.</summary>
    public static ParameterInfo[] Parameters(Type type) =>
        type.GetConstructors().Select(constructor => constructor.GetParameters()).MaxBy(parameters => parameters.Length) ?? [];

    private static string Name(ParameterInfo parameter) => JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);

    private static JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        Guid uuid => JsonValue.Create(uuid.ToString("N")),
        IEnumerable list => new JsonArray(list.Cast<object>().Select(ToNode).ToArray()),
        Enum or int or long => JsonValue.Create(Convert.ToInt64(value, provider: null)),
        _ => ToJson(value),
    };

    // A node that was parsed gives any width; one that was made gives only its own.
    private static long Integer(JsonNode node) => node.AsValue().TryGetValue(out int narrow) ? narrow : node.GetValue<long>();

    private static object? FromNode(JsonNode? node, Type type)
    {
        if (node is null) return null;

        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string)) return node.GetValue<string>();
        if (bare == typeof(bool)) return node.GetValue<bool>();
        if (bare == typeof(Guid)) return Guid.ParseExact(node.GetValue<string>(), "N");
        if (bare == typeof(long)) return Integer(node);
        if (bare == typeof(int)) return checked((int)Integer(node));
        if (bare.IsEnum) return Enum.ToObject(bare, Integer(node));
        if (!bare.IsGenericType) return FromJson(node.AsObject(), bare);

        Type item = bare.GetGenericArguments()[0];
        JsonArray nodes = node.AsArray();
        var list = Array.CreateInstance(item, nodes.Count);
        for (int i = 0; i < nodes.Count; i++) list.SetValue(FromNode(nodes[i], item), i);
        return list;
    }
}
