using Microsoft.Extensions.Options;

namespace Chat.AdminApi.Rest;

/// <summary>Settings of the REST interface, section <c>Rest</c>.</summary>
public sealed record RestOptions
{
    public const string Section = "Rest";

    /// <summary>
    /// Origins of other sites whose pages may call the interface, e.g. <c>https://app.example.com</c>; compared exactly, no wildcard.
    /// Empty (the default): no other site may.
    /// </summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Largest request body in bytes; more is answered with 413. Default 64 KiB.</summary>
    public int MaxBodyBytes { get; init; } = 64 * 1024;

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (string origin in AllowedOrigins)
        {
            if (!IsOrigin(origin))
            {
                yield return $"Rest:AllowedOrigins holds '{origin}', which is not an origin: write scheme://host or scheme://host:port, " +
                    "in lower case, without a path and without '*'.";
            }
        }

        if (MaxBodyBytes < 1024) yield return $"Rest:MaxBodyBytes is {MaxBodyBytes}; a message needs at least 1024. Leave it out for 65536.";
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https"
        && uri.GetLeftPart(UriPartial.Authority) == origin;
}

/// <summary>Names every fault of <see cref="RestOptions"/> at once.</summary>
internal sealed class RestOptionsValidator : IValidateOptions<RestOptions>
{
    public ValidateOptionsResult Validate(string? name, RestOptions options)
    {
        string[] faults = [.. options.Validate()];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
