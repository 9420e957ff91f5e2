using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Npgsql;

namespace Chat.Domain.Tests.Accounts;

/// <summary>Sign-ins with a second step.</summary>
public sealed class TwoStepTests : WorldFixture
{
    private static int _addresses;

    private TwoStep _twoStep = null!;

    [OneTimeSetUp]
    public void Begin() => _twoStep = Make(World.TokenOptions);

    [Test, CancelAfter(20_000)]
    public async Task A_sign_in_asks_for_the_code_once_it_is_set_up(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        AuthenticatorApp app = await BeginAsync(ada, ct);
        Assert.That((await SignInAsync(ada, null, ct)).IsOk, "what is begun asks for nothing");

        string[] recovery = (await _twoStep.ConfirmAsync(ada.Caller, Now(app), ct)).Value;
        World.Time.Advance(TimeSpan.FromSeconds(30));

        FailureAssert.Failed(await SignInAsync(ada, null, ct), ErrorCode.SecondFactorRequired, "code");
        FailureAssert.Failed(await SignInAsync(ada, "000000", ct), ErrorCode.CodeInvalid, "code");
        Assert.That((await SignInAsync(ada, Now(app), ct)).IsOk);
        Assert.Multiple(() =>
        {
            Assert.That(recovery, Has.Length.EqualTo(10).And.Unique);
            Assert.That(recovery, Has.All.Match("^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$"));
        });
    }

    [Test, CancelAfter(20_000)]
    public async Task A_code_is_taken_once_even_by_two_at_once(CancellationToken ct)
    {
        (Someone ada, AuthenticatorApp app, _) = await SetUpAsync(ct);
        string code = Now(app);

        Result<SignedIn>[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SignInAsync(ada, code, ct)));
        Result<SignedIn> later = await SignInAsync(ada, code, ct);

