using System.ComponentModel.DataAnnotations;
using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.AdminApi.Rest.Messages;
using Chat.Domain.Links;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Links;

/// <summary>Cards of the pages that messages link to.</summary>
internal static class LinkEndpoints
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/link-previews", MakeAsync)
            .WithTags("Messages")
            .Describe("makeLinkPreview", "Fetches a page and answers with its card, to be sent as it is in the content of a message that links to it.")
            .FailsWith(ErrorCode.UrlRefused, ErrorCode.PreviewUnavailable, ErrorCode.NotConfigured, ErrorCode.Busy, ErrorCode.RateLimited);

    private static async Task<Results<Ok<LinkResource>, ProblemAnswer>> MakeAsync(
        HttpContext http, LinkPreviewBody body, MakeLinkPreview make, CancellationToken ct) =>
        body.Url is { } url
            ? (await make.ExecuteAsync(http.Caller(), url, body.ChatId?.Value, ct)).ToOk(link => LinkResource.From(link))
            : ProblemAnswer.Missing("url");
}

/// <summary>Which page to look at (protocol-spec.md §8.16).</summary>
internal sealed record LinkPreviewBody
{
    /// <summary>Its address, exactly as the message's text has it: http or https, a public host, port 80 or 443, at most 2,000 characters.</summary>
    [Required]
    public string? Url { get; init; }

    /// <summary>The chat that the message goes to, which the picture is uploaded for. Left out: no picture.</summary>
    public WholeNumber? ChatId { get; init; }
}
