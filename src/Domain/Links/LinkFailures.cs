using Chat.Protocol.Codes;

namespace Chat.Domain.Links;

/// <summary>Why there is no preview.</summary>
internal static class LinkFailures
{
    /// <summary>One answer, whatever went wrong outside: it must not tell what is open inside the network that this service runs in.</summary>
    public static Failure PreviewUnavailable() => new(
        ErrorCode.PreviewUnavailable, "There is no preview of this page: send the link without one.", Field: "url");

    public static Failure UrlRefused(string wrong) => new(
        ErrorCode.UrlRefused, $"url {wrong}: a preview is made of http and https addresses of public hosts, at ports 80 and 443.", Field: "url");

    public static Failure Off() => new(ErrorCode.NotConfigured, "This service makes no previews of links: send them without one.");
}
