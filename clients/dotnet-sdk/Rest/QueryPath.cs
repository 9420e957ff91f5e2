using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Chat.Sdk.Rest;

/// <summary>A path below <c>/api/</c> with what is asked behind it; what is null is not asked. One user.</summary>
internal sealed class QueryPath(string path)
{
    private readonly StringBuilder _text = new(path);
    private char _separator = '?';

    public QueryPath With(string name, string? value)
    {
        if (value is null) return this;
        _text.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _separator = '&';
        return this;
    }

    public QueryPath With(string name, long? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryPath With(string name, DateTimeOffset? value) => With(name, value?.ToString("O", CultureInfo.InvariantCulture));

    /// <summary>By name, in snake case.</summary>
    public QueryPath With<TEnum>(string name, TEnum? value)
        where TEnum : struct, Enum => With(name, value is { } one ? JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()) : null);

    public override string ToString() => _text.ToString();
}
