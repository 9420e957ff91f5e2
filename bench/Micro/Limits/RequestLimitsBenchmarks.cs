using BenchmarkDotNet.Attributes;
using Chat.Domain;
using Chat.Domain.Fanout;
using Chat.Domain.Limits;
using Chat.Storage.ChatLog;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Micro.Limits;

/// <summary>What a message costs before it may join the chat log.</summary>
[MemoryDiagnoser]
public class RequestLimitsBenchmarks
{
    private RequestLimits _limits = null!;
    private NpgsqlDataSource _source = null!;
    private long _principal;

    /// <summary>Whether rates are in force; wide enough that nothing is refused.</summary>
    [Params(false, true)]
    public bool Limited { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _source = NpgsqlDataSource.Create("Host=nowhere.invalid"); // never opened: the log is not started
        ChatFanout fanout = new(null!, null!, TimeProvider.System);
        ChatLogOptions options = new();
        ChatLogWriter log = new(_source, options, fanout, TimeProvider.System, NullLogger<ChatLogWriter>.Instance);
        double rate = Limited ? 1e9 : 0;
        const int Burst = 1_000_000;
        LiveSettings settings = new(
            new LimitSettings { SendsPerMinute = rate * 60, ChatMessagesPerSecond = rate, SendsBurst = Burst, ChatMessagesBurst = Burst });
        _limits = new RequestLimits(settings, new Overload(log, options, TimeProvider.System), fanout, TimeProvider.System);
        for (int i = 0; i < 10_000; i++) JudgeSend();
    }

    [GlobalCleanup]
    public void Cleanup() => _source.Dispose();

    [Benchmark]
    public bool JudgeSend()
    {
        _principal = (_principal + 1) & 1023;
        return _limits.JudgeSend(new Caller(_principal, 1), _principal & 63) is null;
    }
}
