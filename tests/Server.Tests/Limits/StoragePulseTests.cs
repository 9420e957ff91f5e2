using Chat.Domain.Limits;
using Chat.Server.Limits;
using Chat.Storage;
using Chat.Storage.ChatLog;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Server.Tests.Limits;

/// <summary>What tells a silent database from one whose log waits: an answer to anything else.</summary>
[CancelAfter(20_000)]
internal sealed class StoragePulseTests
{
    private static readonly TimeSpan Longest = new ChatLogOptions().MaxQueueAge;

    private readonly FakeTimeProvider _time = new();
    private readonly Queue<TaskCompletionSource> _asked = new();
    private NpgsqlDataSource _noDatabase = null!;
    private ChatLogWriter _writer = null!;
    private Overload _overload = null!;
    private StoragePulse _pulse = null!;

    [SetUp]
    public void MakeLog()
    {
        _asked.Clear();
        _noDatabase = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
        ChatLogOptions options = new();
        _writer = new ChatLogWriter(_noDatabase, options, new NoEvents(), _time, NullLogger<ChatLogWriter>.Instance);
        _overload = new Overload(_writer, options, _time);
        _pulse = new StoragePulse(Ask, _overload, NullLogger<StoragePulse>.Instance);
    }

    [TearDown]
    public async Task StopLogAsync()
    {
        Task stopped = _writer.StopAsync();
        while (!stopped.IsCompleted)
        {
            _time.Advance(Longest);
            await Task.Yield();
        }

        await _writer.DisposeAsync();
        await _noDatabase.DisposeAsync();
    }

    [Test]
    public async Task Storage_is_silent_where_neither_the_batch_nor_anything_else_is_answered(CancellationToken ct)
    {
        _pulse.Follow();
        Assert.That((_overload.IsStorageSilent, _asked.Count), Is.EqualTo((false, 0)), "nothing was asked of the log");

        await HoldBatchAsync(ct);
        _pulse.Follow();
        _pulse.Follow();
        Assert.That(_asked, Has.Count.EqualTo(1), "one question at a time");
        _time.Advance(Longest);
        Assert.That(_overload.IsStorageSilent);

        _asked.Dequeue().SetException(new NpgsqlException("the connection is gone"));
        Assert.That(_overload.IsStorageSilent, "that is no answer");
        _pulse.Follow();
        Assert.That(_asked, Has.Count.EqualTo(1), "asked again");
    }

    [Test]
    public async Task A_batch_that_waits_alone_is_no_silence([Values] bool isRefused, CancellationToken ct)
    {
        await HoldBatchAsync(ct);
        _time.Advance(Longest);
        Assert.That(_overload.IsStorageSilent);

        _pulse.Follow();
        if (isRefused) _asked.Dequeue().SetException(new PostgresException("lock timeout", "ERROR", "ERROR", "55P03"));
        else _asked.Dequeue().SetResult();
        Assert.That(_overload.IsStorageSilent, Is.False);

        _time.Advance(Longest);
        Assert.That(_overload.IsStorageSilent, "an answer counts for as long as anybody is made to wait");
    }

    [Test]
    public async Task A_server_that_only_starts_does_not_answer(CancellationToken ct)
    {
        await HoldBatchAsync(ct);
        _time.Advance(Longest);
        _pulse.Follow();
        _asked.Dequeue().SetException(new PostgresException("the database system is starting up", "FATAL", "FATAL", "57P03"));
        Assert.That(_overload.IsStorageSilent);
    }

    /// <summary>An event that nobody stores, up to where the pulse is to ask.</summary>
    private async Task HoldBatchAsync(CancellationToken ct)
    {
        _writer.Start();
        _ = _writer.AppendAsync(new NewEvent(1, 1, 1, Guid.NewGuid(), null, "waits")).AsTask();
        while (!_overload.IsStorageLate)
        {
            ct.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
    }

    private Task Ask()
    {
        TaskCompletionSource asked = new();
        _asked.Enqueue(asked);
        return asked.Task;
    }

    private sealed class NoEvents : ICommittedEvents
    {
        public void OnCommitted(IReadOnlyList<EventRow> events)
        {
        }

        public void OnInDoubt(IReadOnlyCollection<long> chatIds)
        {
        }
    }
}
