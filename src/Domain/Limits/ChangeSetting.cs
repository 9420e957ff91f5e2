using Chat.Domain.Cluster;
using Chat.Storage.Settings;

namespace Chat.Domain.Limits;

/// <summary>
/// Stores one live setting for all nodes, or takes it back to what each is configured with. Nodes hear of it through the broker, or read it
/// within 30 s.
/// </summary>
public sealed class ChangeSetting(SettingStore store, IBroker broker)
{
    /// <param name="name">Such as <c>Limits:SendsPerMinute</c>.</param>
    /// <param name="value">As text; null takes the setting back.</param>
    /// <param name="changedBy">Who asked for it, for the history.</param>
    /// <returns>The setting's name as it is stored, or what is wrong and what may be set.</returns>
    public async Task<Result<string>> ExecuteAsync(string name, string? value, string changedBy, CancellationToken ct)
    {
        if (LimitSetting.Find(name) is not { } setting)
            return Failures.Invalid("name", $"{name} {LimitSetting.NoSuchName}");

        if (value is not null && setting.Today is { } today)
            return Failures.Invalid("name", $"{setting.Name} is called {today.Name} now: set that, in its unit.");

        foreach (string former in setting.FormerNames) await store.RemoveAsync(former, changedBy, ct); // else it would hold again after a reset
        if (value is null)
        {
            await store.RemoveAsync(setting.Name, changedBy, ct);
        }
        else
        {
            if (setting.TryParse(value, out double number) is { } fault) return Failures.Invalid("value", fault);
            await store.SetAsync(setting.Name, number, changedBy, ct);
        }

        broker.TryPublish(BrokerChannel.Control, ControlOrder.EncodeSettingsChanged()); // lost: they read it within 30 s
        return setting.Name;
    }
}
