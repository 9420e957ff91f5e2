using System.Globalization;

namespace Chat.Fuzz;

/// <summary>What a run of <c>./chat fuzz</c> is asked for.</summary>
internal sealed record FuzzOptions
{
    private const double MaxMinutes = 100_000; // ten weeks

    /// <summary>The only target to run; null for all.</summary>
    public string? Target { get; private init; }

    /// <summary>How long the run takes, over all targets, above 0. Null: it is bounded by inputs.</summary>
    public double? Minutes { get; private init; }

    /// <summary>Most inputs of each target, from 1. Null: as many as <see cref="Minutes"/> allow, or else what the target has in full.</summary>
    public long? Inputs { get; private init; }

    /// <summary>Decides all that is random. Null: a new one.</summary>
    public ulong? Seed { get; private init; }

    /// <summary>Only the names of the targets are asked for.</summary>
    public bool Lists { get; private init; }

    /// <summary>Only how to call it is asked for.</summary>
    public bool Helps { get; private init; }

    public static string Usage { get; } =
        $"""
        ./chat fuzz [TARGET] [--minutes N] [--inputs N] [--seed S]   feed random and hostile input to what reads a peer's bytes
        ./chat fuzz --list                                           print the targets' names, one a line

        TARGET       one of {string.Join(", ", FuzzTargets.Names)}; without it all, one after another
        --minutes N  go on for so long, over all targets
        --inputs N   offer each target so many inputs; without it and --minutes as many as a full run has
        --seed S     repeat a run: each prints its seed
        The exit code is 0 when no input failed, 1 when one did, 2 when the arguments cannot be used.
        """;

    /// <exception cref="ArgumentException">An argument that is none of ours, or whose value cannot be used; with what to give.</exception>
    public static FuzzOptions Read(string[] args)
    {
        FuzzOptions options = new();
        for (int at = 0; at < args.Length; at++)
        {
            string? value = at + 1 < args.Length ? args[at + 1] : null;
            options = args[at] switch
            {
                "--help" or "-h" or "-?" => options with { Helps = true },
                "--list" => options with { Lists = true },
                "--minutes" => options with { Minutes = ReadMinutes(value) },
                "--inputs" => options with { Inputs = ReadInputs(value) },
                "--seed" => options with { Seed = ReadSeed(value) },
                string name when name.StartsWith('-') => throw new ArgumentException($"There is no option '{name}': see ./chat fuzz --help."),
                string name when options.Target is { } other => throw new ArgumentException($"'{other}' and '{name}' are two targets: give one, or none for all."),
                string name => options with { Target = ReadTarget(name) },
            };
            if (args[at] is "--minutes" or "--inputs" or "--seed") at++;
        }

        return options;
    }

    private static string ReadTarget(string name) => FuzzTargets.Names.Contains(name)
        ? name
        : throw new ArgumentException($"There is no target '{name}': give one of {string.Join(", ", FuzzTargets.Names)}.");

    private static double ReadMinutes(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double minutes) && minutes is > 0 and <= MaxMinutes
            ? minutes
            : throw new ArgumentException($"--minutes is {Shown(text)}: give a number above 0, such as 10 or 0.5.");

    private static long ReadInputs(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long inputs) && inputs > 0
            ? inputs
            : throw new ArgumentException($"--inputs is {Shown(text)}: give a whole number from 1.");

    private static ulong ReadSeed(string? text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
        ? seed
        : throw new ArgumentException($"--seed is {Shown(text)}: give a whole number from 0.");

    private static string Shown(string? text) => text is null ? "nothing" : $"'{text}'";
}
