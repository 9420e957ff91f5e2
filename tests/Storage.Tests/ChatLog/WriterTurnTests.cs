using System.Diagnostics.Metrics;
using Chat.Storage.ChatLog;
using Npgsql;
using static Chat.Storage.Tests.ChatLog.ChatLogFixture;

namespace Chat.Storage.Tests.ChatLog;

/// <summary>Writers of the same chats that wait for their turns (ADR 0017): the same answers, and nobody waits for who stands still.</summary>
[TestFixture, Category("postgres"), NonParallelizable]
public sealed class WriterTurnTests
{
    private static readonly TimeSpan Hindrance = TimeSpan.FromMilliseconds(15);

    [Test, CancelAfter(60_000), Property("Promise", "P3")]
    public async Task Writers_that_take_turns_number_without_holes_and_answer_as_ever()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        long stranger = await fixture.People.CreateAsync();
        ChatLogWriter[] writers = [.. Enumerable.Range(0, 3).Select(_ => fixture.CreateWriter(options: new ChatLogOptions { TakesTurns = true, LeastTurnEvents = 1 }))];
        await HinderAsync(fixture, writers);
        using TurnCount turns = new();
        Guid known = Guid.NewGuid();
        AppendOutcome first = await writers[0].AppendAsync(Message(fixture.Group, fixture.Ben, "once", known));

        AppendOutcome[][] outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(SendAsync));

        Assert.That(turns.Count, Is.GreaterThan(0));
        foreach (AppendOutcome[] answers in outcomes)
            Assert.That(answers.Select(outcome => outcome.Status), Is.EqualTo(new[]
            {
                AppendStatus.Appended, AppendStatus.NotAMember, AppendStatus.Duplicate, AppendStatus.Appended, AppendStatus.ReplyTargetNotFound,
            }));
        Assert.That(outcomes.Select(answers => answers[2].Sequence), Is.All.EqualTo(first.Sequence));
        await fixture.AssertDenseAsync(fixture.Group);

        async Task<AppendOutcome[]> SendAsync(int number)
        {
            ChatLogWriter writer = writers[number % 3];
            return
            [
                await writer.AppendAsync(Message(fixture.Group, fixture.Ben, $"{number}")),
                await writer.AppendAsync(Message(fixture.Group, stranger)),
                await writer.AppendAsync(Message(fixture.Group, fixture.Ben, "once", known)),
                await writer.AppendAsync(Message(fixture.Group, fixture.Ben, replyTo: first.Sequence)),
                await writer.AppendAsync(Message(fixture.Group, fixture.Ben, replyTo: 999_999)),
            ];
        }
    }

    [Test, CancelAfter(60_000), Property("Fault", "F-02")]
    public async Task Writer_goes_on_while_another_one_stands_still_with_its_turn()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter(options: new ChatLogOptions { TakesTurns = true, LeastTurnEvents = 1 });
        await HinderAsync(fixture, writer);
        await using NpgsqlConnection stopped = await fixture.Database.Source.OpenConnectionAsync();
        await using NpgsqlTransaction turn = await stopped.BeginTransactionAsync();
        await using (NpgsqlCommand take = new("select pg_advisory_xact_lock(1667785076, 1)", stopped)) await take.ExecuteNonQueryAsync();

        AppendOutcome[] outcomes =
        [
            await writer.AppendAsync(Message(fixture.Group, fixture.Ben)),
            await writer.AppendAsync(Message(fixture.Group, fixture.Anna)),
        ];

        Assert.That(outcomes.Select(outcome => outcome.Status), Is.All.EqualTo(AppendStatus.Appended));
        await fixture.AssertDenseAsync(fixture.Group);
    }

    /// <summary>Has batches wait for a lock until turns are worth it.</summary>
    private static async Task HinderAsync(ChatLogFixture fixture, params ChatLogWriter[] writers)
    {
        await using NpgsqlConnection other = await fixture.Database.Source.OpenConnectionAsync();
        for (int batch = 0; batch < 6; batch++)
        {
            await using NpgsqlTransaction holding = await other.BeginTransactionAsync();
            await using (NpgsqlCommand hold = new($"select from chats where id = {fixture.Group} for no key update", other))
                await hold.ExecuteNonQueryAsync();
            Task<AppendOutcome>[] waiting = [.. writers.Select(writer => writer.AppendAsync(Message(fixture.Group, fixture.Ben)).AsTask())];
            await Task.Delay(Hindrance, TimeProvider.System);
            await holding.RollbackAsync();
            await Task.WhenAll(waiting);
        }
    }

    private sealed class TurnCount : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public TurnCount()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "chat_log_turns") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, taken, _, _) => Interlocked.Add(ref _count, taken));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
