namespace Chat.Domain.Accounts.Passkeys;

/// <summary>Where passkeys are made and used. Section <c>Passkeys</c>; the same on every node.</summary>
public sealed record PasskeyOptions
{
    private const string Localhost = "localhost";

    /// <summary>Origins of Android apps, which have no address (Digital Asset Links).</summary>
    private const string AndroidPrefix = "android:apk-key-hash:";

    /// <summary>
    /// The domain that passkeys belong to, such as <c>example.org</c>: of the pages, or one that theirs end in. With another one all passkeys are
    /// lost. Default none, and in development <c>localhost</c>: without it no passkey can be made or used.
    /// </summary>
    public string ServerDomain { get; init; } = "";

    /// <summary>
    /// Origins of the pages and apps that use them, such as <c>https://chat.example.org</c>. Default: <c>https://</c> and the domain; for
    /// <c>localhost</c> any port, with or without TLS.
    /// </summary>
    public string[] Origins { get; init; } = [];

    /// <summary>What holds in development.</summary>
    public static PasskeyOptions ForDevelopment => new() { ServerDomain = Localhost };

    /// <summary>Whether passkeys can be made and used.</summary>
    public bool IsOn => ServerDomain.Length > 0;

    /// <summary>Whether passkeys are taken that were used on a page of this origin, as its browser has it.</summary>
    public bool Allows(string origin)
    {
        if (Origins.Length > 0) return Origins.Contains(origin, StringComparer.Ordinal);
        if (ServerDomain != Localhost) return origin == "https://" + ServerDomain;
        return TryReadOrigin(origin) is { Host: Localhost };
    }

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (ServerDomain.Length == 0)
        {
            if (Origins.Length > 0) yield return "Passkeys:ServerDomain is not set, but Passkeys:Origins is: set the domain that the origins have in common.";
            yield break;
        }

        bool isDomain = Uri.CheckHostName(ServerDomain) == UriHostNameType.Dns && ServerDomain.All(IsSentByBrowsers) && ServerDomain[^1] != '.'
            && (ServerDomain == Localhost || ServerDomain.Contains('.', StringComparison.Ordinal));
        if (!isDomain) yield return $"Passkeys:ServerDomain is '{ServerDomain}': set a domain in lower case, such as example.org, with no scheme, no port and no dot at the end; other letters than a to z as browsers send them (xn--…).";
        foreach (string origin in Origins)
        {
            if (origin.StartsWith(AndroidPrefix, StringComparison.Ordinal)) continue;
            if (TryReadOrigin(origin) is not { } address || (address.Scheme == Uri.UriSchemeHttp && address.Host != Localhost))
                yield return $"Passkeys:Origins has '{origin}': set origins such as https://chat.example.org, in lower case, with no path and no slash at the end.";
            else if (isDomain && address.Host != ServerDomain && !address.Host.EndsWith("." + ServerDomain, StringComparison.Ordinal))
                yield return $"Passkeys:Origins has '{origin}', which is not of Passkeys:ServerDomain '{ServerDomain}': browsers would refuse it.";
        }
    }

    private static bool IsSentByBrowsers(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.';

    /// <summary>Null for anything but an origin of http or https, spelled as browsers do.</summary>
    private static Uri? TryReadOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.GetLeftPart(UriPartial.Authority) == text
            ? address
            : null;
}
