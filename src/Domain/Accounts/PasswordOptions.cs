namespace Chat.Domain.Accounts;

/// <summary>How passwords are hashed, and how much of the machine that may take.</summary>
public sealed record PasswordOptions
{
    public const int MinIterations = 210_000;

    /// <summary>Rounds of PBKDF2-SHA512 for new hashes. Default and least 210,000. Older hashes keep the number they carry.</summary>
    public int Iterations { get; init; } = MinIterations;

    /// <summary>Hashes computed at the same time. Default half of the cores, at least 1, so that sign-ins cannot starve the chat.</summary>
    public int MaxConcurrent { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Sign-ins that may wait for a place. Default 128; zero refuses at once whoever finds no place.</summary>
    public int MaxWaiting { get; init; } = 128;

    /// <summary>Longest wait for a place before <c>busy</c>. Default 5 s. Zero is not allowed.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (Iterations is < MinIterations or > 10_000_000)
            yield return $"Passwords:Iterations is {Iterations}: set {MinIterations} to 10000000.";
        if (MaxConcurrent < 1 || MaxConcurrent > Environment.ProcessorCount)
            yield return $"Passwords:MaxConcurrent is {MaxConcurrent}: set 1 to {Environment.ProcessorCount}, the number of cores.";
        if (MaxWaiting is < 0 or > 100_000)
            yield return $"Passwords:MaxWaiting is {MaxWaiting}: set 0 to 100000.";
        if (MaxWait <= TimeSpan.Zero || MaxWait > TimeSpan.FromMinutes(1))
            yield return $"Passwords:MaxWait is {MaxWait}: set more than zero, at most 00:01:00.";
    }
}
