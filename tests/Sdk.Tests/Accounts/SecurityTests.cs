using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Accounts;

/// <summary>Verification, second steps and forgotten passwords: what goes out, and what is made of the answers.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class SecurityTests
{
    private static readonly Uri Url = new("http://chat.test");

    [Test, CancelAfter(10_000)]
    public async Task Each_is_one_call(CancellationToken ct)
    {
        List<string> bodies = [];
        using FakeRest rest = new((request, body) =>
        {
            bodies.Add(body);
            return (200, Answer(request.Method, request.RequestUri!.AbsolutePath));
        });
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });
        SecurityClient security = world.Client.Security;

        string to = await security.SendVerificationAsync(AddressChannel.Phone, ct);
        await security.ConfirmVerificationAsync(AddressChannel.Phone, "1234 5678", ct);
        TwoStepSecret made = await security.BeginTwoStepAsync("secret", ct);
        IReadOnlyList<string> codes = await security.ConfirmTwoStepAsync("287082", ct);
        TwoStepState state = await security.GetTwoStepAsync(ct);
        IReadOnlyList<string> renewed = await security.RenewRecoveryCodesAsync("secret", "287082", ct);
        await security.RemoveTwoStepAsync("secret", "aaaa-bbbb-cccc", ct);

        Assert.Multiple(() =>
        {
            Assert.That(rest.Asked, Is.EqualTo(new[]
            {
                "POST /api/auth/verification", "POST /api/auth/verification/confirm", "POST /api/auth/two-step", "POST /api/auth/two-step/confirm",
                "GET /api/auth/two-step", "POST /api/auth/two-step/recovery-codes", "POST /api/auth/two-step/remove",
            }));
            Assert.That(bodies, Is.EqualTo(new[]
            {
                """{"channel":"phone"}""", """{"channel":"phone","code":"1234 5678"}""", """{"password":"secret"}""", """{"code":"287082"}""", "",
                """{"password":"secret","code":"287082"}""", """{"password":"secret","code":"aaaa-bbbb-cccc"}""",
            }));
            Assert.That((to, made, state), Is.EqualTo(("+49…21", new TwoStepSecret("GEZD", "otpauth://totp/x"), new TwoStepState(true, 9))));
            Assert.That(codes, Is.EqualTo(new[] { "aaaa-bbbb-cccc" }));
            Assert.That(renewed, Is.EqualTo(codes));
        });
    }

    [Test, CancelAfter(10_000)]
    public async Task A_forgotten_password_is_replaced_and_a_sign_in_hands_the_code_on(CancellationToken ct)
    {
        List<string> bodies = [];
        using FakeRest rest = new((request, body) =>
        {
            bodies.Add(body);
            return request.RequestUri!.AbsolutePath.EndsWith("login", StringComparison.Ordinal)
                ? (401, FakeRest.Problem(305, "second_factor_required"))
                : (204, "");
        });
        using HttpClient http = new(rest);

        await AccountSession.ForgotPasswordAsync(Url, "anna", http, ct);
        await AccountSession.ResetPasswordAsync(Url, "anna", "12345678", "battery horse", http, ct);
        AccountOptions options = new() { HttpClient = http, SecondStepCode = "287082" };
        ChatException refused = (await Assert.ThrowsAsync<ChatException>(() => AccountSession.SignInAsync(Url, "anna", "secret", options, ct)))!;

        Assert.That(refused.Code, Is.EqualTo(305));
        Assert.That(bodies, Is.EqualTo(new[]
        {
            """{"login":"anna"}""", """{"login":"anna","code":"12345678","newPassword":"battery horse"}""",
            """{"login":"anna","password":"secret","code":"287082"}""",
        }));
    }

    private static string Answer(HttpMethod method, string path) => path switch
    {
        _ when method == HttpMethod.Get => """{"enabled":true,"recoveryCodesLeft":9}""",
        "/api/auth/verification" => """{"to":"+49…21"}""",
        "/api/auth/two-step" => """{"secret":"GEZD","uri":"otpauth://totp/x"}""",
        _ when path.EndsWith("codes", StringComparison.Ordinal) || path.EndsWith("two-step/confirm", StringComparison.Ordinal) =>
            """{"recoveryCodes":["aaaa-bbbb-cccc"]}""",
        _ => "{}",
    };
}
