using System.Reflection;
using System.Text.Json;
using Chat.AdminApi.Rest;
using Chat.Domain;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Problems;

/// <summary>Makes a rejection of what never reached a use case. Texts are ours: the framework's name types of the code.</summary>
internal static class Rejections
{
    private const int MaxFieldLength = 100;

    public static readonly Rejection MediaType = new(
        new Failure(ErrorCode.InvalidArgument, "The body must be sent as application/json in UTF-8."),
        StatusCodes.Status415UnsupportedMediaType);

    public static Rejection OfStatus(int status) => new(
        status switch
        {
            StatusCodes.Status404NotFound => new Failure(ErrorCode.InvalidArgument, "There is no such route; /openapi/v1.json lists all."),
            StatusCodes.Status405MethodNotAllowed => new Failure(ErrorCode.InvalidArgument, "The route exists, but not with this method."),
            StatusCodes.Status413PayloadTooLarge => new Failure(ErrorCode.InvalidArgument, "The body is larger than this server takes: send less at once, and files to /api/media/upload, in parts."),
            StatusCodes.Status415UnsupportedMediaType => MediaType.Failure,
            StatusCodes.Status503ServiceUnavailable => Outage.Failure,
            >= 500 => Outage.OurFault,
            _ => new Failure(ErrorCode.InvalidArgument, "The request cannot be understood."),
        },
        status);

    /// <summary>A member that the body must have is not there, or is null.</summary>
    public static Rejection Missing(string field) => new(new Failure(ErrorCode.InvalidArgument, $"'{field}' is missing.", Field: field));

    /// <summary>The body is not JSON, or not of the form that the route takes.</summary>
    public static Rejection OfJson(JsonException exception)
    {
        // Where the text itself is not JSON, the reader's own exception is within (System.Text.Json), and the path is of what came before.
        if (exception.InnerException is JsonException)
        {
            return new(new Failure(
                ErrorCode.InvalidArgument,
                $"The body is not JSON that can be read: look at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}, and whether it breaks off there."));
        }

        string? field = FieldOf(exception.Path);
        return new(new Failure(
            ErrorCode.InvalidArgument,
            field is null
                ? "The body is not the JSON object that this route takes."
                : $"The body's member '{field}' is not known, is given twice, or has a value that is not acceptable.",
            Field: field));
    }

    /// <summary>A part of the path or the query, or the body as a whole, could not be taken.</summary>
    public static Rejection OfBinding(HttpContext http, BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest) return OfStatus(exception.StatusCode);

        return FaultyParameter(http) is { } parameter
            ? new(new Failure(
                ErrorCode.InvalidArgument, $"'{parameter}' is missing or has a value that is not acceptable.", Field: parameter))
            : new(new Failure(ErrorCode.InvalidArgument, "The body is missing or cannot be read."));
    }

    /// <summary>
    /// The handler's parameter that does not parse. The framework says which only inside a sentence, so the parameters are tried again.
    /// </summary>
    private static string? FaultyParameter(HttpContext http)
    {
        foreach (ParameterInfo parameter in http.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
        {
            Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            if (type != typeof(WholeNumber) && type != typeof(int) && type != typeof(DateTimeOffset) && type != typeof(Guid)) continue;

            string name = parameter.Name!;
            string? given = http.GetRouteValue(name) as string ?? (string?)http.Request.Query[name];
            bool optional = type != parameter.ParameterType;
            if (string.IsNullOrEmpty(given) ? optional : Parses(type, given)) continue;
            return name;
        }

        return null;
    }

    private static bool Parses(Type type, string given)
    {
        if (type == typeof(int)) return int.TryParse(given, System.Globalization.CultureInfo.InvariantCulture, out _);
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.TryParse(given, System.Globalization.CultureInfo.InvariantCulture, out _);
        return type == typeof(Guid) ? Guid.TryParse(given, out _) : WholeNumber.TryParse(given, null, out _);
    }

    /// <summary>"$.memberIds[3]" → "memberIds[3]"; null for the body itself.</summary>
    private static string? FieldOf(string? path)
    {
        if (path is null || path.Length < 3) return null;

        string field = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..];
        return field.Length <= MaxFieldLength ? field : field[..MaxFieldLength];
    }
}
