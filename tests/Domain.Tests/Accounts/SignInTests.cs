using Chat.Domain.Accounts;
using Chat.Protocol.Codes;

namespace Chat.Domain.Tests.Accounts;

public sealed class SignInTests : WorldFixture // R-021, promises 4.1
{
    private static int _numbers;

    [Test, CancelAfter(20_000)]
    public async Task A_person_signs_in_by_email_and_by_phone_in_any_spelling(CancellationToken ct)
    {
        (SignedIn registered, string email, string phone) = await RegisterAsync(ct);

        SignedIn byEmail = (await World.SignIn.ExecuteAsync(Input($" {email.ToUpperInvariant()} "), ct)).Value;
        SignedIn byPhone = (await World.SignIn.ExecuteAsync(Input(phone.Replace("+", "00 ", StringComparison.Ordinal)), ct)).Value;

        Assert.Multiple(() =>
        {
            Assert.That(byEmail.PrincipalId, Is.EqualTo(registered.PrincipalId));
            Assert.That(byPhone.PrincipalId, Is.EqualTo(registered.PrincipalId));
            Assert.That(new[] { registered.DeviceId, byEmail.DeviceId, byPhone.DeviceId }, Is.Unique, "each sign-in is a device");
            Assert.That(World.Tokens.Verify(byEmail.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Valid));
        });
    }

