using Chat.Storage.Calls;

namespace Chat.Domain.Calls;

/// <summary>How calls go, and which servers help their media through. Section <c>Calls</c>.</summary>
public sealed record CallOptions
{
    /// <summary>Shortest shared secret, in characters: what makes the credentials must not be guessed.</summary>
    public const int MinKeyLength = 16;

    private const int MostUrls = 10;

    /// <summary>How long a call rings before it is missed. Default 45 s.</summary>
    public TimeSpan RingingTime { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// How long a participant who gives no sign of life still counts as there: clients give one every third of it. Default 30 s.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most who are in a call at once, 2 to 8: each sends to each. Default 4.</summary>
    public int Participants { get; init; } = 4;

    /// <summary>Most members of a group in which one may call: all of them ring. 2 to 256. Default 32.</summary>
    public int RungMembers { get; init; } = 32;

    /// <summary>STUN servers, such as <c>stun:turn.example.com:3478</c>; commas between several. Default: none.</summary>
    public string[] StunUrls { get; init; } = [];

    /// <summary>TURN servers, such as <c>turn:turn.example.com:3478?transport=udp</c>; commas between several. Default: none.</summary>
    public string[] TurnUrls { get; init; } = [];

    /// <summary>
    /// What is shared with the TURN servers (coturn: <c>use-auth-secret</c> and <c>static-auth-secret</c>). At least 16 characters; needed with
    /// <see cref="TurnUrls"/>.
    /// </summary>
    public string TurnSecretKey { get; init; } = "";

    /// <summary>How long credentials for TURN can be used. Default 1 hour.</summary>
    public TimeSpan TurnCredentialLife { get; init; } = TimeSpan.FromHours(1);

    internal CallBounds Bounds => new(RungMembers, Participants, RingingTime, Lease);

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (RingingTime < TimeSpan.FromSeconds(5) || RingingTime > TimeSpan.FromMinutes(5))
            yield return $"Calls:RingingTime is {RingingTime}: set 00:00:05 to 00:05:00.";
        if (Lease < TimeSpan.FromSeconds(9) || Lease > TimeSpan.FromMinutes(5)) yield return $"Calls:Lease is {Lease}: set 00:00:09 to 00:05:00.";
        if (Participants is < 2 or > 8) yield return $"Calls:Participants is {Participants}: set 2 to 8.";
        if (RungMembers is < 2 or > 256) yield return $"Calls:RungMembers is {RungMembers}: set 2 to 256.";
        if (TurnCredentialLife < TimeSpan.FromMinutes(1) || TurnCredentialLife > TimeSpan.FromDays(1))
            yield return $"Calls:TurnCredentialLife is {TurnCredentialLife}: set 00:01:00 to 1.00:00:00.";
        foreach (string fault in JudgeUrls(nameof(StunUrls), StunUrls, "stun")) yield return fault;
        foreach (string fault in JudgeUrls(nameof(TurnUrls), TurnUrls, "turn")) yield return fault;
        if (TurnUrls.Length > 0 && TurnSecretKey.Length < MinKeyLength)
        {
            yield return $"Calls:TurnSecretKey has {TurnSecretKey.Length} characters: give the static-auth-secret of your TURN servers, "
                + $"at least {MinKeyLength}, or no Calls:TurnUrls.";
        }
    }

    private static IEnumerable<string> JudgeUrls(string name, string[] urls, string scheme)
    {
        if (urls.Length > MostUrls) yield return $"Calls:{name} has {urls.Length} addresses: set at most {MostUrls}.";
        foreach (string url in urls)
        {
            int colon = url.IndexOf(':', StringComparison.Ordinal);
            bool isGood = colon > 0 && url.Length > colon + 1 && (url[..colon] == scheme || url[..colon] == scheme + "s")
                && !url.Any(char.IsWhiteSpace) && !url.Contains('/', StringComparison.Ordinal);
            if (!isGood) yield return $"Calls:{name} has '{url}': set {scheme}:host[:port] or {scheme}s:host[:port] (RFC 7064, RFC 7065).";
        }
    }
}
