using System.Reflection;
using System.Text;


namespace Chat.Sdk.Tests;

/// <summary>
/// The public surface of Chat.Sdk is what PublicApi.txt says; apps compile against it. After a wished change write the file anew and
/// read its difference: <c>CHAT_WRITE_PUBLIC_API=$PWD/tests/Sdk.Tests/PublicApi.txt dotnet test tests/Sdk.Tests</c>.
/// </summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class PublicApiTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Test]
    public void Public_surface_is_the_one_written_down()
    {
        string surface = Surface(typeof(ChatClient).Assembly);
        if (Environment.GetEnvironmentVariable("CHAT_WRITE_PUBLIC_API") is { Length: > 0 } path)
        {
            File.WriteAllText(path, surface);
            Assert.Pass($"{path} was written.");
        }

        string[] expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "PublicApi.txt"));
        string[] actual = surface.TrimEnd('\n').Split('\n');
        Assert.That(actual.Except(expected), Is.Empty, "new in the assembly; if wished, write PublicApi.txt anew");
        Assert.That(expected.Except(actual), Is.Empty, "gone from the assembly; if wished, write PublicApi.txt anew");
        Assert.That(actual, Is.EqualTo(expected), "the order differs; write PublicApi.txt anew");
    }

    private static string Surface(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Describe(type)).Append('\n');
            IEnumerable<string> members = type.GetMembers(Declared).Where(IsVisible).Select(Describe).Where(line => line.Length > 0);
            foreach (string member in members.Order(StringComparer.Ordinal)) text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Describe(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => $"enum : {Enum.GetUnderlyingType(type).Name}",
            { IsInterface: true } => "interface",
            { IsByRefLike: true } => "ref struct",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            _ => "class",
        };
        return $"{type.Namespace}.{Name(type)} ({kind})";
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        FieldInfo field => field.IsPublic && !field.IsSpecialName,
        MethodBase method => method.IsPublic && !IsGenerated(method),
        PropertyInfo property => property.GetAccessors().Length > 0,
        _ => false,
    };

    // What the compiler adds to each record says nothing.
    private static bool IsGenerated(MethodBase method) =>
        method.Name is "ToString" or "GetHashCode" or "Equals" or "op_Equality" or "op_Inequality" or "Deconstruct"
        || (method.IsSpecialName && !method.IsConstructor);

    private static string Describe(MemberInfo member) => member switch
    {
        FieldInfo { IsLiteral: true } field => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), provider: null)}",
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        PropertyInfo property => $"{Static(property.GetMethod!)}{Name(property.PropertyType)} {property.Name} {{ {Accessors(property)} }}",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{Static(method)}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method)})",
        _ => "",
    };

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string Accessors(PropertyInfo property) =>
        string.Join(' ', property.GetAccessors().Select(accessor => accessor.ReturnType == typeof(void) ? "set;" : "get;"));

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(Describe));

    private static string Describe(ParameterInfo parameter) =>
        $"{Direction(parameter)}{Name(parameter.ParameterType)} {parameter.Name}{Default(parameter)}";

    private static string Direction(ParameterInfo parameter) => parameter switch
    {
        { IsOut: true } => "out ",
        { IsIn: true } => "in ",
        { ParameterType.IsByRef: true } => "ref ",
        _ => "",
    };

    private static string Default(ParameterInfo parameter) => parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "";

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } bare) return Name(bare) + "?";
        if (!type.IsGenericType) return type.Name;

        string open = type.Name.Split('`')[0];
        return $"{open}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
