using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chat.Domain;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Chat.AdminApi.Problems;

/// <summary>Writes a failure as application/problem+json with the headers that belong to its status. Thread-safe.</summary>
internal sealed partial class ProblemWriter(IOptions<JsonOptions> json)
{
    public const string MediaType = "application/problem+json";

    /// <summary>Path of the page that describes the codes; a problem's type is this with the code's name behind '#'.</summary>
    public const string ErrorPagePath = "/docs/errors";

    public Task WriteAsync(HttpContext http, Rejection rejection)
    {
        Failure failure = rejection.Failure;
        int status = rejection.Status == 0 ? ErrorCodes.HttpStatus(failure.Code) : rejection.Status;
        string name = ErrorCodes.Name(failure.Code);

        HttpResponse response = http.Response;
        response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = rejection.TokenRefused ? "Bearer error=\"invalid_token\"" : "Bearer";
        if (failure.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        Problem problem = new()
        {
            Type = $"{ErrorPagePath}#{name}",
            Title = ErrorTitles.Of(failure.Code),
            Status = status,
            Detail = InCamelCase(failure.Message),
            Code = (int)failure.Code,
            Name = name,
            Retryable = ErrorCodes.IsRetryable(failure.Code),
            RetryAfterMs = failure.RetryAfter is { } time ? (long)Math.Ceiling(time.TotalMilliseconds) : null,
            Field = failure.Field is { } field ? InCamelCase(field) : null,
            RequestId = http.TraceIdentifier,
        };
        JsonSerializerOptions options = json.Value.SerializerOptions;
        return response.WriteAsJsonAsync(problem, options.GetTypeInfo(typeof(Problem)), MediaType, http.RequestAborted);
    }

    /// <summary>Use cases speak of fields as the wire spells them (chat_id); this interface says chatId, inside the sentence too.</summary>
    private static string InCamelCase(string text) => SnakeCase().Replace(text, static word => Camel(word.Value));

    private static string Camel(string field)
    {
        if (field == "member_id") return "principalId"; // the one member of a path; in a list they are memberIds

        string[] words = field.Split('_');
        return string.Concat(words.Select((word, at) => at == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    [GeneratedRegex("[a-z]+(_[a-z]+)+", RegexOptions.CultureInvariant)]
    private static partial Regex SnakeCase();
}
