using System.CommandLine;

using Chat.Load.Traffic;

namespace Chat.Load.Commands;

/// <summary>Options that say how much is asked of a server at once.</summary>
internal sealed class SimulationOptions
{
    private readonly Option<int> _chats = new("--chats") { DefaultValueFactory = _ => 100, Description = "Chats." };
    private readonly Option<int> _members = new("--members") { DefaultValueFactory = _ => 10, Description = "Members a chat, each a connection of its own." };
    private readonly Option<string> _kind = new("--simulation") { DefaultValueFactory = _ => "keep_constant", Description = "keep_constant or ramping_constant (closed loops with --window), or inject (open loop with --rate)." };
    private readonly Option<int> _window = new("--window") { DefaultValueFactory = _ => 400, Description = "Closed loop: messages on their way over all chats." };
    private readonly Option<double> _rate = new("--rate") { Description = "Open loop: messages a second over all chats; latency counts from the intended send time." };
    private readonly Option<int> _payload = new("--payload") { DefaultValueFactory = _ => 98, Description = "Bytes of text a message." };
    private readonly Option<double> _seconds = new("--seconds") { DefaultValueFactory = _ => 5, Description = "Measured time." };
    private readonly Option<double> _warmUp = new("--warm-up") { DefaultValueFactory = _ => 1, Description = "Seconds under load before." };

    public static SimulationOptions AddTo(Command command, bool hasPayload = true)
    {
        var options = new SimulationOptions();
        foreach (Option option in (Option[])[options._chats, options._members, options._kind, options._window, options._rate, options._seconds, options._warmUp])
            command.Options.Add(option);
        if (hasPayload) command.Options.Add(options._payload);
        return options;
    }

    /// <returns>Null with at least one fault.</returns>
    public LoadSimulation? Read(ParseResult parsed, List<string> faults)
    {
        string name = parsed.GetValue(_kind)!;
        SimulationKind? kind = name switch
        {
            "keep_constant" => SimulationKind.KeepConstant,
            "ramping_constant" => SimulationKind.RampingConstant,
            "inject" => SimulationKind.Inject,
            _ => null,
        };
        if (kind is null) faults.Add($"--simulation is '{name}': give keep_constant, ramping_constant or inject.");
        var simulation = new LoadSimulation
        {
            Kind = kind ?? SimulationKind.KeepConstant,
            Chats = parsed.GetValue(_chats),
            Members = parsed.GetValue(_members),
            Window = parsed.GetValue(_window),
            Rate = parsed.GetValue(_rate),
            PayloadBytes = parsed.GetResult(_payload) is null ? 98 : parsed.GetValue(_payload),
            Duration = Seconds(parsed.GetValue(_seconds)),
            WarmUp = Seconds(parsed.GetValue(_warmUp)),
        };
        faults.AddRange(simulation.Validate());
        if (faults.Count == 0 && Engine.FileLimit.RaiseFor(simulation.Connections) is { } fault) faults.Add(fault);
        return faults.Count == 0 ? simulation : null;
    }

    /// <summary>What TimeSpan cannot hold becomes its bounds, which no option accepts.</summary>
    public static TimeSpan Seconds(double seconds) =>
        double.IsNaN(seconds) ? TimeSpan.MinValue : TimeSpan.FromSeconds(Math.Clamp(seconds, -1e9, 1e9));
}
