using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Accounts.Issuers;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;
using Chat.Storage.ChatLog;
using Chat.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.AdminApi.Tests.Rest.Auth;

/// <summary>What the gate does while the database is late or silent: its clock and the database's answers are the test's.</summary>
[CancelAfter(20_000)]
internal sealed class CallerGateTests
{
    private static readonly Caller Anna = new(7, 70);

    private readonly List<TaskCompletionSource<bool>> _asked = [];
    private FakeTimeProvider _time = null!;
    private NpgsqlDataSource _noDatabase = null!;
    private ChatLogWriter _log = null!;
    private Overload _overload = null!;
    private AccessTokens _tokens = null!;
    private CallerGate _gate = null!;

    [SetUp]
    public void MakeGate()
    {
        _asked.Clear();
        _time = new FakeTimeProvider();
        _noDatabase = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
        ChatLogOptions options = new();
        _log = new ChatLogWriter(_noDatabase, options, new SilentPorts(), _time, NullLogger<ChatLogWriter>.Instance);
        _overload = new Overload(_log, options, _time);
        _tokens = new AccessTokens(new TokenOptions { SigningKey = new byte[32] }, _time);
        _gate = new CallerGate(Verifier(new IssuersOptions()), new DeviceTrust(Ask, _time), _overload, _time);
    }

    private TokenVerifier Verifier(IssuersOptions issuers)
    {
        TokenOptions own = new() { SigningKey = new byte[32] };
        IssuedAccountStore store = new(_noDatabase, new SilentPorts());
        DeviceSignIn devices = new(new DeviceStore(_noDatabase, new SilentPorts()), _tokens, own, _time, NullLogger<DeviceSignIn>.Instance);
        return new TokenVerifier(
            _tokens, new IssuedTokens(issuers, own, _time), new IssuedAccounts(
                store, new IssuedAccountReads(store, NullLogger<IssuedAccountReads>.Instance), devices, NullLogger<IssuedAccounts>.Instance));
    }

    [TearDown]
    public async Task StopLogAsync()
    {
        Task stopped = _log.StopAsync();
        while (!stopped.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await _log.DisposeAsync();
        await _noDatabase.DisposeAsync();
    }

    [Test]
    public async Task Requests_of_one_device_share_the_question_and_its_answer_is_believed_for_a_while()
    {
        Task<Rejection?> first = Judge(Anna), second = Judge(Anna);
        Assert.That(_asked, Has.Count.EqualTo(1));
        _asked[0].SetResult(true);
        Assert.That((await first, await second), Is.EqualTo(((Rejection?)null, (Rejection?)null)));

        _time.Advance(DeviceTrust.Term - TimeSpan.FromTicks(1));
        Assert.That(await Judge(Anna), Is.Null);
        Assert.That(_asked, Has.Count.EqualTo(1));
        _time.Advance(TimeSpan.FromTicks(1));
        Task<Rejection?> later = Judge(Anna);
        Assert.That(_asked, Has.Count.EqualTo(2));
        _asked[1].SetResult(false);
        Assert.That((await later)!.Failure.Code, Is.EqualTo(ErrorCode.TokenInvalid));
    }

    [Test]
    public async Task Patience_ends_and_the_question_left_alone_is_not_asked_again()
    {
        Task<Rejection?> first = Judge(Anna);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(async () => await first, Throws.TypeOf<TimeoutException>());

        for (int i = 0; i < 100; i++)
        {
            using CancellationTokenSource gone = new();
            Task<Rejection?> aborted = Judge(Anna, gone.Token);
            await gone.CancelAsync();
            Assert.That(async () => await aborted, Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(_asked, Has.Count.EqualTo(1));
        Task<Rejection?> last = Judge(Anna);
        _asked[0].SetResult(true);
        Assert.That(await last, Is.Null);
    }

    [Test]
    public async Task A_question_that_failed_is_asked_again()
    {
        Task<Rejection?> first = Judge(Anna);
        _asked[0].SetException(new NpgsqlException("the connection is gone"));
        Assert.That(async () => await first, Throws.TypeOf<NpgsqlException>());

        Task<Rejection?> second = Judge(Anna);
        Assert.That(_asked, Has.Count.EqualTo(2));
        _asked[1].SetResult(true);
        Assert.That(await second, Is.Null);
    }

    [Test]
    public async Task More_questions_than_the_database_can_answer_are_not_asked()
    {
        List<Task<Rejection?>> waiting = [];
        for (int i = 0; i < DeviceTrust.MaxQuestions; i++) waiting.Add(Judge(new Caller(1, i + 1)));
        Rejection? refused = await Judge(Anna);
        Assert.That((refused!.Failure.Code, refused.Failure.RetryAfter), Is.EqualTo((ErrorCode.Unavailable, TimeSpan.FromSeconds(1))));

        _asked[0].SetResult(true);
        await waiting[0];
        Task<Rejection?> taken = Judge(Anna);
        Assert.That(_asked, Has.Count.EqualTo(DeviceTrust.MaxQuestions + 1));
        foreach (TaskCompletionSource<bool> asked in _asked.Skip(1)) asked.SetResult(true);
        Assert.That(await taken, Is.Null);
        Assert.That(await Task.WhenAll(waiting), Is.All.Null);
    }

    [Test]
    public async Task While_storage_is_silent_nobody_is_asked_about_and_who_is_trusted_passes(CancellationToken ct)
    {
        Task<Rejection?> before = Judge(Anna, ct);
        _asked[0].SetResult(true);
        Assert.That(await before, Is.Null);

        _log.Start();
        _ = _log.AppendAsync(new NewEvent(1, 1, 1, Guid.NewGuid(), null, "waits")).AsTask();
        while (_log.WaitingEvents > 0) // the clock stands until the log has it in hand, or it might pass the trust in Anna
        {
            ct.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        while (!_overload.IsStorageSilent)
        {
            ct.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        Rejection? refused = await Judge(new Caller(8, 80), ct);
        Assert.That((refused!.Failure.Code, refused.Failure.RetryAfter), Is.EqualTo((ErrorCode.Unavailable, TimeSpan.FromSeconds(1))));
        Assert.That(await Judge(Anna, ct), Is.Null);
        Assert.That(_asked, Has.Count.EqualTo(1));

        _overload.NoteAnswer();
        Task<Rejection?> later = Judge(new Caller(8, 80), ct);
        Assert.That(_asked, Has.Count.EqualTo(2), "only the log waits");
        _asked[1].SetResult(true);
        Assert.That(await later, Is.Null);
    }

    private Task<Rejection?> Judge(Caller caller, CancellationToken aborted = default)
    {
        DefaultHttpContext http = new() { RequestAborted = aborted };
        http.Request.Headers.Authorization = $"Bearer {_tokens.Issue(caller, out _)}";
        return _gate.JudgeAsync(http).AsTask();
    }

    private Task<bool> Ask(SessionKey key)
    {
        TaskCompletionSource<bool> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Add(asked);
        return asked.Task;
    }
}
