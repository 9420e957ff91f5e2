using Chat.Domain.Accounts;

namespace Chat.Domain.Tests.Accounts;

[Parallelizable]
public sealed class LoginNameTests // R-021
{
    [TestCase("Anna@Example.COM", "anna@example.com")]
    [TestCase("  anna@example.com\t", "anna@example.com")]
    [TestCase("a.b+tag@sub.example.co.uk", "a.b+tag@sub.example.co.uk")]
    [TestCase("o'neil_x@xn--bcher-kva.example", "o'neil_x@xn--bcher-kva.example")]
    public void An_email_address_gets_one_spelling(string typed, string stored)
    {
        Assert.That(LoginName.TryNormalizeEmail(typed, out string? normalized));
        Assert.That(normalized, Is.EqualTo(stored));
    }

    [TestCase("")]
    [TestCase("anna")]
    [TestCase("@example.com")]
    [TestCase("anna@")]
    [TestCase("anna@example")]
    [TestCase("anna@.example.com")]
    [TestCase("anna@example..com")]
    [TestCase("anna@example.com.")]
    [TestCase("anna@-example.com")]
    [TestCase("anna@example-.com")]
    [TestCase("anna@exa mple.com")]
    [TestCase("an na@example.com")]
    [TestCase(".anna@example.com")]
    [TestCase("anna.@example.com")]
    [TestCase("an..na@example.com")]
    [TestCase("anna@b@example.com")]
    [TestCase("\"anna\"@example.com")]
    [TestCase("anna@example.com\0")]
    [TestCase("anna\n@example.com")]
    [TestCase("änna@example.com")]
    public void What_is_no_email_address_is_refused(string typed) =>
        Assert.That(LoginName.TryNormalizeEmail(typed, out _), Is.False);

    [Test]
    public void Lengths_of_an_email_address_are_bounded()
    {
        string label = new('d', 63);
        string fits = $"{new string('a', 59)}@{label}.{label}.{label}.{"com"}"; // 59 + 1 + 3 × 64 + 3 = 255
        Assert.Multiple(() =>
        {
            Assert.That(fits, Has.Length.EqualTo(255));
            Assert.That(LoginName.TryNormalizeEmail(fits, out _));
            Assert.That(LoginName.TryNormalizeEmail("a" + fits, out _), Is.False, "256 characters");
            Assert.That(LoginName.TryNormalizeEmail(new string('a', 65) + "@example.com", out _), Is.False, "local part of 65");
            Assert.That(LoginName.TryNormalizeEmail($"a@{new string('d', 64)}.com", out _), Is.False, "label of 64");
        });
    }

    [TestCase("+49 171 1234567", "+491711234567")]
    [TestCase("0049-171-1234567", "+491711234567")]
    [TestCase("+1 (555) 010-9999", "+15550109999")]
    [TestCase(" +4412345 ", "+4412345")]
    [TestCase("+123456789012345", "+123456789012345")]
    public void A_phone_number_becomes_E164(string typed, string stored)
    {
        Assert.That(LoginName.TryNormalizePhone(typed, out string? normalized));
        Assert.That(normalized, Is.EqualTo(stored));
    }

    [TestCase("")]
    [TestCase("+")]
    [TestCase("00")]
    [TestCase("0")]
    [TestCase("0171 1234567")]
    [TestCase("1711234567")]
    [TestCase("+123456")]
    [TestCase("+1234567890123456")]
    [TestCase("+0491711234567")]
    [TestCase("0000491711234567")]
    [TestCase("+49171+1234567")]
    [TestCase("+49 171 CALLME")]
    [TestCase("+49\u0661\u0662\u0663\u0664\u0665\u0666\u0667")]
    [TestCase("+491711234567\0")]
    public void What_is_no_international_number_is_refused(string typed) =>
        Assert.That(LoginName.TryNormalizePhone(typed, out _), Is.False);

    [Test]
    public void An_at_sign_decides_which_of_the_two_a_login_is()
    {
        Assert.Multiple(() =>
        {
            Assert.That(LoginName.TryNormalize("A@B.example", out string? email) ? email : null, Is.EqualTo("a@b.example"));
            Assert.That(LoginName.TryNormalize("00 49 171 1234567", out string? phone) ? phone : null, Is.EqualTo("+491711234567"));
            Assert.That(LoginName.TryNormalize(null, out _), Is.False);
        });
    }
}
