using Chat.Domain.Accounts;
using Chat.Protocol.Codes;

namespace Chat.Domain.Tests.Accounts;

public sealed class RegisterAccountTests : WorldFixture
{
    private static int _addresses;

    [Test, CancelAfter(20_000)]
    public async Task Someone_with_name_email_and_phone_is_registered_and_signed_in(CancellationToken ct)
    {
        string email = World.NewEmail();
        RegisterInput input = Valid() with { Name = "  Anna  ", Email = email.ToUpperInvariant(), Phone = "+49 (171) 900-0001", DeviceName = " Phone " };

        Result<SignedIn> result = await World.Register.ExecuteAsync(input, ct);

        SignedIn signedIn = result.Value;
        Assert.Multiple(() =>
        {
            Assert.That(signedIn.Name, Is.EqualTo("Anna"));
            Assert.That(signedIn.RefreshToken, Has.Length.EqualTo(43));
            Assert.That(signedIn.RefreshTokenExpiresAt, Is.EqualTo(World.Time.GetUtcNow() + TimeSpan.FromDays(60)));
            Assert.That(World.Tokens.Verify(signedIn.AccessToken, out Caller caller, out _), Is.EqualTo(TokenVerdict.Valid));
            Assert.That(caller, Is.EqualTo(new Caller(signedIn.PrincipalId, signedIn.DeviceId)));
            Assert.That(signedIn.ToString(), Does.Not.Contain(signedIn.RefreshToken).And.Not.Contain(signedIn.AccessToken));
        });
        Profile profile = (await new GetProfile(World.Accounts).ExecuteAsync(new Caller(signedIn.PrincipalId, signedIn.DeviceId), ct)).Value;
        Assert.That((profile.Name, profile.Email, profile.Phone), Is.EqualTo(("Anna", email, "+491719000001")));
    }

    [Test, CancelAfter(20_000)]
    public async Task An_email_address_or_a_phone_number_alone_is_enough(CancellationToken ct)
    {
        Assert.That((await World.Register.ExecuteAsync(Valid(), ct)).IsOk);
        Assert.That((await World.Register.ExecuteAsync(Valid() with { Email = " ", Phone = "0049 171 900 0002" }, ct)).IsOk);
    }

    public static IEnumerable<TestCaseData> BadInputs()
    {
        RegisterInput valid = Valid();
        yield return new TestCaseData(valid with { Name = null }, "name").SetArgDisplayNames("no name");
        yield return new TestCaseData(valid with { Name = "   " }, "name").SetArgDisplayNames("blank name");
        yield return new TestCaseData(valid with { Name = new string('n', 256) }, "name").SetArgDisplayNames("name of 256");
        yield return new TestCaseData(valid with { Name = "An\0na" }, "name").SetArgDisplayNames("NUL in name");
        yield return new TestCaseData(valid with { Name = "Anna\nadmin" }, "name").SetArgDisplayNames("line break in name");
        yield return new TestCaseData(valid with { Name = "An\uD800na" }, "name").SetArgDisplayNames("lone surrogate in name");
        yield return new TestCaseData(valid with { Email = null }, "email").SetArgDisplayNames("neither email nor phone");
        yield return new TestCaseData(valid with { Email = "anna" }, "email").SetArgDisplayNames("bad email");
        yield return new TestCaseData(valid with { Email = "a\0@example.com" }, "email").SetArgDisplayNames("NUL in email");
        yield return new TestCaseData(valid with { Phone = "0171 123" }, "phone").SetArgDisplayNames("bad phone");
        yield return new TestCaseData(valid with { Password = null }, "password").SetArgDisplayNames("no password");
        yield return new TestCaseData(valid with { Password = "1234567" }, "password").SetArgDisplayNames("password of 7");
        yield return new TestCaseData(valid with { Password = new string('p', 257) }, "password").SetArgDisplayNames("password of 257");
        yield return new TestCaseData(valid with { Password = "12345678\0" }, "password").SetArgDisplayNames("NUL in password");
        yield return new TestCaseData(valid with { Password = "12345678\uDC00" }, "password").SetArgDisplayNames("lone surrogate in password");
        yield return new TestCaseData(valid with { DeviceName = new string('d', 256) }, "device_name").SetArgDisplayNames("device name of 256");
        yield return new TestCaseData(valid with { DeviceName = "a\0b" }, "device_name").SetArgDisplayNames("NUL in device name");
    }

    [TestCaseSource(nameof(BadInputs)), CancelAfter(20_000)]
    public async Task A_bad_field_is_named_and_nothing_is_hashed(RegisterInput input, string field, CancellationToken ct)
    {
        using PasswordHasher hasher = new(new PasswordOptions { Iterations = 1000 }, World.Time);
        RegisterAccount register = new(World.Accounts, hasher, World.Throttle, null!);

        Result<SignedIn> result = await register.ExecuteAsync(input, ct);

        FailureAssert.Failed(result, ErrorCode.InvalidArgument, field);
        Assert.That(hasher.Computations, Is.Zero);
        if (input.Password is { Length: > 3 } password) Assert.That(result.Failure!.Message, Does.Not.Contain(password));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_taken_email_address_or_phone_number_is_account_exists(CancellationToken ct)
    {
        RegisterInput first = Valid() with { Phone = "+49171900010" };
        Assert.That((await World.Register.ExecuteAsync(first, ct)).IsOk);

        FailureAssert.Failed(
            await World.Register.ExecuteAsync(Valid() with { Email = first.Email!.ToUpperInvariant() }, ct), ErrorCode.AccountExists, "email");
        FailureAssert.Failed(
            await World.Register.ExecuteAsync(Valid() with { Phone = "0049 171 900010" }, ct), ErrorCode.AccountExists, "phone");
    }

    [Test, CancelAfter(30_000)]
    public async Task An_address_that_probes_for_taken_accounts_is_slowed_down(CancellationToken ct)
    {
        RegisterInput taken = Valid();
        Assert.That((await World.Register.ExecuteAsync(taken, ct)).IsOk);

        for (int i = 0; i < 20; i++) FailureAssert.Failed(await World.Register.ExecuteAsync(taken, ct), ErrorCode.AccountExists, "email");
        Result<SignedIn> result = await World.Register.ExecuteAsync(taken, ct);

        FailureAssert.Failed(result, ErrorCode.RateLimited);
        Assert.That(result.Failure!.RetryAfter, Is.EqualTo(TimeSpan.FromHours(1)));
    }

    private static RegisterInput Valid() => new(
        "Anna", World.NewEmail(), null, World.Password, null, $"203.0.113.{Interlocked.Increment(ref _addresses) % 250}");
}
