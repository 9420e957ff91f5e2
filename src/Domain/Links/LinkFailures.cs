using Chat.Protocol.Codes;

namespace Chat.Domain.Links;

/// <summary>Why there is no preview.</summary>
public static class LinkFailures
{
    private static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(1);

    /// <summary>This node fetches as many as it may, for all or for who asks.</summary>
    public static Failure Busy() => Failures.Busy(BusyFor);

    /// <summary>One answer, whatever went wrong outside: it must not tell what is open inside the network that this service runs in.</summary>
    internal static Failure PreviewUnavailable() => new(
        ErrorCode.PreviewUnavailable, "There is no preview of this page: send the link without one.", Field: "url");

    internal static Failure UrlRefused(string wrong) => new(
        ErrorCode.UrlRefused, $"url {wrong}: a preview is made of http and https addresses of public hosts, at ports 80 and 443.", Field: "url");

    internal static Failure Off() => new(ErrorCode.NotConfigured, "This service makes no previews of links: send them without one.");
}
