using System.Text.Json.Nodes;

namespace Chat.Sdk.Tests.Behaviour;

/// <summary>Reads what a step of a scenario must have.</summary>
internal static class StepFields
{
    public static long Number(this JsonObject step, string name) => Needed(step, name).GetValue<long>();

    public static string Text(this JsonObject step, string name) => Needed(step, name).GetValue<string>();

    private static JsonNode Needed(JsonObject step, string name) =>
        step[name] ?? throw new InvalidDataException($"The step {step.ToJsonString()} needs '{name}'.");
}
