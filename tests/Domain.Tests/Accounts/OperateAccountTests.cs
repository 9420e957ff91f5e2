using System.Security.Cryptography;
using Chat.Domain.Accounts;
using Chat.Domain.Cluster;
using Chat.Domain.Notifications;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Domain.Tests.Accounts;

/// <summary>R-025: an operator blocks an account and resets a password; two nodes' worth of objects, told by the broker or by the database.</summary>
public sealed class OperateAccountTests : WorldFixture
{
    private const string Address = "192.0.2.31";

    private InMemoryBroker _operators = null!;
    private AccessTokens _tokens = null!;
    private RecordingSessions _sessions = null!;
    private SignInThrottle _throttle = null!;
    private ObeyOperator _obey = null!;
    private OperateAccount _operate = null!;

    [SetUp]
    public async Task JoinAsync()
    {
        InMemoryBus bus = new();
        _operators = bus.Join();
        InMemoryBroker there = bus.Join();
        (_tokens, _sessions, _throttle) = (
            new AccessTokens(World.TokenOptions, World.Time), new RecordingSessions(), new SignInThrottle(new SignInThrottleOptions(), World.Time));
        DeviceRevocation revocation = new(_tokens, _sessions, there);
        there.Attach(BrokerTopic.Control, new ControlReceiver(revocation));
        await _operators.StartAsync(default);
        await there.StartAsync(default);
        OperatorStore store = new(World.Source);
        _obey = new ObeyOperator(store, revocation, _throttle, World.TokenOptions, NullLogger<ObeyOperator>.Instance);
        _operate = new OperateAccount(store, World.Hasher, _operators);
    }

    [TearDown]
    public async Task LeaveAsync() => await _operators.DisposeAsync();

    [Test, CancelAfter(20_000)]
    public async Task A_block_is_said_to_the_right_password_only_and_taken_back_leaves_the_password(CancellationToken ct)
    {
        (string email, SignedIn ada) = await RegisterAsync(ct);
        Result<SignedIn> wrongBefore = await SignInAsync(email, "wrong password", ct);

        Result<OperatorOutcome> blocked = await _operate.BlockAsync(email, "spam", "root", ct);

        Assert.That(blocked.Value.SignedOut, Is.EqualTo(new[] { ada.DeviceId }));
        FailureAssert.Failed(await SignInAsync(email, World.Password, ct), ErrorCode.AccountBlocked, null);
        Result<SignedIn> wrong = await SignInAsync(email, "wrong password", ct);
        Assert.That(wrong.Failure, Is.EqualTo(wrongBefore.Failure), "no oracle");
        FailureAssert.Failed(await World.Refresh.ExecuteAsync(ada.RefreshToken, ct), ErrorCode.AccountBlocked, null);

        Assert.That((await _operate.UnblockAsync(email, "root", ct)).Value.Changed);
        Assert.That((await SignInAsync(email, World.Password, ct)).IsOk);
        FailureAssert.Failed(await World.Refresh.ExecuteAsync(ada.RefreshToken, ct), ErrorCode.RefreshTokenInvalid, "refresh_token");
    }

