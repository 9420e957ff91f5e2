using System.Text.Json.Serialization;

namespace Chat.Load.Writer;

/// <summary>The chat log's writer beside a bare insert, in one run, for one size of batch. Printed as one line of JSON.</summary>
internal sealed record WriterResult
{
    public string Scenario => "writer";

    public required int Chats { get; init; }

    /// <summary>Events in one transaction.</summary>
    public required int Batch { get; init; }

    public required double RowsPerS { get; init; }

    /// <summary>The bare statement on two plain tables of its own: it numbers and inserts, and judges nothing.</summary>
    public required double BareRowsPerS { get; init; }

    /// <summary>The bare statement on the product's tables.</summary>
    public required double BareOnEventsRowsPerS { get; init; }

    /// <summary><see cref="RowsPerS"/> ÷ <see cref="BareRowsPerS"/>.</summary>
    public required double Ratio { get; init; }

    /// <summary>Processor time of the writer's PostgreSQL process.</summary>
    public required double PostgresMicrosecondsPerRow { get; init; }

    public required double BarePostgresMicrosecondsPerRow { get; init; }

    /// <summary>Processor time of this process while the writer ran: the writer, Npgsql and the generator.</summary>
    public required double ProcessMicrosecondsPerRow { get; init; }

    /// <summary>Managed memory of the same.</summary>
    public required double AllocatedBytesPerRow { get; init; }

    public required double AckP50Ms { get; init; }

    public required double AckP99Ms { get; init; }

    public required string Machine { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WriterResult))]
internal sealed partial class WriterJson : JsonSerializerContext;
