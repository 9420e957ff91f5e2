using System.Diagnostics.CodeAnalysis;

namespace Chat.Domain.Outside;

/// <summary>
/// Judges an address that somebody names for this service to ask. By its looks only: what a name leads to is judged when it is asked, each time.
/// </summary>
public static class PublicUrl
{
    /// <summary>Names that lead into a network of one's own (RFC 6761, RFC 6762, RFC 8375, RFC 9476), and what is a name of no host at all.</summary>
    private static readonly string[] OwnSuffixes =
        [".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".invalid", ".test", ".alt", ".onion"];

    /// <param name="isOwnNetworkAllowed">Hosts of one's own network are right, too.</param>
    /// <param name="wrong">What is wrong with it, to stand behind "the address".</param>
    public static bool TryRead(
        string? text, int maxChars, bool isOwnNetworkAllowed, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? wrong)
    {
        url = null;
        wrong = Judge(text, maxChars, isOwnNetworkAllowed, out Uri? read);
        if (wrong is not null) return false;
        url = read!;
        return true;
    }

    private static string? Judge(string? text, int maxChars, bool isOwnNetworkAllowed, out Uri? url)
    {
        url = null;
        if (string.IsNullOrEmpty(text)) return "is missing";
        if (text.Length > maxChars) return $"has more than {maxChars} characters";
        if (text.Any(c => c is < '!' or > '~')) return "has characters that do not stand in an address";
        if (!Uri.TryCreate(text, UriKind.Absolute, out url) || url.Scheme != Uri.UriSchemeHttps) return "is not an absolute one of https";
        if (url.UserInfo.Length > 0) return "has a user name in it";
        if (isOwnNetworkAllowed) return null;
        if (!url.IsDefaultPort) return "names a port";
        if (url.HostNameType != UriHostNameType.Dns) return "names its host by a number";
        string host = url.IdnHost.TrimEnd('.');
        if (!host.Contains('.', StringComparison.Ordinal)) return "names a host without a domain";
        return Array.Exists(OwnSuffixes, suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) ? "names a host of a private network" : null;
    }
}