    [Test, CancelAfter(20_000)]
    public async Task The_right_password_of_a_blocked_account_is_no_guess_and_wrong_ones_are_throttled_as_ever(CancellationToken ct)
    {
        (string email, _) = await RegisterAsync(ct);
        await _operate.BlockAsync(email, null, "root", ct);

        for (int i = 0; i < 10; i++) FailureAssert.Failed(await SignInAsync(email, World.Password, ct, "192.0.2.32"), ErrorCode.AccountBlocked, null);
        for (int i = 0; i < 5; i++) FailureAssert.Failed(await SignInAsync(email, "wrong password", ct, "192.0.2.32"), ErrorCode.SignInFailed, null);
        FailureAssert.Failed(await SignInAsync(email, World.Password, ct, "192.0.2.32"), ErrorCode.RateLimited, null);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_blocked_account_with_a_second_step_is_told_so_before_a_code_is_asked_for_or_taken(CancellationToken ct)
    {
        (string email, SignedIn ada) = await RegisterAsync(ct);
        TwoStepStore store = new(World.Source);
        byte[] secret = new TwoStepSecrets(World.TokenOptions).Encrypt(ada.PrincipalId, RandomNumberGenerator.GetBytes(Totp.SecretBytes));
        await store.BeginAsync(ada.PrincipalId, secret, ct);
        await store.ConfirmAsync(new TwoStepUse(ada.PrincipalId, secret, 1), [RandomNumberGenerator.GetBytes(32)], ct);
        FailureAssert.Failed(await SignInAsync(email, World.Password, ct), ErrorCode.SecondFactorRequired, "code");

        await _operate.BlockAsync(email, null, "root", ct);

        FailureAssert.Failed(await SignInAsync(email, World.Password, ct), ErrorCode.AccountBlocked, null);
        FailureAssert.Failed(await SignInAsync(email, World.Password, ct, code: "000000"), ErrorCode.AccountBlocked, null);
        FailureAssert.Failed(await SignInAsync(email, "wrong password", ct, code: "000000"), ErrorCode.SignInFailed, null);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_password_reset_by_code_says_it_to_the_right_code_only(CancellationToken ct)
    {
        using CancellationTokenSource ending = new();
        RecordingTransports transports = new();
        DeliveryQueue queue = new(TimeProvider.System, NullLogger<DeliveryQueue>.Instance);
        Task delivering = queue.RunAsync(ending.Token);
        AccountCodeStore store = new(World.Source);
        CodeSender sender = new(queue, transports, transports);
        PasswordReset reset = new(store, World.Hasher, new DeviceRevocation(World.Tokens, World.Sessions, new InMemoryBus().Join()));
        ForgottenPassword forgotten = new(World.Accounts, new AccountCodes(store, sender, World.TokenOptions), sender, World.Throttle, reset);
        (string email, _) = await RegisterAsync(ct);
        await _operate.BlockAsync(email, null, "root", ct);

        Assert.That(forgotten.Request(email, Address).IsOk, "asked for as for any account");
        string code = await transports.CodeAsync(email, ct);
        string wrong = code == "00000000" ? "00000001" : "00000000";
        FailureAssert.Failed(await forgotten.ResetAsync(email, wrong, "another password", Address, ct), ErrorCode.CodeInvalid, "code");
        FailureAssert.Failed(await forgotten.ResetAsync(email, code, "another password", Address, ct), ErrorCode.AccountBlocked, null);
        FailureAssert.Failed(await SignInAsync(email, "another password", ct), ErrorCode.SignInFailed, null);

        await _operate.UnblockAsync(email, "root", ct);
        await _operate.ResetPasswordAsync(email, new NewPassword("the operator's"), "root", ct);
        FailureAssert.Failed(await forgotten.ResetAsync(email, code, "another password", Address, ct), ErrorCode.CodeInvalid, "code");
        await ending.CancelAsync();
        Assert.That(async () => await delivering, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(true), TestCase(false), CancelAfter(20_000)]
    public async Task Devices_are_cut_on_another_node_by_the_broker_at_once_or_by_the_database(bool hasBroker, CancellationToken ct)
    {
        if (!hasBroker) _operators.SetHealth(BrokerHealth.Degraded);
        (string email, SignedIn ada) = await RegisterAsync(ct);

        await _operate.BlockAsync(email, null, "root", ct);
        Assert.That(_sessions.Disconnected.Count, Is.EqualTo(hasBroker ? 1 : 0));
        await _obey.ExecuteAsync(ct);

        Assert.That(_sessions.Disconnected, Does.Contain((ada.PrincipalId, ada.DeviceId, DisconnectCode.SessionRevoked)));
        Assert.That(_tokens.Verify(ada.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Revoked));
        int cut = _sessions.Disconnected.Count;
        await _obey.ExecuteAsync(ct);
        Assert.That(_sessions.Disconnected, Has.Count.EqualTo(cut), "once");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_reset_keeps_to_the_rules_of_passwords_and_forgets_who_guessed(CancellationToken ct)
    {
        (string email, SignedIn ada) = await RegisterAsync(ct);
        await _obey.ExecuteAsync(ct);
        string key = SignIn.KeyOf(ada.PrincipalId);
        void Guess()
        {
            while (_throttle.TryBegin(key, Address, out _))
            {
            }
        }

        Guess();
        FailureAssert.Failed(await _operate.ResetPasswordAsync(email, new NewPassword("short"), "root", ct), ErrorCode.InvalidArgument, "password");
        string password = OperateAccount.RandomPassword();
        Result<OperatorOutcome> done = await _operate.ResetPasswordAsync(email, new NewPassword(password), "root", ct);
        await _obey.ExecuteAsync(ct);

        Assert.That(done.Value.SignedOut, Is.EqualTo(new[] { ada.DeviceId }));
        Assert.That(_throttle.TryBegin(key, "192.0.2.33", out _), "the account starts anew");
        FailureAssert.Failed(await SignInAsync(email, World.Password, ct), ErrorCode.SignInFailed, null);
        Assert.That((await SignInAsync(email, password, ct)).IsOk);

        while (_throttle.TryBegin(key, "192.0.2.34", out _))
        {
        }

        await _obey.ExecuteAsync(ct);
        Assert.That(_throttle.TryBegin(key, "192.0.2.35", out _), Is.False, "an order is obeyed once");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_reset_leaves_a_blocked_account_blocked(CancellationToken ct)
    {
        (string email, _) = await RegisterAsync(ct);
        await _operate.BlockAsync(email, null, "root", ct);

        Assert.That((await _operate.ResetPasswordAsync(email, new NewPassword("the operator's"), "root", ct)).IsOk);

        FailureAssert.Failed(await SignInAsync(email, "the operator's", ct), ErrorCode.AccountBlocked, null);
    }

    [Test, CancelAfter(20_000)]
    public async Task Bad_input_is_refused_with_what_to_do(CancellationToken ct)
    {
        (string email, _) = await RegisterAsync(ct);

        FailureAssert.Failed(await _operate.BlockAsync("nobody@example.org", null, "root", ct), ErrorCode.PrincipalNotFound, "login");
        FailureAssert.Failed(await _operate.UnblockAsync("no address", "root", ct), ErrorCode.InvalidArgument, "login");
        FailureAssert.Failed(await _operate.BlockAsync(email, new string('x', 201), "root", ct), ErrorCode.InvalidArgument, "reason");
        Assert.That((await _operate.ShowAsync(email.ToUpperInvariant(), ct)).Value.BlockedAt, Is.Null);
        Assert.That(new NewPassword("secret").ToString(), Does.Not.Contain("secret"));
    }

    private async Task<(string Email, SignedIn SignedIn)> RegisterAsync(CancellationToken ct)
    {
        string email = World.NewEmail();
        return (email, (await World.Register.ExecuteAsync(new RegisterInput("Ada", email, null, World.Password, "phone", Address), ct)).Value);
    }

    private Task<Result<SignedIn>> SignInAsync(string email, string password, CancellationToken ct, string address = Address, string? code = null) =>
        World.SignIn.ExecuteAsync(new SignInInput(email, password, "phone", address, code), ct);
}
