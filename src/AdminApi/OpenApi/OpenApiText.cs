using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Chat.AdminApi.OpenApi;

/// <summary>The description as bytes, made at the first request and kept, as the routes do not change. Thread-safe.</summary>
internal sealed class OpenApiText([FromKeyedServices(OpenApiDescription.DocumentName)] IOpenApiDocumentProvider documents)
{
    internal sealed record Content(byte[] Json, string ETag);

    private readonly Lock _gate = new();
    private Task<Content>? _content;

    /// <summary>The text. A failed attempt is not kept.</summary>
    public Task<Content> GetAsync()
    {
        lock (_gate)
        {
            if (_content is null or { IsFaulted: true } or { IsCanceled: true }) _content = MakeAsync();
            return _content;
        }
    }

    private async Task<Content> MakeAsync()
    {
        OpenApiDocument document = await documents.GetOpenApiDocumentAsync(CancellationToken.None);
        using MemoryStream json = new();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        byte[] bytes = json.ToArray();
        return new Content(bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"");
    }
}
