using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Chat.Domain.Outside;

/// <summary>
/// Judges an address that somebody names for this service to ask. By its looks only: what a name leads to is judged when it is asked, each time.
/// </summary>
public static class PublicUrl
{
    private const int MaxPageChars = 2_000;
    private const string NotInAddress = "has characters that do not stand in an address";
    private const string NoName = "names its host by what is no name, or too long for one";

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

    /// <summary>The same for a page that a message links to: also of http, and as people write it, with letters of any script.</summary>
    /// <param name="isOwnNetworkAllowed">Hosts of one's own network, and any port, are right, too.</param>
    public static bool TryReadPage(string? text, bool isOwnNetworkAllowed, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? wrong)
    {
        url = null;
        wrong = JudgePage(text, isOwnNetworkAllowed, out Uri? read);
        if (wrong is not null) return false;
        url = read!;
        return true;
    }

    private static string? Judge(string? text, int maxChars, bool isOwnNetworkAllowed, out Uri? url)
    {
        url = null;
        if (JudgeLength(text, maxChars) is { } wrong) return wrong;
        if (text!.Any(c => c is < '!' or > '~')) return NotInAddress;
        if (!Uri.TryCreate(text, UriKind.Absolute, out url) || url.Scheme != Uri.UriSchemeHttps) return "is not an absolute one of https";
        if (url.UserInfo.Length > 0) return "has a user name in it";
        if (isOwnNetworkAllowed) return null;
        return url.IsDefaultPort ? JudgeHost(url) : "names a port";
    }

    private static string? JudgePage(string? text, bool isOwnNetworkAllowed, out Uri? url)
    {
        url = null;
        if (JudgeLength(text, MaxPageChars) is { } wrong) return wrong;
        if (text!.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || TextRules.HasLoneSurrogate(text!)) return NotInAddress;
        bool isRead = Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);
        if (!isRead || url!.Host.Length == 0) return "is not an absolute one of http or https";
        if (url.UserInfo.Length > 0) return "has a user name in it";
        if (!TryReadHost(url, out _)) return NoName; // it could not be asked either, wherever it is
        if (isOwnNetworkAllowed) return null;
        return url.Port is 80 or 443 ? JudgeHost(url) : "names another port than 80 and 443";
    }

    private static string? JudgeLength(string? text, int maxChars) =>
        string.IsNullOrEmpty(text) ? "is missing" : text.Length > maxChars ? $"has more than {maxChars} characters" : null;

    private static string? JudgeHost(Uri url)
    {
        if (!TryReadHost(url, out string host)) return NoName;
        bool isNumber = url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || IPAddress.TryParse(host, out _);
        if (isNumber || url.Host.Any(IsOtherForm)) return "names its host by a number";
        if (url.HostNameType != UriHostNameType.Dns) return NoName;
        if (!host.Contains('.', StringComparison.Ordinal)) return "names a host without a domain";
        return Array.Exists(OwnSuffixes, suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) ? "names a host of a private network" : null;
    }

    /// <summary>As resolvers take it; false where the letters of other scripts make a label that is none, or too long when it is written so.</summary>
    private static bool TryReadHost(Uri url, out string host)
    {
        try
        {
            host = url.IdnHost.TrimEnd('.');
            return true;
        }
        catch (UriFormatException)
        {
            host = "";
            return false;
        }
    }

    /// <summary>Digits, letters and dots that resolvers may read as those of ASCII, and so as a number.</summary>
    private static bool IsOtherForm(char c) => c is >= '\uFF00' and <= '\uFFEF' or '\u3002' || (!char.IsAscii(c) && char.IsNumber(c));
}