        Assert.That(outcomes.Count(outcome => outcome.IsOk), Is.EqualTo(1));
        FailureAssert.Failed(later, ErrorCode.CodeInvalid, "code");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_recovery_code_works_once_in_any_spelling(CancellationToken ct)
    {
        (Someone ada, _, string[] recovery) = await SetUpAsync(ct);

        Result<SignedIn> first = await SignInAsync(ada, recovery[3].ToUpperInvariant().Replace('-', ' '), ct);
        Result<SignedIn> again = await SignInAsync(ada, recovery[3], ct);

        Assert.That(first.IsOk);
        FailureAssert.Failed(again, ErrorCode.CodeInvalid, "code");
        Assert.That((await _twoStep.GetAsync(ada.Caller, ct)).Value, Is.EqualTo(new TwoStepState(true, 9)));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_recovery_code_signs_in_while_the_inbox_is_locked_and_the_other_devices_are_not_told(CancellationToken ct)
    {
        (Someone ada, _, string[] recovery) = await SetUpAsync(ct);
        Result<SignedIn> locked;
        await using (NpgsqlConnection holding = await World.Source.OpenConnectionAsync(ct))
        await using (NpgsqlTransaction transaction = await holding.BeginTransactionAsync(ct))
        {
            await using NpgsqlCommand command = new(
                "select id from chats where id = (select inbox_chat_id from principals where id = $1) for update", holding, transaction);
            command.Parameters.AddWithValue(ada.Caller.PrincipalId);
            Assert.That(await command.ExecuteScalarAsync(ct), Is.Not.Null);

            locked = await SignInAsync(ada, recovery[0], ct); // waits out the lock_timeout
        }

        Result<SignedIn> free = await SignInAsync(ada, recovery[1], ct);

        Assert.That((locked.IsOk, free.IsOk), Is.EqualTo((true, true)));
        IEnumerable<long?> told = World.Events.Committed
            .Where(row => row.Kind == EventKinds.SignedIn && row.SenderId == ada.Caller.PrincipalId).Select(row => row.SubjectId);
        Assert.That(told, Does.Contain((long?)free.Value.DeviceId).And.Not.Contain((long?)locked.Value.DeviceId));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_recovery_code_of_another_account_is_none(CancellationToken ct)
    {
        (Someone ada, _, _) = await SetUpAsync(ct);
        (_, _, string[] others) = await SetUpAsync(ct);

        FailureAssert.Failed(await SignInAsync(ada, others[0], ct), ErrorCode.CodeInvalid, "code");
    }

    [Test, CancelAfter(20_000)]
    public async Task Wrong_codes_are_throttled_as_wrong_passwords_are_and_a_missing_one_is_not(CancellationToken ct)
    {
        (Someone ada, AuthenticatorApp app, _) = await SetUpAsync(ct);
        string address = Address();
        for (int i = 0; i < 10; i++) FailureAssert.Failed(await SignInAsync(ada, null, ct, address), ErrorCode.SecondFactorRequired, "code");
        for (int i = 0; i < 5; i++) FailureAssert.Failed(await SignInAsync(ada, "000000", ct, address), ErrorCode.CodeInvalid, "code");

        FailureAssert.Failed(await SignInAsync(ada, Now(app), ct, address), ErrorCode.RateLimited);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_wrong_password_is_told_before_any_code_is_looked_at(CancellationToken ct)
    {
        (Someone ada, AuthenticatorApp app, _) = await SetUpAsync(ct);

        Result<SignedIn> wrong = await World.SignIn.ExecuteAsync(new SignInInput(ada.Email, "wrong", null, Address(), Now(app)), ct);

        FailureAssert.Failed(wrong, ErrorCode.SignInFailed);
        Assert.That((await SignInAsync(ada, Now(app), ct)).IsOk, "the code was not spent");
    }

    [Test, CancelAfter(20_000)]
    public async Task It_is_taken_away_by_password_and_code_together(CancellationToken ct)
    {
        (Someone ada, AuthenticatorApp app, string[] recovery) = await SetUpAsync(ct);

        Result<Done> noCode = await _twoStep.RemoveAsync(ada.Caller, new TwoStepProof(World.Password, null, Address()), ct);
        Result<Done> noPassword = await _twoStep.RemoveAsync(ada.Caller, new TwoStepProof("wrong", Now(app), Address()), ct);
        Result<Done> both = await _twoStep.RemoveAsync(ada.Caller, new TwoStepProof(World.Password, Now(app), Address()), ct);
        Result<Done> again = await _twoStep.RemoveAsync(ada.Caller, new TwoStepProof(World.Password, null, Address()), ct);

        FailureAssert.Failed(noCode, ErrorCode.CodeInvalid, "code");
        FailureAssert.Failed(noPassword, ErrorCode.SignInFailed, "password");
        Assert.That(both.IsOk && again.IsOk);
        Assert.That((await SignInAsync(ada, null, ct)).IsOk);
        FailureAssert.Failed(await _twoStep.RenewRecoveryCodesAsync(ada.Caller, new TwoStepProof(World.Password, recovery[0], Address()), ct), ErrorCode.InvalidArgument, "code");
    }

    [Test, CancelAfter(20_000)]
    public async Task New_recovery_codes_void_the_old_ones(CancellationToken ct)
    {
        (Someone ada, AuthenticatorApp app, string[] old) = await SetUpAsync(ct);

        string[] fresh = (await _twoStep.RenewRecoveryCodesAsync(ada.Caller, new TwoStepProof(World.Password, Now(app), Address()), ct)).Value;

        FailureAssert.Failed(await SignInAsync(ada, old[0], ct), ErrorCode.CodeInvalid, "code");
        Assert.That((await SignInAsync(ada, fresh[0], ct)).IsOk);
    }

    [Test, CancelAfter(20_000)]
    public async Task What_is_set_up_is_not_begun_anew_and_what_is_not_begun_is_not_confirmed(CancellationToken ct)
    {
        (Someone ada, AuthenticatorApp app, _) = await SetUpAsync(ct);
        Someone ben = await RegisterAsync(ct);

        FailureAssert.Failed(await _twoStep.BeginAsync(ada.Caller, World.Password, Address(), ct), ErrorCode.InvalidArgument, "code");
        FailureAssert.Failed(await _twoStep.ConfirmAsync(ada.Caller, Now(app), ct), ErrorCode.InvalidArgument, "code");
        FailureAssert.Failed(await _twoStep.ConfirmAsync(ben.Caller, "123456", ct), ErrorCode.InvalidArgument, "code");
        FailureAssert.Failed(await _twoStep.BeginAsync(ben.Caller, "wrong", Address(), ct), ErrorCode.SignInFailed, "password");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_secret_that_was_begun_anew_voids_the_first(CancellationToken ct)
    {
        Someone ada = await RegisterAsync(ct);
        AuthenticatorApp first = await BeginAsync(ada, ct);
        AuthenticatorApp second = await BeginAsync(ada, ct);

        FailureAssert.Failed(await _twoStep.ConfirmAsync(ada.Caller, Now(first), ct), ErrorCode.CodeInvalid, "code");
        Assert.That((await _twoStep.ConfirmAsync(ada.Caller, Now(second), ct)).IsOk);
    }

    [Test, CancelAfter(20_000)]
    public async Task The_secret_is_stored_encrypted_and_under_another_key_recovery_codes_still_work(CancellationToken ct)
    {
        (Someone ada, AuthenticatorApp app, string[] recovery) = await SetUpAsync(ct);
        TwoStepRow row = (await new TwoStepStore(World.Source).FindAsync(ada.Caller.PrincipalId, ct))!;
        TwoStepCheck other = Check(new TokenOptions { SigningKey = [.. Enumerable.Repeat((byte)9, 32)] });

        Failure? byApp = await other.JudgeAsync(ada.Caller.PrincipalId, Now(app), ct);
        Failure? byRecovery = await other.JudgeAsync(ada.Caller.PrincipalId, recovery[0], ct);

        Assert.Multiple(() =>
        {
            Assert.That(row.Secret.AsSpan().IndexOf(app.Secret), Is.Negative);
            Assert.That(byApp?.Code, Is.EqualTo(ErrorCode.CodeInvalid));
            Assert.That(byRecovery, Is.Null);
        });
    }

    private async Task<(Someone, AuthenticatorApp App, string[] Recovery)> SetUpAsync(CancellationToken ct)
    {
        Someone person = await RegisterAsync(ct);
        AuthenticatorApp app = await BeginAsync(person, ct);
        string[] recovery = (await _twoStep.ConfirmAsync(person.Caller, Now(app), ct)).Value;
        World.Time.Advance(TimeSpan.FromSeconds(30)); // the code that confirmed is spent
        return (person, app, recovery);
    }

    private async Task<AuthenticatorApp> BeginAsync(Someone person, CancellationToken ct)
    {
        TwoStepSecret made = (await _twoStep.BeginAsync(person.Caller, World.Password, Address(), ct)).Value;
        Assert.That(made.Uri, Does.StartWith("otpauth://totp/chat:person").And.Contains(made.Secret));
        return new AuthenticatorApp(made.Secret);
    }

    private string Now(AuthenticatorApp app) => app.CodeAt(World.Time.GetUtcNow());

    private Task<Result<SignedIn>> SignInAsync(Someone person, string? code, CancellationToken ct, string? address = null) =>
        World.SignIn.ExecuteAsync(new SignInInput(person.Email, World.Password, null, address ?? Address(), code), ct);

    private TwoStepCheck Check(TokenOptions tokens) => new(new TwoStepStore(World.Source), new TwoStepSecrets(tokens), World.Time);

    private TwoStep Make(TokenOptions tokens) => new(
        new TwoStepStore(World.Source),
        new TwoStepSecrets(tokens),
        Check(tokens),
        new TwoStepOwner(World.Accounts, new PasswordCheck(World.Hasher, World.Throttle), Check(tokens), World.Throttle),
        tokens);

    private static string Address() => $"10.2.{Interlocked.Increment(ref _addresses) % 250}.{_addresses % 250}";

    private async Task<Someone> RegisterAsync(CancellationToken ct)
    {
        string email = World.NewEmail();
        Result<SignedIn> made = await World.Register.ExecuteAsync(new RegisterInput("Ada", email, null, World.Password, null, Address()), ct);
        return new Someone(new Caller(made.Value.PrincipalId, made.Value.DeviceId), email);
    }

    private sealed record Someone(Caller Caller, string Email);
}