    [Test, CancelAfter(20_000)]
    public async Task Wrong_password_and_unknown_account_get_the_same_answer_for_the_same_work(CancellationToken ct)
    {
        (_, string email, _) = await RegisterAsync(ct);
        SignInInput wrong = Input(email) with { Password = "wrong password" };
        SignInInput unknown = Input(World.NewEmail());
        SignInInput nonsense = Input("no login at all");

        List<(Failure Failure, long Computations)> answers = [];
        foreach (SignInInput input in new[] { wrong, unknown, nonsense })
        {
            long before = World.Hasher.Computations;
            Result<SignedIn> result = await World.SignIn.ExecuteAsync(input, ct);
            FailureAssert.Failed(result, ErrorCode.SignInFailed);
            answers.Add((result.Failure!, World.Hasher.Computations - before));
        }

        Assert.That(answers, Is.All.EqualTo(answers[0]), "one failure, one hash computed, whatever was wrong");
        Assert.That(answers[0].Computations, Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task Known_and_unknown_accounts_are_throttled_alike_and_by_account_not_by_login(CancellationToken ct)
    {
        (_, string email, string phone) = await RegisterAsync(ct);
        string unknown = World.NewEmail();
        for (int i = 0; i < 5; i++)
        {
            string login = i % 2 == 0 ? email : phone;
            FailureAssert.Failed(await World.SignIn.ExecuteAsync(Input(login) with { Password = "wrong" }, ct), ErrorCode.SignInFailed);
            FailureAssert.Failed(await World.SignIn.ExecuteAsync(Input(unknown), ct), ErrorCode.SignInFailed);
        }

        long before = World.Hasher.Computations;
        Result<SignedIn> known = await World.SignIn.ExecuteAsync(Input(phone), ct);
        Result<SignedIn> stranger = await World.SignIn.ExecuteAsync(Input(unknown), ct);

        FailureAssert.Failed(known, ErrorCode.RateLimited);
        Assert.That(stranger.Failure, Is.EqualTo(known.Failure));
        Assert.That(known.Failure!.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(15)));
        Assert.That(World.Hasher.Computations, Is.EqualTo(before), "over the limit no hash is computed");
    }

    [Test, CancelAfter(30_000)]
    public async Task Success_lets_the_account_start_anew(CancellationToken ct)
    {
        (_, string email, _) = await RegisterAsync(ct);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 4; i++)
                FailureAssert.Failed(await World.SignIn.ExecuteAsync(Input(email) with { Password = "wrong" }, ct), ErrorCode.SignInFailed);
            Assert.That((await World.SignIn.ExecuteAsync(Input(email), ct)).IsOk, $"round {round}");
        }
    }

    [Test, CancelAfter(20_000)]
    public async Task A_busy_server_counts_no_failure(CancellationToken ct)
    {
        (_, string email, _) = await RegisterAsync(ct);
        using PasswordHasher hasher = new(new PasswordOptions { Iterations = 1000, MaxConcurrent = 1, MaxWaiting = 0 }, World.Time);
        SignIn signIn = new(World.Accounts, new PasswordCheck(hasher, World.Throttle), null!, World.Throttle, null!);
        await hasher.Gate.WaitAsync(ct);

        for (int i = 0; i < 20; i++) FailureAssert.Failed(await signIn.ExecuteAsync(Input(email), ct), ErrorCode.Busy);

        Assert.That((await World.SignIn.ExecuteAsync(Input(email), ct)).IsOk, "none of them counted");
    }

    [Test, CancelAfter(20_000)]
    public async Task What_throws_or_was_refused_for_its_failures_takes_nothing_of_the_minute(CancellationToken ct)
    {
        (SignedIn anna, string email, _) = await RegisterAsync(ct);
        SignInInput input = Input(email);
        string key = SignIn.KeyOf(anna.PrincipalId);
        PasswordHasher gone = new(new PasswordOptions { Iterations = 1000 }, World.Time);
        gone.Dispose();
        SignIn broken = new(World.Accounts, new PasswordCheck(gone, World.Throttle), null!, World.Throttle, null!);
        for (int i = 0; i < 6; i++) Assert.That(() => broken.ExecuteAsync(input, ct), Throws.TypeOf<ObjectDisposedException>());

        for (int i = 0; i < 4; i++) Assert.That(World.Throttle.JudgeSignIn(key, input.RemoteAddress, isPassword: false, out _), Is.Null, $"{i}");
        for (int i = 0; i < 5; i++) Assert.That(World.Throttle.TryBegin(key, input.RemoteAddress, out _));
        for (int i = 0; i < 3; i++) FailureAssert.Failed(await World.SignIn.ExecuteAsync(input, ct), ErrorCode.RateLimited);

        Assert.That(World.Throttle.JudgeSignIn(key, input.RemoteAddress, isPassword: false, out _), Is.Null, "the fifth");
        Failure? sixth = World.Throttle.JudgeSignIn(key, input.RemoteAddress, isPassword: false, out _);
        Assert.That(sixth?.Code, Is.EqualTo(ErrorCode.RateLimited), "what was not counted was not taken back");
    }

    [TestCase(null, "secret", "login")]
    [TestCase("  ", "secret", "login")]
    [TestCase("a@example.com", null, "password")]
    [TestCase("a@example.com", "", "password")]
    [CancelAfter(20_000)]
    public async Task A_missing_field_is_named(string? login, string? password, string field, CancellationToken ct) =>
        FailureAssert.Failed(
            await World.SignIn.ExecuteAsync(new SignInInput(login, password, null, NextAddress()), ct), ErrorCode.InvalidArgument, field);

    [Test, CancelAfter(20_000)]
    public async Task Hostile_logins_and_device_names_are_refused_without_an_exception(CancellationToken ct)
    {
        FailureAssert.Failed(await World.SignIn.ExecuteAsync(Input(new string('x', 513)), ct), ErrorCode.InvalidArgument, "login");
        FailureAssert.Failed(await World.SignIn.ExecuteAsync(Input("a\0@example.com"), ct), ErrorCode.SignInFailed);
        FailureAssert.Failed(await World.SignIn.ExecuteAsync(Input("a@example.com") with { DeviceName = "\0" }, ct), ErrorCode.InvalidArgument, "device_name");
        FailureAssert.Failed(
            await World.SignIn.ExecuteAsync(Input("a@example.com") with { Password = "\uD800" + new string('p', 300) }, ct), ErrorCode.SignInFailed);
    }

    private async Task<(SignedIn SignedIn, string Email, string Phone)> RegisterAsync(CancellationToken ct)
    {
        string email = World.NewEmail();
        string phone = $"+49151{Interlocked.Increment(ref _numbers):D7}";
        Result<SignedIn> result = await World.Register.ExecuteAsync(
            new RegisterInput("Anna", email, phone, World.Password, null, NextAddress()), ct);
        return (result.Value, email, phone);
    }

    private static SignInInput Input(string login) => new(login, World.Password, "Browser", NextAddress());

    private static string NextAddress()
    {
        int number = Interlocked.Increment(ref _numbers);
        return $"198.51.{number / 250}.{number % 250}";
    }
}
