using System.Text;
using Chat.Domain.Accounts;

namespace Chat.Domain.Tests.Accounts;

[Parallelizable]
public sealed class TotpTests
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    // RFC 6238, appendix B, the column of SHA-1, of which six digits are the last six of eight.
    [TestCase(59L, "287082")]
    [TestCase(1_111_111_109L, "081804")]
    [TestCase(1_111_111_111L, "050471")]
    [TestCase(1_234_567_890L, "005924")]
    [TestCase(2_000_000_000L, "279037")]
    [TestCase(20_000_000_000L, "353130")]
    public void A_code_is_that_of_the_rfc(long seconds, string code) =>
        Assert.That(Totp.CodeOf(Secret, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))), Is.EqualTo(code));

    // RFC 4226, appendix D.
    [TestCase(0, "755224")]
    [TestCase(5, "254676")]
    [TestCase(9, "520489")]
    public void A_step_is_the_counter_of_hotp(long step, string code) => Assert.That(Totp.CodeOf(Secret, step), Is.EqualTo(code));

    // RFC 4648 §10, without padding.
    [TestCase("f", "MY")]
    [TestCase("fo", "MZXQ")]
    [TestCase("foo", "MZXW6")]
    [TestCase("foob", "MZXW6YQ")]
    [TestCase("fooba", "MZXW6YTB")]
    [TestCase("foobar", "MZXW6YTBOI")]
    public void A_secret_is_shown_in_base32(string bytes, string text) =>
        Assert.That(Totp.ToText(Encoding.ASCII.GetBytes(bytes)), Is.EqualTo(text));

    [Test]
    public void A_code_is_good_one_step_before_and_after_its_own_and_no_longer()
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(59);

        Assert.Multiple(() =>
        {
            Assert.That(Totp.FindStep(Secret, "287082", now), Is.EqualTo(1));
            Assert.That(Totp.FindStep(Secret, "287082", now.AddSeconds(-59)), Is.EqualTo(1));
            Assert.That(Totp.FindStep(Secret, "287082", now.AddSeconds(30)), Is.EqualTo(1));
            Assert.That(Totp.FindStep(Secret, "287082", now.AddSeconds(31)), Is.Null);
        });
    }

    [TestCase("")]
    [TestCase("28708")]
    [TestCase("2870822")]
    [TestCase("２８７０８２", Description = "digits of another script")]
    [TestCase("abcdef")]
    public void What_is_no_code_is_none(string code) =>
        Assert.That(Totp.FindStep(Secret, code, DateTimeOffset.FromUnixTimeSeconds(59)), Is.Null);

    [Test]
    public void The_uri_is_what_apps_read() => Assert.That(
        Totp.ToUri(Secret, "My chat", "ada+1@example.com"),
        Is.EqualTo("otpauth://totp/My%20chat:ada%2B1%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=My%20chat"));
}
