using System.Security.Cryptography;
using Chat.Domain.Accounts;
using Chat.Domain.Accounts.Issuers;
using Chat.TestKit;

namespace Chat.Domain.Tests.Accounts.Issuers;

/// <summary>What is wrong with the section <c>Issuers</c> is said at the start, all of it.</summary>
[TestFixture, Parallelizable]
public sealed class IssuerOptionsTests
{
    private static readonly TokenOptions Own = new() { SigningKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)] };
    private static readonly IssuingApp App = new("shop", TimeProvider.System);
    private static readonly IssuerOptions Good = new() { Algorithm = IssuerAlgorithm.HS256, SecretKey = App.Secret };
    private static readonly IssuerOptions GoodRsa = new() { Algorithm = IssuerAlgorithm.RS256, PublicKey = App.RsaPem };

    [OneTimeTearDown]
    public void Close() => App.Dispose();

    [Test]
    public void Each_fault_is_named_with_its_setting()
    {
        using RSA weak = RSA.Create(1024), strong = RSA.Create(2048);
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        (IssuerOptions Options, string Name, string Fault)[] faults =
        [
            (Good with { Algorithm = null }, "shop", "Issuers:shop:Algorithm is not set"),
            (Good with { SecretKey = new byte[31] }, "shop", "Issuers:shop:SecretKey has 31 bytes"),
            (Good with { SecretKey = [] }, "shop", "Issuers:shop:SecretKey has 0 bytes"),
            (Good with { SecretKey = Own.SigningKey }, "shop", "has a key of Tokens:SigningKey"),
            (Good with { PublicKey = App.RsaPem }, "shop", "has a public key, and HS256 has none"),
            (Good with { MaxLifetime = TimeSpan.Zero }, "shop", "Issuers:shop:MaxLifetime is 00:00:00"),
            (Good with { MaxLifetime = TimeSpan.FromDays(2) }, "shop", "Issuers:shop:MaxLifetime"),
            (Good with { PreviousSecretKey = new byte[32] }, "shop", "set KeyId and PreviousKeyId"),
            (Good with { PreviousSecretKey = new byte[3], KeyId = "2", PreviousKeyId = "1" }, "shop", "Issuers:shop:PreviousSecretKey has 3 bytes"),
            (Good with { PreviousSecretKey = new byte[32], KeyId = "1", PreviousKeyId = "1" }, "shop", "which differ"),
            (Good with { PreviousKeyId = "1" }, "shop", "Issuers:shop:PreviousKeyId is set without"),
            (Good with { KeyId = new string('x', 65) }, "shop", "too long"),
            (Good, "chat", "is the name of the service itself"),
            (Good, "CHAT", "is the name of the service itself"),
            (Good, "my shop", "the name of an issuer has"),
            (Good, "shop:eu", "the name of an issuer has"),
            (Good, new string('x', 65), "the name of an issuer has"),
            (GoodRsa with { PublicKey = "" }, "bank", "Issuers:bank:PublicKey is not set"),
            (GoodRsa with { PublicKey = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" }, "bank", "cannot be read"),
            (GoodRsa with { PublicKey = "nonsense" }, "bank", "cannot be read"),
            (GoodRsa with { PublicKey = App.CurvePem }, "bank", "cannot be read as a public key of RS256"),
            (GoodRsa with { PublicKey = strong.ExportPkcs8PrivateKeyPem() }, "bank", "holds a private key"),
            (GoodRsa with { PublicKey = weak.ExportSubjectPublicKeyInfoPem() }, "bank", "has 1024 bits"),
            (GoodRsa with { SecretKey = new byte[32] }, "bank", "has a secret, and RS256 has none"),
            (GoodRsa with { Algorithm = IssuerAlgorithm.ES256, PublicKey = curve.ExportSubjectPublicKeyInfoPem() }, "bank", "is not on the curve P-256"),
            (GoodRsa with { PreviousPublicKey = "x", KeyId = "2", PreviousKeyId = "1" }, "bank", "Issuers:bank:PreviousPublicKey cannot be read"),
        ];

        Assert.Multiple(() =>
        {
            foreach ((IssuerOptions options, string name, string fault) in faults)
                Assert.That(Faults((name, options)), Has.Some.Contains(fault), fault);
            Assert.That(Faults(("shop", Good), ("bank", GoodRsa)), Is.Empty);
            Assert.That(Faults(), Is.Empty);
            Assert.That(Faults(("a", Good with { SecretKey = [] }), ("b c", Good)), Has.Length.GreaterThanOrEqualTo(2), "all at once");
        });
    }

    [Test]
    public void No_two_issuers_share_a_key_though_one_of_them_gives_it_up()
    {
        IssuerOptions changed = Good with { SecretKey = RandomNumberGenerator.GetBytes(32), KeyId = "2", PreviousSecretKey = App.Secret, PreviousKeyId = "1" };
        string wrapped = App.RsaPem.ReplaceLineEndings("\r\n");

        Assert.That(Faults(("shop", Good), ("desk", changed)), Has.One.Contains("Issuers:desk has a key of Issuers:shop"));
        Assert.That(Faults(("shop", GoodRsa), ("desk", GoodRsa with { PublicKey = wrapped })), Has.One.Contains("has a key of Issuers:shop"));
        Assert.That(
            () => new IssuedTokens(new IssuersOptions { ByName = new Dictionary<string, IssuerOptions> { ["chat"] = Good } }, Own, TimeProvider.System),
            Throws.ArgumentException.With.Message.Contains("Tokens:Issuer"));
    }

    private static string[] Faults(params (string Name, IssuerOptions Options)[] issuers) =>
        [.. new IssuersOptions { ByName = issuers.ToDictionary(one => one.Name, one => one.Options) }.Validate(Own)];
}
