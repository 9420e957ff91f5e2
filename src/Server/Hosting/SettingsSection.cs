using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;

namespace Chat.Server.Hosting;

/// <summary>
/// Fills an options record from one configuration section, value by value, so that every fault of it is found and named in one go.
/// The framework's binder stops at the first value that it cannot convert.
/// </summary>
internal static class SettingsSection
{
    /// <summary>Of a key that stands in for one that could not be read: as long as each may be, and nobody else's, so that it has no second fault.</summary>
    private const int StandInBytes = 32;

    /// <param name="start">The record to fill; null for one with its own defaults.</param>
    public static T Read<T>(IConfiguration configuration, string name, List<string> faults, T? start = null)
        where T : class, new()
    {
        T options = start ?? new();
        Fill(options, configuration.GetSection(name), name, faults);
        return options;
    }

    /// <param name="options">A record that nobody else has yet: what it holds is set in place.</param>
    private static void Fill(object options, IConfigurationSection section, string name, List<string> faults)
    {
        Dictionary<string, PropertyInfo> properties = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection value in section.GetChildren())
        {
            if (!properties.TryGetValue(value.Key, out PropertyInfo? property))
            {
                faults.Add($"{name}:{value.Key} is not a setting. {name} has: {string.Join(", ", properties.Keys.Order(StringComparer.Ordinal))}.");
                continue;
            }

            if (IsRecord(property.PropertyType) && value.Value is null) Fill(property.GetValue(options)!, value, $"{name}:{property.Name}", faults);
            else if (TryConvert(value, property.PropertyType, out object? converted)) property.SetValue(options, converted);
            else
            {
                if (property.PropertyType == typeof(byte[])) property.SetValue(options, RandomNumberGenerator.GetBytes(StandInBytes)); // else it were too short, too
                faults.Add($"{name}:{property.Name} (environment: CHAT__{name.Replace(":", "__", StringComparison.Ordinal)}__{property.Name}) is '{Shown(property, value.Value)}': set {Expected(property.PropertyType)}.");
            }
        }
    }

    /// <summary>A section within a section.</summary>
    private static bool IsRecord(Type type) => type.IsClass && type.GetConstructor(Type.EmptyTypes) is not null;

    private static bool TryConvert(IConfigurationSection value, Type type, out object? converted)
    {
        converted = null;
        if (type == typeof(string[]) || type == typeof(IList<string>))
        {
            converted = value.Value is { } list
                ? list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                : value.GetChildren().Select(item => item.Value ?? "").ToArray();
            return true;
        }

        if (value.Value is not { } text) return false;
        if (type == typeof(byte[])) return TryBase64(text, out converted);
        if (type == typeof(TimeSpan))
        {
            // A bare number would be read as days.
            bool valid = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span) && text.Contains(':', StringComparison.Ordinal);
            converted = span;
            return valid;
        }

        try
        {
            converted = TypeDescriptor.GetConverter(Nullable.GetUnderlyingType(type) ?? type).ConvertFromInvariantString(text);
            return converted is not null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static bool TryBase64(string text, out object? converted)
    {
        byte[] bytes = new byte[text.Length];
        bool valid = Convert.TryFromBase64String(text, bytes, out int length);
        converted = bytes[..length];
        return valid;
    }

    private static string Shown(PropertyInfo property, string? value) =>
        property.Name.Contains("Key", StringComparison.Ordinal) || property.Name.Contains("ConnectionString", StringComparison.Ordinal) ? "***" : value ?? "(nested values)";

    private static string Expected(Type type) =>
        type == typeof(TimeSpan) ? "a time as hh:mm:ss"
        : type == typeof(byte[]) ? "bytes in base64"
        : type == typeof(bool) ? "true or false"
        : (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } choices ? string.Join(" or ", Enum.GetNames(choices))
        : IsRecord(type) ? "its values, one by one"
        : (Nullable.GetUnderlyingType(type) ?? type) == typeof(double) ? "a number, such as 10 or 0.5"
        : (Nullable.GetUnderlyingType(type) ?? type) == typeof(int) || type == typeof(long) ? "a whole number"
        : "a text";
}
