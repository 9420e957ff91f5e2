using System.Globalization;
using Chat.AdminApi.Problems;
using Chat.Domain;
using Chat.Domain.Media;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Chat.AdminApi.Rest.Media;

/// <summary>
/// Serves files to who shows a link: ranges, one type found from the bytes, always as a download and under a policy in which nothing of the
/// file can act (promises 4.6). Stands outside of /api, so that a deployment may give it an origin of its own.
/// </summary>
internal static class DownloadEndpoint
{
    public const string Prefix = "/media";

    private const string Policy = "sandbox; default-src 'none'; frame-ancestors 'none'";

    public static void Map(RouteGroupBuilder group) =>
        group.MapMethods(Prefix + "/{blobId}", [HttpMethods.Get, HttpMethods.Head], SendAsync).ExcludeFromDescription();

    private static async Task<IResult> SendAsync(
        HttpContext http, string blobId, string? principal, string? kind, string? expires, string? signature, OpenBlob open, CancellationToken ct)
    {
        // A time, a principal or a kind that is none was signed by nobody: it reads as 0, and the signature does not fit.
        _ = long.TryParse(principal, NumberStyles.None, CultureInfo.InvariantCulture, out long principalId);
        _ = long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long expiresAt);
        byte kindNumber = (byte)PrincipalKind.Person;
        if (kind is not null) _ = byte.TryParse(kind, NumberStyles.None, CultureInfo.InvariantCulture, out kindNumber);
        Caller holder = new(principalId, 0, (PrincipalKind)kindNumber);
        Result<OpenedBlob> opened = await open.ExecuteAsync(blobId, holder, expiresAt, signature, ct);
        if (!opened.IsOk) return ProblemAnswer.Of(opened.Failure);

        (Storage.Media.BlobRow row, Stream content) = opened.Value;
        IHeaderDictionary headers = http.Response.Headers;
        headers.ContentDisposition = BlobFileName.AttachmentHeader(row.FileName);
        headers.ContentSecurityPolicy = Policy;
        // A file never changes, and one that was deleted may be seen for as long; but one of a status is over when the status is.
        headers.CacheControl = row.Purpose == (short)BlobPurpose.Status ? "private, no-store" : "private, max-age=3600, immutable";
        return Results.Stream(
            content,
            row.ContentType,
            lastModified: DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
            entityTag: new EntityTagHeaderValue($"\"{blobId}\""),
            enableRangeProcessing: true);
    }
}
