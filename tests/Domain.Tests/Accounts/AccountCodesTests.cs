using Chat.Domain.Accounts;
using Chat.Domain.Notifications;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Accounts;

/// <summary>Codes that are sent to people's addresses (R-024, promises 4.1).</summary>
public sealed class AccountCodesTests : WorldFixture
{
    private readonly CancellationTokenSource _ending = new();
    private readonly RecordingTransports _transports = new();
    private DeliveryQueue _queue = null!;
    private VerifyAddress _verify = null!;
    private ForgottenPassword _forgotten = null!;
    private Task _delivering = Task.CompletedTask;

    [OneTimeSetUp]
    public void Begin()
    {
        _queue = new DeliveryQueue(TimeProvider.System, NullLogger<DeliveryQueue>.Instance);
        _delivering = _queue.RunAsync(_ending.Token);
        AccountCodeStore store = new(World.Source);
        CodeSender sender = new(_queue, _transports, _transports);
        AccountCodes codes = new(store, sender, World.TokenOptions);
        DeviceRevocation revocation = new(World.Tokens, World.Sessions, new InMemoryBus().Join());
        _verify = new VerifyAddress(World.Accounts, store, codes, sender);
        _forgotten = new ForgottenPassword(World.Accounts, codes, sender, World.Throttle, new PasswordReset(store, World.Hasher, revocation));
    }

    [OneTimeTearDown]
    public async Task End()
    {
        await _ending.CancelAsync();
        Assert.That(async () => await _delivering, Throws.InstanceOf<OperationCanceledException>());
        _ending.Dispose();
    }

    [Test, CancelAfter(20_000)]
    public async Task An_email_and_a_phone_are_verified_by_the_codes_that_come_there(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);

        Result<CodeSent> mailed = await _verify.SendAsync(ada.Caller, "email", ct);
        Result<Done> byMail = await _verify.ConfirmAsync(ada.Caller, "email", await _transports.CodeAsync(ada.Email, ct), ct);
        AccountRow half = (await World.Accounts.FindAsync(ada.Caller.PrincipalId, ct))!;
        Result<CodeSent> texted = await _verify.SendAsync(ada.Caller, "phone", ct);
        Result<Done> byText = await _verify.ConfirmAsync(ada.Caller, "phone", await _transports.CodeAsync(ada.Phone, ct), ct);
        AccountRow whole = (await World.Accounts.FindAsync(ada.Caller.PrincipalId, ct))!;

