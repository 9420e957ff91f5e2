namespace Chat.Sdk;

/// <summary>How an <see cref="AccountSession"/> keeps and renews its tokens.</summary>
public sealed record AccountOptions
{
    /// <summary>What to call this device in the person's list of devices.</summary>
    public string? DeviceName { get; init; }

    /// <summary>Where the account has a second step: what its app shows, or a recovery code. Used by one sign-in.</summary>
    public string? SecondStepCode { get; init; }

    /// <summary>Where the sign-in is kept. Default: in memory.</summary>
    public ITokenStore Store { get; init; } = new MemoryTokenStore();

    /// <summary>Carries the requests. Default: one of the library's own.</summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>The clock by which tokens expire.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
