namespace Chat.AdminApi.Rest;

/// <summary>One page of a list.</summary>
public sealed record Page<T>
{
    /// <summary>The items of this page, in the list's order.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Where the next page starts: give it back unchanged. Null on the last page.</summary>
    public string? NextCursor { get; init; }
}
