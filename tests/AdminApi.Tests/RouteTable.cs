using System.Reflection;
using Chat.AdminApi.Rest;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Tests;

/// <summary>One route as the host has it: what the generated tests go through, so that a new route is covered by being mapped.</summary>
internal sealed record ApiRoute(
    string Method, string Pattern, string OperationId, IReadOnlyList<string> PathParameters, IReadOnlyList<string> QueryParameters,
    Type? Body)
{
    public string Name => $"{Method} {Pattern}";

    public override string ToString() => Name;
}

internal static class RouteTable
{
    /// <summary>Every route below /api with a method; the catch-all that answers unknown routes has none.</summary>
    public static IReadOnlyList<ApiRoute> Of(ApiHost host) =>
    [
        .. from endpoint in host.Routes
           let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()
           where methods is not null && endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)
           from method in methods.HttpMethods
           orderby endpoint.RoutePattern.RawText, method
           select From(endpoint, method),
    ];

    private static ApiRoute From(RouteEndpoint endpoint, string method)
    {
        string[] path = [.. endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name)];
        IEnumerable<ParameterInfo> parameters = endpoint.Metadata.GetRequiredMetadata<MethodInfo>().GetParameters();
        return new ApiRoute(
            method,
            endpoint.RoutePattern.RawText!.TrimEnd('/'), // a group's own route is mapped as "/api/chats/"
            endpoint.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName,
            path,
            [.. parameters.Where(IsFromQuery).Select(parameter => parameter.Name!).Except(path)],
            endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType);
    }

    private static bool IsFromQuery(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string)
        || (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) is { } type
            && (type == typeof(WholeNumber) || type == typeof(int));
}
