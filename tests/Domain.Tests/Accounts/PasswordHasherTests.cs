using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.TestKit;

namespace Chat.Domain.Tests.Accounts;

[Parallelizable]
public sealed class PasswordHasherTests // R-023
{
    private readonly FakeTimeProvider _time = new();

    [Test, CancelAfter(20_000)]
    public async Task A_hash_names_its_scheme_and_verifies_its_password_alone(CancellationToken ct)
    {
        using PasswordHasher hasher = Create();

        string hash = (await hasher.HashAsync("correct horse", ct)).Value;

        Assert.That(hash, Does.Match(@"^pbkdf2-sha512\$1000\$[A-Za-z0-9+/=]{24}\$[A-Za-z0-9+/=]{44}$"));
        Assert.That((await hasher.VerifyAsync("correct horse", hash, ct)).Value, Is.True);
        Assert.That((await hasher.VerifyAsync("correct horsf", hash, ct)).Value, Is.False);
        Assert.That((await hasher.HashAsync("correct horse", ct)).Value, Is.Not.EqualTo(hash), "the salt is fresh");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_hash_made_by_the_framework_elsewhere_verifies(CancellationToken ct)
    {
        byte[] salt = Encoding.ASCII.GetBytes("saltSALTsaltSALT");
        byte[] bytes = Rfc2898DeriveBytes.Pbkdf2("pässword", salt, 4096, HashAlgorithmName.SHA512, 32);
        string stored = string.Create(
            CultureInfo.InvariantCulture, $"pbkdf2-sha512$4096${Convert.ToBase64String(salt)}${Convert.ToBase64String(bytes)}");
        using PasswordHasher hasher = Create();

        Assert.That((await hasher.VerifyAsync("pässword", stored, ct)).Value, Is.True, "the number of rounds is the stored one, not the option's");
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("none")]
    [TestCase("pbkdf2-sha512$1000$AAAA")]
    [TestCase("pbkdf2-sha512$0$AAAA$AAAA")]
    [TestCase("pbkdf2-sha512$x$AAAA$AAAA")]
    [TestCase("pbkdf2-sha512$1000$$")]
    [TestCase("pbkdf2-sha512$1000$!!!!$AAAA")]
    [TestCase("argon2id$1000$AAAA$AAAA")]
    [CancelAfter(20_000)]
    public async Task No_account_and_an_unreadable_hash_cost_one_computation_and_match_nothing(string? stored, CancellationToken ct)
    {
        using PasswordHasher hasher = Create();

        Result<bool> verified = await hasher.VerifyAsync("anything", stored, ct);

        Assert.That(verified.Value, Is.False);
        Assert.That(hasher.Computations, Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_password_over_256_characters_is_wrong_at_the_cost_of_any_other(CancellationToken ct)
    {
        using PasswordHasher hasher = Create();
        string emptyHash = PasswordHash.Compute(string.Empty, 1000).ToString();

        Assert.That((await hasher.VerifyAsync(new string('x', 257), emptyHash, ct)).Value, Is.False);
        Assert.That(hasher.Computations, Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public async Task Who_finds_no_place_is_told_busy_at_once_when_nobody_may_wait(CancellationToken ct)
    {
        using PasswordHasher hasher = new(new PasswordOptions { Iterations = 1000, MaxConcurrent = 1, MaxWaiting = 0 }, _time);
        await hasher.Gate.WaitAsync(ct);

        Result<string> refused = await hasher.HashAsync("correct horse", ct);

        FailureAssert.Failed(refused, ErrorCode.Busy);
        Assert.That(refused.Failure!.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(hasher.Computations, Is.Zero);
        hasher.Gate.Release();
        Assert.That((await hasher.HashAsync("correct horse", ct)).IsOk, "the place is free again");
    }

    [Test, CancelAfter(20_000)]
    public async Task Waiting_for_a_place_ends_with_busy_after_the_longest_wait(CancellationToken ct)
    {
        using PasswordHasher hasher = new(new PasswordOptions { Iterations = 1000, MaxConcurrent = 1, MaxWaiting = 1 }, _time);
        await hasher.Gate.WaitAsync(ct);

        Task<Result<bool>> waiting = hasher.VerifyAsync("correct horse", null, ct);
        _time.Advance(TimeSpan.FromSeconds(5));

        FailureAssert.Failed(await waiting, ErrorCode.Busy);
        hasher.Gate.Release();
        Assert.That((await hasher.VerifyAsync("x", null, ct)).IsOk, "the place is free again");
    }

    private PasswordHasher Create() => new(new PasswordOptions { Iterations = 1000 }, _time);
}
