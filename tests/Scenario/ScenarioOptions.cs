using System.Globalization;
using System.Security.Cryptography;

namespace Chat.Scenario;

/// <summary>How long a day and which; from the command line, then the environment.</summary>
internal sealed record ScenarioOptions
{
    /// <summary>Of all choices of the script; what happens at the same time is the machine's. <c>--seed</c>, CHAT_SCENARIO_SEED. Default: drawn.</summary>
    public required int Seed { get; init; }

    /// <summary>Random steps of the day, beside those that every day has. <c>--steps</c>, CHAT_SCENARIO_STEPS. Default 1,200.</summary>
    public int Steps { get; init; } = 1_200;

    /// <summary>People with devices.</summary>
    public int People { get; init; } = 24;

    /// <summary>Members of the channel that have no device here.</summary>
    public int SilentReaders { get; init; } = 20_000;

    /// <exception cref="ArgumentException">An argument or variable that is none of ours, or no number.</exception>
    public static ScenarioOptions Read(string[] args)
    {
        int? seed = Number("CHAT_SCENARIO_SEED", Environment.GetEnvironmentVariable("CHAT_SCENARIO_SEED"));
        int? steps = Number("CHAT_SCENARIO_STEPS", Environment.GetEnvironmentVariable("CHAT_SCENARIO_STEPS"));
        for (int i = 0; i < args.Length; i += 2)
        {
            int? value = Number(args[i], i + 1 < args.Length ? args[i + 1] : "nothing");
            if (args[i] == "--seed") seed = value;
            else if (args[i] == "--steps") steps = value;
            else throw new ArgumentException($"'{args[i]}' is not known: there are --seed N and --steps N.", nameof(args));
        }

        return new ScenarioOptions { Seed = seed ?? RandomNumberGenerator.GetInt32(1, int.MaxValue), Steps = steps ?? 1_200 };
    }

    private static int? Number(string name, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new ArgumentException($"{name} is '{text}': give a whole number.");
    }
}
