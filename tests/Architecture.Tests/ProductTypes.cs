using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Chat.Architecture.Tests;

/// <summary>What the assemblies of the product are made of.</summary>
internal static class ProductTypes
{
    private static readonly string[] Assemblies = ["Chat.Protocol", "Chat.Storage", "Chat.Domain", "Chat.AdminApi", "Chat.Server", "Chat.Sdk"];

    /// <summary>All types but those that the compiler makes.</summary>
    public static IEnumerable<Type> All() =>
        Assemblies.SelectMany(name => Assembly.Load(name).GetTypes()).Where(type => !type.Name.Contains('<', StringComparison.Ordinal));

    /// <summary>Every line that may come into the log.</summary>
    public static IEnumerable<LoggerMessageAttribute> Messages() => LogMethods().Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()!);

    public static IEnumerable<MethodInfo> LogMethods() =>
        All().SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(LoggerMessageAttribute)));
}
