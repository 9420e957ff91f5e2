using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Chat.AdminApi.OpenApi;

/// <summary>Describes the interface as OpenAPI 3.1. Texts come from the routes' summaries and the resources' comments.</summary>
internal static class OpenApiDescription
{
    public const string DocumentName = "v1";

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<OpenApiText>();
        services.AddOpenApi(DocumentName, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = _ => true;
            options.CreateSchemaReferenceId = type =>
                SchemaDetails.IsPlain(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddDocumentTransformer((document, _, _) =>
            {
                Introduce(document);
                return Task.CompletedTask;
            });
            options.AddSchemaTransformer((schema, context, _) =>
            {
                SchemaDetails.Complete(schema, context.JsonTypeInfo);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(OperationDetails.CompleteAsync);
        });
    }

    private static void Introduce(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Chat REST interface",
            Version = DocumentName,
            Description =
                "The use cases of the chat server over HTTP. Sign in, then send the token as 'Authorization: Bearer …'. " +
                "Lists come in pages: give nextCursor back until it is null. Every failure is application/problem+json (RFC 9457) " +
                "with the code of the WebSocket protocol; /docs/errors lists them.",
        };
        // Not the address this request came by: the document is the same for everyone and may be kept.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[OperationDetails.BearerScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The access token of register, login or refresh.",
        };
        foreach (OpenApiTag tag in document.Tags ?? new HashSet<OpenApiTag>()) tag.Description = DescriptionOf(tag.Name);
    }

    private static string? DescriptionOf(string? tag) => tag switch
    {
        "Account" => "Accounts, sign-in and one's own profile.",
        "Chats" => "Chats of any kind, and who is in them.",
        "Groups" => "Groups: making, naming, members and roles.",
        "Channels" => "Channels: making them, and subscribing by their public name.",
        "Invites" => "Links by which people join a group or channel.",
        "Messages" => "Sending, history, delivered and read watermarks.",
        "Media" => "Files: uploading, links to read them, deleting.",
        "People" => "Finding a person to write to.",
        "Search" => "Finding messages, people and chats by words.",
        "Notices" => "What happened to one: the list inside an app.",
        "Realtime" => "What goes with the WebSocket protocol.",
        "Health" => "Probes and the version.",
        _ => null,
    };
}
