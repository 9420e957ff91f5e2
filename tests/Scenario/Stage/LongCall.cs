using Chat.Scenario.Devices;

namespace Chat.Scenario.Stage;

/// <summary>A call that people are in for half of the day, over everything that happens meanwhile.</summary>
internal sealed record LongCall(long Id, ScenarioChat Chat, (Person Person, Device Device) Caller, (Person Person, Device Device) Called);
