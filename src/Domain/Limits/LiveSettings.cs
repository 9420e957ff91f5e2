using Chat.Protocol.Codes;
using Chat.Storage.Settings;

namespace Chat.Domain.Limits;

/// <summary>
/// The settings that may change while nodes run: what the node is configured with, and over it what stands in the database. Whoever obeys
/// one reads it here each time.
/// </summary>
/// <remarks>Thread-safe; reading costs one volatile load.</remarks>
public sealed class LiveSettings
{
    private readonly LimitSettings _configured;
    private readonly Lock _gate = new();
    private volatile InForce _inForce;

    public LiveSettings(LimitSettings configured) => (_configured, _inForce) = (configured, new InForce(configured));

    /// <summary>Called after <see cref="Limits"/> has changed, on the thread that read the change. Must not throw.</summary>
    public event Action<LimitSettings>? LimitsChanged;

    public LimitSettings Limits => _inForce.Limits;

    /// <summary>What holds for a principal of this kind; of a kind that this program does not know, what holds for all.</summary>
    public PrincipalRates RatesOf(PrincipalKind kind)
    {
        PrincipalRates[] rates = _inForce.Rates;
        return (int)kind < rates.Length ? rates[(int)kind] : rates[0];
    }

    /// <summary>When the newest stored value was set, by PostgreSQL's clock; null while nothing is stored.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    /// <summary>Takes what is stored now, all of it: what is not in the list any more goes back to what is configured.</summary>
    /// <returns>The rows that cannot be used, each with its reason; the rest is in force. A newer program may have written them.</returns>
    public IReadOnlyList<string> Apply(IReadOnlyList<StoredSetting> stored)
    {
        List<string> faults = [];
        LimitSettings limits = _configured;
        foreach (StoredSetting row in stored.OrderByDescending(row => LimitSetting.Find(row.Name)?.Today is not null)) // a name of today wins
        {
            if (LimitSetting.Find(row.Name) is not { } setting) faults.Add($"{row.Name} is not a setting that this program knows.");
            else if (setting.TryParse(row.Value, out double value) is { } fault) faults.Add(fault);
            else limits = setting.Change(limits, value);
        }

        bool changed;
        lock (_gate)
        {
            changed = Limits != limits;
            if (changed) _inForce = new InForce(limits);
            ChangedAt = stored.Count == 0 ? null : stored.Max(row => row.UpdatedAt);
        }

        if (changed) LimitsChanged?.Invoke(limits);
        return faults;
    }

    /// <summary>The settings with what follows from them, so that whoever is judged by them computes nothing.</summary>
    private sealed class InForce(LimitSettings limits)
    {
        public LimitSettings Limits { get; } = limits;

        /// <summary>By <see cref="PrincipalKind"/>.</summary>
        public PrincipalRates[] Rates { get; } =
        [
            new(limits, new KindLimits()), new(limits, limits.Persons), new(limits, limits.Agents), new(limits, limits.Visitors), new(limits, limits.Bots),
        ];
    }
}
