using System.Reflection;

using BenchmarkDotNet.Attributes;

namespace Chat.Micro.Budgets;

/// <summary>One class of benchmarks with one choice of its parameters, set up. Every class that counts its memory is in.</summary>
internal sealed class BenchmarkCase : IAsyncDisposable
{
    private readonly Type _type;
    private readonly string _choice;
    private readonly object _instance;

    private BenchmarkCase(Type type, IReadOnlyList<(PropertyInfo Property, object Value)> parameters)
    {
        (_type, _instance) = (type, Activator.CreateInstance(type)!);
        _choice = parameters.Count == 0 ? "" : $"({string.Join(",", parameters.Select(parameter => parameter.Value))})";
        foreach ((PropertyInfo property, object value) in parameters) property.SetValue(_instance, value);
        foreach (MethodInfo setup in MethodsWith<GlobalSetupAttribute>()) Run(setup);
    }

    /// <summary>One after another, each to be disposed before the next is asked for.</summary>
    public static IEnumerable<BenchmarkCase> All() =>
        from type in typeof(BenchmarkCase).Assembly.GetTypes()
        where type.GetCustomAttribute<MemoryDiagnoserAttribute>() is not null
        orderby type.FullName
        from parameters in Choices([.. type.GetProperties().Where(property => property.GetCustomAttribute<ParamsAttribute>() is not null)])
        select new BenchmarkCase(type, parameters);

    /// <summary>Name, operations in one call, and the call.</summary>
    public IEnumerable<(string Name, int OperationsPerCall, Action Call)> Operations()
    {
        string prefix = _type.FullName!["Chat.Micro.".Length..];
        foreach (MethodInfo method in MethodsWith<BenchmarkAttribute>())
        {
            int operations = method.GetCustomAttribute<BenchmarkAttribute>()!.OperationsPerInvoke;
            yield return ($"{prefix}.{method.Name}{_choice}", operations, ToCall(method));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (MethodInfo cleanup in MethodsWith<GlobalCleanupAttribute>())
            if (Run(cleanup) is Task cleaned) await cleaned;
    }

    private static IEnumerable<IReadOnlyList<(PropertyInfo Property, object Value)>> Choices(PropertyInfo[] properties)
    {
        if (properties.Length == 0) return [[]];
        PropertyInfo first = properties[0];
        return from value in first.GetCustomAttribute<ParamsAttribute>()!.Values
               from rest in Choices(properties[1..])
               select (IReadOnlyList<(PropertyInfo, object)>)[(first, value!), .. rest];
    }

    /// <summary>Typed by what the benchmark returns: a call by reflection would box it, and count the box.</summary>
    private Action ToCall(MethodInfo method) =>
        (Action)typeof(BenchmarkCase).GetMethod(nameof(Discarding), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(method.ReturnType)
            .Invoke(null, [method.CreateDelegate(typeof(Func<>).MakeGenericType(method.ReturnType), _instance)])!;

    private static Action Discarding<T>(Func<T> benchmark) => () => benchmark();

    private object? Run(MethodInfo method) => method.Invoke(_instance, BindingFlags.DoNotWrapExceptions, null, null, null);

    private IEnumerable<MethodInfo> MethodsWith<T>()
        where T : Attribute =>
        _type.GetMethods().Where(method => method.GetCustomAttribute<T>() is not null);
}
