using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Chat.AdminApi.Problems;
using Chat.Domain;
using Chat.Protocol.Codes;

namespace Chat.AdminApi.Rest;

/// <summary>Reads values of a query parameter that go by name, as they do in bodies: in snake_case.</summary>
internal sealed class QueryNames<T>
    where T : struct, Enum
{
    private readonly Dictionary<string, T> _byName;

    /// <param name="isOffered">Which values may be named.</param>
    public QueryNames(Func<T, bool> isOffered) => _byName = Enum.GetValues<T>()
        .Where(isOffered)
        .ToDictionary(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);

    /// <summary>All of the names as values, or which of them is none and what may be sent.</summary>
    public bool TryRead(string parameter, string[]? names, out List<T> values, [NotNullWhen(false)] out ProblemAnswer? wrong)
    {
        values = [];
        wrong = null;
        foreach (string name in names ?? [])
        {
            if (_byName.TryGetValue(name, out T value))
            {
                values.Add(value);
                continue;
            }

            wrong = ProblemAnswer.Of(new Failure(
                ErrorCode.InvalidArgument, $"{parameter} has no value '{name}': send {string.Join(", ", _byName.Keys)}.", Field: parameter));
            return false;
        }

        return true;
    }
}

/// <summary>Those that more than one route reads.</summary>
internal static class QueryNames
{
    /// <summary>Everything but plain text, which is nothing to look for.</summary>
    public static readonly QueryNames<ContentKind> ContentKinds = new(kind => kind > ContentKind.Text);
}
