using System.Globalization;
using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Chat.AdminApi.OpenApi;

/// <summary>Completes an operation: parameters, who may call, and every failure with its codes.</summary>
internal static class OperationDetails
{
    public const string BearerScheme = "bearer";

    /// <summary>What any route below /api may answer.</summary>
    private static readonly ErrorCode[] AnyRoute =
        [ErrorCode.InvalidArgument, ErrorCode.RateLimited, ErrorCode.Internal, ErrorCode.Unavailable];

    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["chatId"] = "The chat's id.",
        ["callId"] = "The call's id.",
        ["chat"] = "Only those of this chat, by its id.",
        ["scheduledId"] = "The scheduled message's id.",
        ["passkeyId"] = "The passkey's id.",
        ["endpointId"] = "Only from this place, as it was started or answered with: a repeat from an old one ends nothing else.",
        ["direction"] = "Only these: incoming, outgoing or missed.",
        ["deviceId"] = "The device's id.",
        ["principalId"] = "The person's id.",
        ["sequence"] = "The message's sequence in the chat.",
        ["cursor"] = "nextCursor of the page before.",
        ["after"] = "Only what comes after this one: nextCursor of the page before.",
        ["before"] = "Only events with a lower sequence; not together with after.",
        ["limit"] = "Most items of a page.",
        ["readUpTo"] = "How far you have read, as a sequence: that is read first, so that a reading which is on its way does not end the mark.",
        ["favourites"] = "True: only those who are a favourite.",
        ["handle"] = "The channel's public name.",
        ["userId"] = "The person's id.",
        ["id"] = "The status's id.",
        ["code"] = "The secret of the link.",
        ["kind"] = "What is wanted; may be given several times.",
        ["blobId"] = "The file's name, from its upload.",
        ["invite"] = "The secret of a link to a group or channel, for its picture before one is in it.",
        ["fileName"] = "What the file is called; its extension says what it is.",
        ["offset"] = "Where the part begins in the file: what has come so far.",
        ["q"] = "Words, all of which are wanted; the last one may be the beginning of one, unless a space follows it.",
        ["sender"] = "Only what this person sent.",
        ["from"] = "Only what was sent, or began, then or later; RFC 3339.",
        ["to"] = "Only what was sent, or began, before; RFC 3339.",
        ["order"] = "What comes first: newest (the default) or relevance.",
        ["login"] = "The whole e-mail address or phone number, or issuer:subject of somebody of the caller's own app.",
    };

    public static async Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        DescribeParameters(operation, context.Description);
        if (context.Description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) != true) return;

        List<ErrorCode> codes = [.. AnyRoute, .. metadata.OfType<FailureCodes>().SelectMany(failures => failures.Codes)];
        if (metadata.OfType<CallerRequired>().Any())
        {
            codes.AddRange([ErrorCode.SignInRequired, ErrorCode.TokenInvalid, ErrorCode.AccountBlocked]);
            OpenApiSecuritySchemeReference bearer = new(BearerScheme, context.Document);
            operation.Security = [new OpenApiSecurityRequirement { [bearer] = [] }];
        }

        if (metadata.OfType<RawBody>().FirstOrDefault() is { } raw)
        {
            OpenApiMediaType bytes = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = raw.Description,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/octet-stream"] = bytes },
            };
        }

        Dictionary<int, SortedSet<string>> failures = [];
        foreach (ErrorCode code in codes) Add(failures, ErrorCodes.HttpStatus(code), code);
        if (operation.RequestBody is not null)
        {
            Add(failures, 413, ErrorCode.InvalidArgument);
            Add(failures, 415, ErrorCode.InvalidArgument);
        }

        OpenApiSchema problem = await context.GetOrCreateSchemaAsync(typeof(Problem), cancellationToken: ct);
        context.Document?.AddComponent(nameof(Problem), problem);
        operation.Responses ??= [];
        foreach ((int status, SortedSet<string> names) in failures)
        {
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(", ", names),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemWriter.MediaType] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) },
                },
            };
        }
    }

    private static void DescribeParameters(OpenApiOperation operation, ApiDescription description)
    {
        foreach (IOpenApiParameter parameter in operation.Parameters ?? [])
        {
            if (parameter is not OpenApiParameter own || own.Name is null) continue;

            own.Description ??= Parameters.GetValueOrDefault(own.Name);
            ApiParameterDescription? bound = description.ParameterDescriptions.FirstOrDefault(found => found.Name == own.Name);
            Type? type = bound?.ParameterDescriptor?.ParameterType;
            if (type == typeof(WholeNumber) || type == typeof(WholeNumber?)) own.Schema = SchemaDetails.WholeNumberSchema();
        }
    }

    private static void Add(Dictionary<int, SortedSet<string>> failures, int status, ErrorCode code)
    {
        if (!failures.TryGetValue(status, out SortedSet<string>? names)) failures[status] = names = new(StringComparer.Ordinal);
        names.Add(ErrorCodes.Name(code));
    }
}
