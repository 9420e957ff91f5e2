using System.Diagnostics;

using Chat.Load.Report;
using Chat.Storage;
using Chat.Storage.ChatLog;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Load.Writer;

/// <summary>Closed loop: twice a batch of messages is always on its way, so that a full one waits when a commit is through.</summary>
internal sealed class WriterScenario(WriterDatabase database, int batch, int rounds, TimeSpan slice, TextWriter progress)
{
    private const string Text = "A message of ninety-eight bytes, which is about what people write to each other on an ordinary day.";

    /// <summary>The three ways in turns, so that a slow moment of the machine meets all of them. Figures are of all rounds.</summary>
    public async Task<WriterResult> RunAsync(CancellationToken ct)
    {
        var sink = new NoSink();
        await using NpgsqlDataSource source = ChatDataSource.Create(database.ConnectionString, "write", maxConnections: 2);
        await using var writer = new ChatLogWriter(
            source,
            new ChatLogOptions { MaxBatchEvents = batch, MaxBatchTextLength = int.MaxValue },
            sink,
            TimeProvider.System,
            NullLogger<ChatLogWriter>.Instance);
        writer.Start();
        await using BareWriter bare = await BareWriter.OpenAsync(database, onEvents: false, ct);
        await using BareWriter bareOnEvents = await BareWriter.OpenAsync(database, onEvents: true, ct);

        var latencies = new LatencyHistogram();
        await SendAsync(writer, slice / 2, new LatencyHistogram());
        await BareAsync(bare, slice / 2, ct);
        await BareAsync(bareOnEvents, slice / 2, ct);
        int process = await database.FindProcessAsync("chat write", ct);

        Slice ours = default, plain = default, onEvents = default;
        for (int round = 0; round < rounds; round++)
        {
            await database.CheckpointAsync(ct);
            ours += await MeasureAsync(process, () => SendAsync(writer, slice, latencies));
            await database.CheckpointAsync(ct);
            plain += await MeasureAsync(bare.ProcessId, () => BareAsync(bare, slice, ct));
            await database.CheckpointAsync(ct);
            onEvents += await MeasureAsync(bareOnEvents.ProcessId, () => BareAsync(bareOnEvents, slice, ct));
            await progress.WriteLineAsync($"batch {batch}, round {round + 1}: {ours.RowsPerSecond:0} rows/s, bare {plain.RowsPerSecond:0}");
        }

        return new WriterResult
        {
            Chats = database.Chats,
            Batch = batch,
            RowsPerS = Math.Round(ours.RowsPerSecond),
            BareRowsPerS = Math.Round(plain.RowsPerSecond),
            BareOnEventsRowsPerS = Math.Round(onEvents.RowsPerSecond),
            Ratio = Math.Round(ours.RowsPerSecond / plain.RowsPerSecond, 2),
            PostgresMicrosecondsPerRow = Math.Round(ours.PostgresMicrosecondsPerRow, 1),
            BarePostgresMicrosecondsPerRow = Math.Round(plain.PostgresMicrosecondsPerRow, 1),
            ProcessMicrosecondsPerRow = Math.Round(ours.ProcessSeconds * 1e6 / ours.Rows, 1),
            AllocatedBytesPerRow = Math.Round((double)ours.AllocatedBytes / ours.Rows),
            AckP50Ms = Math.Round(latencies.Milliseconds(0.50), 2),
            AckP99Ms = Math.Round(latencies.Milliseconds(0.99), 2),
            Machine = $"{Environment.ProcessorCount} cores",
        };
    }

    private async Task<long> SendAsync(ChatLogWriter writer, TimeSpan time, LatencyHistogram latencies)
    {
        long until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        long[] sent = await Task.WhenAll(Enumerable.Range(0, 2 * batch).Select(number => SendUntilAsync(writer, until, number, latencies)));
        return sent.Sum();
    }

    private async Task<long> SendUntilAsync(ChatLogWriter writer, long until, int number, LatencyHistogram latencies)
    {
        var random = new Random(number);
        long sent = 0;
        while (Stopwatch.GetTimestamp() < until)
        {
            int chat = random.Next(database.Chats);
            long started = Stopwatch.GetTimestamp();
            AppendOutcome outcome = await writer.AppendAsync(new NewEvent(
                database.ChatId(chat), WriterDatabase.MemberOf(chat, second: false), EventKinds.Message, Guid.NewGuid(), null, Text));
            if (outcome.Status != AppendStatus.Appended) throw new InvalidOperationException($"A message was answered {outcome.Status}.");
            lock (latencies) latencies.Record(Stopwatch.GetElapsedTime(started));
            sent++;
        }
        return sent;
    }

    private async Task<long> BareAsync(BareWriter bare, TimeSpan time, CancellationToken ct)
    {
        long until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        long sent = 0;
        for (; Stopwatch.GetTimestamp() < until; sent += batch) await bare.WriteAsync(batch, Text, ct);
        return sent;
    }

    private static async Task<Slice> MeasureAsync(int postgres, Func<Task<long>> run)
    {
        double before = ProcessUsage.Read(postgres)?.CpuSeconds ?? 0;
        TimeSpan processBefore = Environment.CpuUsage.TotalTime;
        long allocatedBefore = GC.GetTotalAllocatedBytes();
        long started = Stopwatch.GetTimestamp();
        long rows = await run();
        return new Slice(
            rows,
            Stopwatch.GetElapsedTime(started).TotalSeconds,
            (ProcessUsage.Read(postgres)?.CpuSeconds ?? 0) - before,
            (Environment.CpuUsage.TotalTime - processBefore).TotalSeconds,
            GC.GetTotalAllocatedBytes() - allocatedBefore);
    }

    private readonly record struct Slice(long Rows, double Seconds, double PostgresSeconds, double ProcessSeconds, long AllocatedBytes)
    {
        public double RowsPerSecond => Rows / Seconds;

        public double PostgresMicrosecondsPerRow => PostgresSeconds * 1e6 / Rows;

        public static Slice operator +(Slice x, Slice y) => new(
            x.Rows + y.Rows, x.Seconds + y.Seconds, x.PostgresSeconds + y.PostgresSeconds, x.ProcessSeconds + y.ProcessSeconds,
            x.AllocatedBytes + y.AllocatedBytes);
    }

    private sealed class NoSink : ICommittedEvents
    {
        public void OnCommitted(IReadOnlyList<EventRow> events)
        {
            if (events.Count == 0) throw new InvalidOperationException("The sink was told of nothing.");
        }

        public void OnInDoubt(IReadOnlyCollection<long> chatIds) =>
            throw new InvalidOperationException("A commit got no answer: what is measured is not what was meant.");
    }
}
