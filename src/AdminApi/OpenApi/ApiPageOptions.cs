namespace Chat.AdminApi.OpenApi;

/// <summary>Settings of the page that shows the interface, section <c>ApiPage</c>.</summary>
public sealed record ApiPageOptions
{
    public const string Section = "ApiPage";

    /// <summary>
    /// Directory with the files of the npm package <c>swagger-ui-dist</c>; absolute, or relative to the process's directory.
    /// Empty (the default) or absent: the page says how to get them and links to the description.
    /// </summary>
    public string AssetsDirectory { get; init; } = "";
}
