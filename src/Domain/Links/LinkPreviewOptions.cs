namespace Chat.Domain.Links;

/// <summary>How previews of pages are made. Section <c>LinkPreviews</c>.</summary>
public sealed record LinkPreviewOptions
{
    /// <summary>Whether this service asks for pages at all. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long a page and its picture may take, redirects included. Default 5 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pages that this node fetches at a time; a further one is answered with busy. Default 8.</summary>
    public int MaxAtOnce { get; init; } = 8;

    /// <summary>
    /// Whether a page may be in a private network, at any port. Then everybody who is signed in can have this service ask hosts of it, and read what
    /// they answer. For closed networks and tests. Default false.
    /// </summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (Patience < TimeSpan.FromMilliseconds(100) || Patience > TimeSpan.FromSeconds(10)) yield return $"LinkPreviews:Patience is {Patience}: set 00:00:00.1 to 00:00:10.";
        if (MaxAtOnce is < 1 or > 256) yield return $"LinkPreviews:MaxAtOnce is {MaxAtOnce}: set 1 to 256.";
    }
}
