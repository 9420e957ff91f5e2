namespace Chat.Server.Hosting;

/// <summary>The settings cannot be used. Carries all faults at once, each with setting, value and remedy.</summary>
public sealed class SettingsException(IReadOnlyList<string> faults)
    : Exception("The settings cannot be used:" + Environment.NewLine + string.Join(Environment.NewLine, faults.Select(fault => "  - " + fault)))
{
    public IReadOnlyList<string> Faults => faults;
}
