using Chat.Domain.Accounts;
using Chat.Protocol.Codes;

namespace Chat.Domain.Tests.Accounts;

public sealed class SessionLifeTests : WorldFixture // R-022, promise P10
{
    [Test, CancelAfter(20_000)]
    public async Task A_refresh_token_gives_a_new_pair_for_the_same_device(CancellationToken ct)
    {
        SignedIn first = await RegisterAsync(ct);

        SignedIn second = (await World.Refresh.ExecuteAsync(first.RefreshToken, ct)).Value;
        SignedIn third = (await World.Refresh.ExecuteAsync(second.RefreshToken, ct)).Value;

        Assert.Multiple(() =>
        {
            Assert.That((third.PrincipalId, third.DeviceId, third.Name), Is.EqualTo((first.PrincipalId, first.DeviceId, first.Name)));
            Assert.That(new[] { first.RefreshToken, second.RefreshToken, third.RefreshToken }, Is.Unique);
            Assert.That(World.Tokens.Verify(third.AccessToken, out Caller caller, out _), Is.EqualTo(TokenVerdict.Valid));
            Assert.That(caller.DeviceId, Is.EqualTo(first.DeviceId));
        });
    }

    [Test, CancelAfter(20_000)]
    public async Task A_refresh_token_used_twice_signs_its_device_out(CancellationToken ct)
    {
        SignedIn first = await RegisterAsync(ct);
        SignedIn second = (await World.Refresh.ExecuteAsync(first.RefreshToken, ct)).Value;

        FailureAssert.Failed(await World.Refresh.ExecuteAsync(first.RefreshToken, ct), ErrorCode.RefreshTokenInvalid, "refresh_token");

        Assert.That(World.Sessions.Disconnected, Does.Contain((first.PrincipalId, first.DeviceId, DisconnectCode.SessionRevoked)));
        Assert.That(World.Tokens.Verify(second.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Revoked));
        FailureAssert.Failed(await World.Refresh.ExecuteAsync(second.RefreshToken, ct), ErrorCode.RefreshTokenInvalid, "refresh_token");
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("x")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0A")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [CancelAfter(20_000)]
    public async Task What_is_no_refresh_token_of_ours_is_refused(string? token, CancellationToken ct) =>
        FailureAssert.Failed(await World.Refresh.ExecuteAsync(token, ct), ErrorCode.RefreshTokenInvalid, "refresh_token");

    [Test, CancelAfter(20_000)]
    public async Task Signing_out_ends_this_device_and_no_other(CancellationToken ct)
    {
        string email = World.NewEmail();
        SignedIn one = await RegisterAsync(ct, email);
        SignedIn other = (await World.SignIn.ExecuteAsync(new SignInInput(email, World.Password, "other", "192.0.2.77"), ct)).Value;

        Assert.That((await World.SignOut.ExecuteAsync(new Caller(one.PrincipalId, one.DeviceId))).IsOk);

        Assert.Multiple(() =>
        {
            Assert.That(World.Sessions.Disconnected, Does.Contain((one.PrincipalId, one.DeviceId, DisconnectCode.SessionRevoked)));
            Assert.That(World.Sessions.Disconnected.Any(cut => cut.PrincipalId == one.PrincipalId && cut.DeviceId != one.DeviceId), Is.False);
            Assert.That(World.Tokens.Verify(one.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Revoked));
            Assert.That(World.Tokens.Verify(other.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Valid));
        });
        FailureAssert.Failed(await World.Refresh.ExecuteAsync(one.RefreshToken, ct), ErrorCode.RefreshTokenInvalid, "refresh_token");
        Assert.That((await World.Refresh.ExecuteAsync(other.RefreshToken, ct)).IsOk);
        Assert.That((await World.SignOut.ExecuteAsync(new Caller(one.PrincipalId, one.DeviceId))).IsOk, "twice is no failure");
    }

    [Test, CancelAfter(20_000)]
    public async Task Signing_out_everywhere_ends_all_devices(CancellationToken ct)
    {
        string email = World.NewEmail();
        SignedIn one = await RegisterAsync(ct, email);
        SignedIn other = (await World.SignIn.ExecuteAsync(new SignInInput(email, World.Password, "other", "192.0.2.78"), ct)).Value;
        SignedIn stranger = await RegisterAsync(ct);

        Assert.That((await World.SignOutEverywhere.ExecuteAsync(new Caller(one.PrincipalId, one.DeviceId))).IsOk);

        Assert.That(World.Sessions.Disconnected, Does.Contain((one.PrincipalId, 0L, DisconnectCode.SessionRevoked)));
        Assert.That(World.Tokens.Verify(one.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Revoked));
        Assert.That(World.Tokens.Verify(other.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Revoked));
        FailureAssert.Failed(await World.Refresh.ExecuteAsync(one.RefreshToken, ct), ErrorCode.RefreshTokenInvalid, "refresh_token");
        FailureAssert.Failed(await World.Refresh.ExecuteAsync(other.RefreshToken, ct), ErrorCode.RefreshTokenInvalid, "refresh_token");
        Assert.That((await World.Refresh.ExecuteAsync(stranger.RefreshToken, ct)).IsOk, "another person is not concerned");
    }

    private async Task<SignedIn> RegisterAsync(CancellationToken ct, string? email = null) => (await World.Register.ExecuteAsync(
        new RegisterInput("Anna", email ?? World.NewEmail(), null, World.Password, null, "192.0.2.50"), ct)).Value;
}
