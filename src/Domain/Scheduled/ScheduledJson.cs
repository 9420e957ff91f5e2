using System.Text.Json.Serialization;

namespace Chat.Domain.Scheduled;

/// <summary>The JSON that a digest is made of.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class ScheduledJson : JsonSerializerContext;
