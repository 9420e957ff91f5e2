using System.Net;
using System.Text.Json.Nodes;

namespace Chat.Scenario.Devices;

/// <summary>A device on the TypeScript SDK.</summary>
internal sealed class NodeDevice(string name, EndPoint server, NodeDriver driver) : Device(name, server)
{
    public override Task<JsonNode?> DoAsync(string operation, JsonObject args, CancellationToken ct) =>
        driver.AskAsync(Name, operation, args, ct);
}