        Assert.Multiple(() =>
        {
            Assert.That(mailed.Value.To, Is.EqualTo("p…@example.com"));
            Assert.That(texted.Value.To, Does.Match(@"^\+\d\d…\d\d$"));
            Assert.That(byMail.IsOk && byText.IsOk);
            Assert.That((half.IsEmailVerified, half.IsPhoneVerified), Is.EqualTo((true, false)));
            Assert.That((whole.IsEmailVerified, whole.IsPhoneVerified), Is.EqualTo((true, true)));
        });
    }

    [Test, CancelAfter(20_000)]
    public async Task A_confirmation_whose_answer_was_lost_can_be_sent_again(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        string code = await AskAsync(ada, ct);

        Result<Done> first = await _verify.ConfirmAsync(ada.Caller, "email", code, ct);
        Result<Done> again = await _verify.ConfirmAsync(ada.Caller, "email", code, ct);

        Assert.That(first.IsOk && again.IsOk);
    }

    [Test, CancelAfter(20_000)]
    public async Task Five_wrong_guesses_void_the_code(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        string code = await AskAsync(ada, ct);
        string wrong = code == "0000 0000" ? "1111 1111" : "0000 0000";

        for (int i = 0; i < 5; i++) FailureAssert.Failed(await _verify.ConfirmAsync(ada.Caller, "email", wrong, ct), ErrorCode.CodeInvalid, "code");

        FailureAssert.Failed(await _verify.ConfirmAsync(ada.Caller, "email", code, ct), ErrorCode.CodeInvalid, "code");
    }

    [Test, CancelAfter(20_000)]
    public async Task Guesses_at_once_have_no_more_than_five_between_them(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        string code = await AskAsync(ada, ct);
        string wrong = code == "0000 0000" ? "1111 1111" : "0000 0000";

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _verify.ConfirmAsync(ada.Caller, "email", wrong, ct)));

        Assert.That(await AttemptsLeftAsync(ada), Is.Zero);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("1234567")]
    [TestCase("123456789")]
    [TestCase("1234567a")]
    [CancelAfter(20_000)]
    public async Task What_is_no_code_costs_no_guess(string? input, CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        string code = await AskAsync(ada, ct);

        FailureAssert.Failed(await _verify.ConfirmAsync(ada.Caller, "email", input, ct), ErrorCode.InvalidArgument, "code");

        Assert.That(await AttemptsLeftAsync(ada), Is.EqualTo(5));
        Assert.That((await _verify.ConfirmAsync(ada.Caller, "email", $" {code.Replace(' ', '-')} ", ct)).IsOk, "as people type it");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_second_code_waits_a_minute_and_then_voids_the_first(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        string first = await AskAsync(ada, ct);

        Result<CodeSent> soon = await _verify.SendAsync(ada.Caller, "email", ct);
        await AgeAsync(ada, TimeSpan.FromSeconds(61));
        string second = await AskAsync(ada, ct);

        FailureAssert.Failed(soon, ErrorCode.RateLimited);
        Assert.That(soon.Failure!.RetryAfter, Is.GreaterThan(TimeSpan.FromSeconds(30)).And.LessThanOrEqualTo(TimeSpan.FromMinutes(1)));
        if (first != second) FailureAssert.Failed(await _verify.ConfirmAsync(ada.Caller, "email", first, ct), ErrorCode.CodeInvalid, "code");
        Assert.That((await _verify.ConfirmAsync(ada.Caller, "email", second, ct)).IsOk);
    }

    [Test, CancelAfter(20_000)]
    public async Task Codes_that_nobody_uses_come_slower_and_start_anew_the_day_after(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        await AskAsync(ada, ct);
        await AgeAsync(ada, TimeSpan.FromSeconds(61));
        await AskAsync(ada, ct);
        await AgeAsync(ada, TimeSpan.FromSeconds(61));
        await AskAsync(ada, ct);
        await AgeAsync(ada, TimeSpan.FromSeconds(61));

        Result<CodeSent> fourth = await _verify.SendAsync(ada.Caller, "email", ct);
        await AgeAsync(ada, TimeSpan.FromDays(1));
        await AskAsync(ada, ct);
        await AgeAsync(ada, TimeSpan.FromSeconds(61));
        await AskAsync(ada, ct);

        FailureAssert.Failed(fourth, ErrorCode.RateLimited);
        Assert.That(fourth.Failure!.RetryAfter, Is.GreaterThan(TimeSpan.FromMinutes(28)));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_code_ends_after_a_quarter_of_an_hour(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        string code = await AskAsync(ada, ct);

        await AgeAsync(ada, TimeSpan.FromMinutes(15));

        FailureAssert.Failed(await _verify.ConfirmAsync(ada.Caller, "email", code, ct), ErrorCode.CodeInvalid, "code");
    }

    [TestCase(null)]
    [TestCase("fax")]
    [CancelAfter(20_000)]
    public async Task Another_channel_than_the_two_is_refused(string? channel, CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);

        FailureAssert.Failed(await _verify.SendAsync(ada.Caller, channel, ct), ErrorCode.InvalidArgument, "channel");
        FailureAssert.Failed(await _verify.ConfirmAsync(ada.Caller, channel, "12345678", ct), ErrorCode.InvalidArgument, "channel");
    }

    [Test, CancelAfter(20_000)]
    public async Task An_address_that_the_account_has_not_gets_no_code(CancellationToken ct)
    {
        Caller ben = await World.PersonAsync();

        FailureAssert.Failed(await _verify.SendAsync(ben, "phone", ct), ErrorCode.InvalidArgument, "channel");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_forgotten_password_is_replaced_once_and_all_devices_are_signed_out(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);

        Assert.That(_forgotten.Request(ada.Email, Address()).IsOk);
        string code = await _transports.CodeAsync(ada.Email, ct);
        Result<Done> reset = await _forgotten.ResetAsync(ada.Email, code, "battery horse correct", Address(), ct);
        Result<Done> again = await _forgotten.ResetAsync(ada.Email, code, "another horse correct", Address(), ct);
        Result<SignedIn> byOld = await World.SignIn.ExecuteAsync(new SignInInput(ada.Email, World.Password, null, Address()), ct);
        Result<SignedIn> byNew = await World.SignIn.ExecuteAsync(new SignInInput(ada.Email, "battery horse correct", null, Address()), ct);
        AccountRow account = (await World.Accounts.FindAsync(ada.Caller.PrincipalId, ct))!;

        Assert.That(reset.IsOk);
        FailureAssert.Failed(again, ErrorCode.CodeInvalid, "code");
        FailureAssert.Failed(byOld, ErrorCode.SignInFailed);
        Assert.Multiple(() =>
        {
            Assert.That(byNew.IsOk);
            Assert.That(account.IsEmailVerified, "the code came there");
            Assert.That(World.Tokens.Verify(ada.SignedIn.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Revoked));
            Assert.That(World.Sessions.Disconnected, Does.Contain((ada.Caller.PrincipalId, 0L, DisconnectCode.SessionRevoked)));
        });
    }

    [Test, CancelAfter(20_000)]
    public async Task Of_two_resets_at_once_one_counts(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        Assert.That(_forgotten.Request(ada.Email, Address()).IsOk);
        string code = await _transports.CodeAsync(ada.Email, ct);

        Result<Done>[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            i => _forgotten.ResetAsync(ada.Email, code, $"battery horse {i}", Address(), ct)));

        Assert.That(outcomes.Count(outcome => outcome.IsOk), Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public async Task Nobody_learns_whether_there_is_an_account(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        string stranger = World.NewEmail();

        Result<Done> known = _forgotten.Request(ada.Email, Address());
        Result<Done> unknown = _forgotten.Request(stranger, Address());
        await _transports.CodeAsync(ada.Email, ct);
        Result<Done> knownReset = await _forgotten.ResetAsync(ada.Email, "0000 0000", "battery horse correct", Address(), ct);
        Result<Done> unknownReset = await _forgotten.ResetAsync(stranger, "0000 0000", "battery horse correct", Address(), ct);

        Assert.Multiple(() =>
        {
            Assert.That(known.IsOk && unknown.IsOk);
            Assert.That(unknownReset.Failure, Is.EqualTo(knownReset.Failure));
            Assert.That(_transports.Unread.Select(message => message.To), Does.Not.Contain(stranger));
        });
    }

    [Test, CancelAfter(20_000)]
    public async Task A_code_for_the_address_sets_no_password(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        string code = await AskAsync(ada, ct);

        FailureAssert.Failed(await _forgotten.ResetAsync(ada.Email, code, "battery horse correct", Address(), ct), ErrorCode.CodeInvalid, "code");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_weak_password_costs_no_guess(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        Assert.That(_forgotten.Request(ada.Email, Address()).IsOk);
        string code = await _transports.CodeAsync(ada.Email, ct);

        FailureAssert.Failed(await _forgotten.ResetAsync(ada.Email, code, "short", Address(), ct), ErrorCode.InvalidArgument, "new_password");
        Assert.That((await _forgotten.ResetAsync(ada.Email, code, "battery horse correct", Address(), ct)).IsOk);
    }

    [Test, CancelAfter(20_000)]
    public async Task Guesses_at_a_reset_are_throttled_for_known_and_unknown_alike(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        string stranger = World.NewEmail();
        string address = Address();
        for (int i = 0; i < 5; i++)
        {
            FailureAssert.Failed(await _forgotten.ResetAsync(ada.Email, "0000 0000", "battery horse correct", address, ct), ErrorCode.CodeInvalid, "code");
            FailureAssert.Failed(await _forgotten.ResetAsync(stranger, "0000 0000", "battery horse correct", address, ct), ErrorCode.CodeInvalid, "code");
        }

        Result<Done> known = await _forgotten.ResetAsync(ada.Email, "0000 0000", "battery horse correct", address, ct);
        Result<Done> unknown = await _forgotten.ResetAsync(stranger, "0000 0000", "battery horse correct", address, ct);

        FailureAssert.Failed(known, ErrorCode.RateLimited);
        Assert.That(unknown.Failure, Is.EqualTo(known.Failure));
    }

    [Test, CancelAfter(20_000)]
    public async Task Without_a_transport_the_answer_says_so(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        RecordingTransports none = new() { IsConfigured = false };
        AccountCodeStore store = new(World.Source);
        CodeSender sender = new(_queue, none, none);
        AccountCodes codes = new(store, sender, World.TokenOptions);
        VerifyAddress verify = new(World.Accounts, store, codes, sender);

        FailureAssert.Failed(await verify.SendAsync(ada.Caller, "email", ct), ErrorCode.NotConfigured);
        FailureAssert.Failed(await verify.SendAsync(ada.Caller, "phone", ct), ErrorCode.NotConfigured);
        ForgottenPassword forgotten = new(World.Accounts, codes, sender, World.Throttle, null!);
        FailureAssert.Failed(forgotten.Request(ada.Email, Address()), ErrorCode.NotConfigured);
        FailureAssert.Failed(forgotten.Request(World.NewEmail(), Address()), ErrorCode.NotConfigured);
    }

    private async Task<string> AskAsync(Someone person, CancellationToken ct)
    {
        Result<CodeSent> sent = await _verify.SendAsync(person.Caller, "email", ct);
        Assert.That(sent.IsOk, sent.Failure?.Message);
        return await _transports.CodeAsync(person.Email, ct);
    }

    private async Task AgeAsync(Someone person, TimeSpan age)
    {
        await using NpgsqlConnection connection = await World.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update account_codes set created_at = created_at - @age, expires_at = expires_at - @age where principal_id = @PrincipalId",
            new { person.Caller.PrincipalId, age });
    }

    private async Task<int> AttemptsLeftAsync(Someone person)
    {
        await using NpgsqlConnection connection = await World.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            "select attempts_left from account_codes where principal_id = @PrincipalId", new { person.Caller.PrincipalId });
    }

    private static int _people;

    /// <summary>An address of its own, so that the throttle of one test does not meet another's.</summary>
    private static string Address() => $"10.1.{Interlocked.Increment(ref _people) % 250}.{_people % 250}";

    private async Task<Someone> RegisterAsync(CancellationToken ct)
    {
        string email = World.NewEmail();
        string phone = $"+49151{Interlocked.Increment(ref _people):D7}";
        Result<SignedIn> made = await World.Register.ExecuteAsync(new RegisterInput("Ada", email, phone, World.Password, null, Address()), ct);
        return new Someone(made.Value, email, phone);
    }

    private sealed record Someone(SignedIn SignedIn, string Email, string Phone)
    {
        public Caller Caller => new(SignedIn.PrincipalId, SignedIn.DeviceId);
    }
}
