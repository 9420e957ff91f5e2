using System.Security.Cryptography;
using System.Text;
using Chat.Domain.Accounts;
using Chat.Domain.Accounts.Issuers;
using Chat.TestKit;

namespace Chat.Domain.Tests.Accounts.Issuers;

/// <summary>Which tokens of apps with users of their own are taken (ADR 0040), and what those who write the app are told of the others.</summary>
[TestFixture, Parallelizable, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class IssuedTokensTests : IDisposable
{
    private static readonly TokenOptions Own = new() { SigningKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)] };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly IssuingApp _shop, _bank, _club;
    private readonly IssuedTokens _tokens;

    public IssuedTokensTests()
    {
        (_shop, _bank, _club) = (new IssuingApp("shop", _time), new IssuingApp("bank", _time), new IssuingApp("club", _time));
        _tokens = Taking(new()
        {
            ["shop"] = new IssuerOptions { Algorithm = IssuerAlgorithm.HS256, SecretKey = _shop.Secret },
            ["bank"] = new IssuerOptions { Algorithm = IssuerAlgorithm.RS256, PublicKey = _bank.RsaPem },
            ["club"] = new IssuerOptions { Algorithm = IssuerAlgorithm.ES256, PublicKey = _club.CurvePem, TakesName = false },
        });
    }

    public void Dispose()
    {
        _shop.Dispose();
        _bank.Dispose();
        _club.Dispose();
    }

    [Test]
    public void A_token_by_each_algorithm_says_who_it_is_for()
    {
        long now = _time.GetUtcNow().ToUnixTimeSeconds();

        Assert.That(Judge(_shop.Mint("user 4711", "web-1", " Ada ")), Is.EqualTo((TokenVerdict.Valid, (string?)null)));
        _tokens.Verify(_shop.Mint("user 4711", "web-1", " Ada "), out IssuedClaims shop, out _);
        Assert.That(shop, Is.EqualTo(new IssuedClaims("shop", "user 4711", "web-1", "Ada", now, now + 600)));
        Assert.That(_tokens.Verify(_bank.SignRs256(_bank.Claims("ü", "s")), out IssuedClaims bank, out _), Is.EqualTo(TokenVerdict.Valid));
        Assert.That((bank.Issuer, bank.Subject, bank.Name), Is.EqualTo(("bank", "ü", (string?)null)));
        Assert.That(_tokens.Verify(_club.SignEs256(_club.Claims("1", "s", "Ada")), out IssuedClaims club, out _), Is.EqualTo(TokenVerdict.Valid));
        Assert.That((club.Issuer, club.Name), Is.EqualTo(("club", (string?)null)), "its names are not taken");
    }

    [Test]
    public void What_a_library_may_add_is_no_fault()
    {
        Dictionary<string, object?> claims = _shop.Claims("1");
        claims["aud"] = new[] { "else", "chat" };
        claims["exp"] = (long)claims["exp"]! + 0.5;
        claims["nbf"] = claims["iat"];
        claims["jti"] = "x";
        claims["realm_access"] = new { roles = new[] { "a", "b" } };
        claims["name"] = "  ";

        Assert.That(Judge(_shop.SignHs256(claims, header: """{"typ":"at+jwt","alg":"HS256","jku":"https://evil.example/keys"}""")).Verdict, Is.EqualTo(TokenVerdict.Valid));
    }

    /// <summary>Each is a token that somebody who has none of the keys, or those of another app, could make.</summary>
    [Test]
    public void No_attack_passes_as_a_token()
    {
        object claims = _shop.Claims("1"), banks = _bank.Claims("1"), clubs = _club.Claims("1");
        byte[] pem = Encoding.UTF8.GetBytes(_bank.RsaPem), der = Der(_bank.RsaPem);
        (string Name, string Token, string? Why)[] attacks =
        [
            ("alg none without a signature", IssuingApp.Sign("""{"alg":"none"}""", claims, _ => []), null),
            ("alg none with some signature", IssuingApp.Sign("""{"alg":"none"}""", claims, _ => [1]), "alg is not HS256"),
            ("alg None", IssuingApp.Sign("""{"alg":"None"}""", banks, _ => [1]), "alg is not RS256"),
            ("no alg", _shop.SignHs256(claims, header: """{"typ":"JWT"}"""), "alg is not HS256"),
            ("alg twice", _shop.SignHs256(claims, header: """{"alg":"HS256","alg":"none"}"""), null),
            ("alg in a list", _shop.SignHs256(claims, header: """{"alg":["HS256"]}"""), "alg is not HS256"),
            ("the public key as a secret, in PEM", _bank.SignHs256(banks, pem), "alg is not RS256"),
            ("the public key as a secret, in DER", _bank.SignHs256(banks, der), "alg is not RS256"),
            ("the public key as a secret, called RS256", _bank.SignHs256(banks, pem, """{"alg":"RS256"}"""), "signature"),
            ("another algorithm with the right key's owner", _bank.SignEs256(banks), "alg is not RS256"),
            ("a signature of one algorithm called the other", _club.SignRs256(clubs, """{"alg":"ES256"}"""), "signature"),
            ("the key of another issuer", _shop.SignHs256(_shop.Claims("1"), _bank.Secret), "signature"),
            ("another issuer's token called one's own", _shop.SignHs256(new Dictionary<string, object?>(_shop.Claims("1")) { ["iss"] = "club" }), "alg is not ES256"),
            ("another key of the same algorithm", _shop.SignRs256(banks), "signature"),
            ("a signature of nothing", _bank.SignRs256(banks)[..^10], "signature"),
            ("an issuer that nobody knows", _shop.SignHs256(new Dictionary<string, object?>(_shop.Claims("1")) { ["iss"] = "Shop" }), "iss is no issuer"),
            ("no issuer", _shop.SignHs256(new Dictionary<string, object?>(_shop.Claims("1")) { ["iss"] = null }), null),
            ("the service's own name", _shop.SignHs256(new Dictionary<string, object?>(_shop.Claims("1")) { ["iss"] = "chat", ["dev"] = 1 }), null),
            ("crit", _shop.SignHs256(claims, header: """{"alg":"HS256","crit":["exp"]}"""), "crit"),
            ("kid as a path", _shop.SignHs256(claims, header: """{"alg":"HS256","kid":"../../../../dev/null"}"""), "kid names no key"),
            ("kid of an empty secret's file", _shop.SignHs256(claims, [], """{"alg":"HS256","kid":"/proc/sys/kernel/randomize_va_space"}"""), "kid names no key"),
            ("kid as SQL", _shop.SignHs256(claims, header: """{"alg":"HS256","kid":"x' union select 'a"}"""), "kid names no key"),
            ("kid that is empty", _shop.SignHs256(claims, header: """{"alg":"HS256","kid":""}"""), "kid is no text"),
            ("kid that is a number", _shop.SignHs256(claims, header: """{"alg":"HS256","kid":1}"""), "kid is no text"),
            ("a key of its own in the header", Jwk(banks), "signature"),
            ("a claim twice", _shop.SignHs256("""{"iss":"shop","iss":"bank"}"""), null),
            ("no object", _shop.SignHs256("[1]"), null),
            ("cut", _shop.SignHs256("{"), null),
            ("deep", _shop.SignHs256(string.Concat(Enumerable.Repeat("{\"a\":", 900)) + "1" + new string('}', 900)), null),
            ("a lone surrogate as issuer", _shop.SignHs256("""{"iss":"\ud800"}"""), null),
            ("a lone surrogate as subject", _shop.SignHs256("""{"iss":"shop","sub":"\ud800","sid":"a","aud":"chat","iat":1767225600,"exp":1767225900}"""), null),
        ];

        Assert.Multiple(() =>
        {
            foreach ((string name, string token, string? why) in attacks)
            {
                TokenVerdict verdict = _tokens.Verify(token, out IssuedClaims claimed, out string? told);
                Assert.That((verdict, claimed), Is.EqualTo((TokenVerdict.Invalid, default(IssuedClaims))), name);
                Assert.That(told, why is null ? Is.Null : Does.Contain(why), name);
            }
        });
    }

    [Test]
    public void Every_claim_is_judged_though_the_signature_is_right_and_the_fault_is_named()
    {
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        (string Claim, object? Value, string Why)[] faults =
        [
            ("sub", null, "sub is missing"), ("sub", "", "sub must have 1 to 128"), ("sub", new string('x', 129), "sub must have 1 to 128"),
            ("sub", 4711, "sub is missing or no text"), ("sub", "a\0b", "sub must have"), ("sub", "a\nb", "sub must have"),
            ("sid", null, "sid is missing"), ("sid", "", "sid must have"), ("sid", new string('x', 129), "sid must have"),
            ("aud", null, "aud does not name this service"), ("aud", "shop", "aud does not"), ("aud", Array.Empty<string>(), "aud does not"),
            ("aud", new object[] { 1, "else" }, "aud does not"), ("aud", "CHAT", "aud does not"),
            ("exp", null, "exp is missing"), ("exp", "soon", "exp is no time"), ("exp", 1e300, "exp is no time"), ("exp", -1, "exp is no time"),
            ("exp", now, "exp is not after iat"), ("exp", now + 3601, "exp is more than 3600 s after iat"), ("exp", 253_402_300_799, "exp is more than"),
            ("iat", null, "iat is missing"), ("iat", now + 61, "not valid yet"), ("nbf", now + 61, "not valid yet"), ("nbf", "x", "nbf is no time"),
            ("name", 1, "name is no text"), ("name", new string('x', 256), "name has 256 characters"), ("name", "a\u0007b", "control character"),
        ];

        Assert.Multiple(() =>
        {
            foreach ((string claim, object? value, string why) in faults)
            {
                Dictionary<string, object?> claims = _shop.Claims("1");
                claims.Remove(claim);
                if (value is not null) claims[claim] = value;
                (TokenVerdict verdict, string? told) = Judge(_shop.SignHs256(claims));
                Assert.That(verdict, Is.EqualTo(TokenVerdict.Invalid), $"{claim} {value}");
                Assert.That(told, Does.Contain(why), $"{claim} {value}");
            }
        });
    }

    [TestCase(0, TokenVerdict.Valid)]
    [TestCase(659, TokenVerdict.Valid)]
    [TestCase(660, TokenVerdict.Expired)]
    [TestCase(100_000, TokenVerdict.Expired)]
    [TestCase(-60, TokenVerdict.Valid)]
    [TestCase(-61, TokenVerdict.Invalid)]
    public void Clocks_may_differ_by_the_leeway(int seconds, TokenVerdict expected)
    {
        string token = _shop.Mint("1");

        FakeTimeProvider later = new(_time.GetUtcNow().AddSeconds(seconds));
        IssuedTokens there = Taking(new() { ["shop"] = new IssuerOptions { Algorithm = IssuerAlgorithm.HS256, SecretKey = _shop.Secret } }, later);

        Assert.That(there.Verify(token, out _, out _), Is.EqualTo(expected));
    }

    [Test]
    public void Changing_any_single_character_makes_a_token_invalid()
    {
        foreach (string token in (string[])[_shop.Mint("1"), _bank.SignRs256(_bank.Claims("1")), _club.SignEs256(_club.Claims("1"))])
        {
            int last = token.LastIndexOf('.') + 1;
            for (int i = 0; i < token.Length - 1; i += i < last ? 1 : 7) // the last character may hold bits that no byte has
            {
                char replacement = token[i] == 'A' ? 'B' : 'A';
                string altered = string.Concat(token.AsSpan(0, i), [replacement], token.AsSpan(i + 1));
                Assert.That(Judge(altered).Verdict, Is.EqualTo(TokenVerdict.Invalid), $"character {i}");
            }
        }
    }

    [Test]
    public void What_has_not_the_shape_of_a_token_is_invalid()
    {
        string[] parts = _shop.Mint("1").Split('.');
        string[] wrong =
        [
            "", ".", "..", "...", "a.b", $"{parts[0]}.{parts[1]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}.{parts[2]}=", $"{parts[0]}.{parts[1]}.{parts[2]} ",
            $" {parts[0]}.{parts[1]}.{parts[2]}", $"{parts[0]}\n.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}.{parts[2]}.{parts[2]}", $"{parts[0]}.{parts[1]}é.{parts[2]}",
            new string('a', 5000), $"{new string('a', 4000)}.{parts[1]}.{parts[2]}",
        ];

        foreach (string token in wrong) Assert.That(Judge(token), Is.EqualTo((TokenVerdict.Invalid, (string?)null)), token);
        Assert.That(_tokens.Verify(null, out _, out _), Is.EqualTo(TokenVerdict.Invalid));
        Dictionary<string, object?> padded = _shop.Claims("1");
        padded["pad"] = new string('x', 4096);
        Assert.That(Judge(_shop.SignHs256(padded)).Verdict, Is.EqualTo(TokenVerdict.Invalid), "genuine, and over 4,096 characters");
    }

    [Test]
    public void While_keys_are_changed_kid_says_which_signed_or_either_may_have_and_the_old_one_ends_with_its_setting()
    {
        byte[] before = RandomNumberGenerator.GetBytes(32);
        IssuerOptions changed = new() { Algorithm = IssuerAlgorithm.HS256, SecretKey = _shop.Secret, KeyId = "2", PreviousSecretKey = before, PreviousKeyId = "1" };
        IssuedTokens both = Taking(new() { ["shop"] = changed });
        IssuedTokens one = Taking(new() { ["shop"] = changed with { PreviousSecretKey = [], PreviousKeyId = "" } });
        string old = _shop.SignHs256(_shop.Claims("1"), before, """{"alg":"HS256","kid":"1"}""");
        string now = _shop.SignHs256(_shop.Claims("1"), header: """{"alg":"HS256","kid":"2"}""");
        string mixed = _shop.SignHs256(_shop.Claims("1"), before, """{"alg":"HS256","kid":"2"}""");

        Assert.Multiple(() =>
        {
            Assert.That(both.Verify(old, out _, out _), Is.EqualTo(TokenVerdict.Valid));
            Assert.That(both.Verify(now, out _, out _), Is.EqualTo(TokenVerdict.Valid));
            Assert.That(both.Verify(mixed, out _, out _), Is.EqualTo(TokenVerdict.Invalid));
            Assert.That(both.Verify(_shop.Mint("1"), out _, out _), Is.EqualTo(TokenVerdict.Valid), "no kid is either key");
            Assert.That(both.Verify(_shop.SignHs256(_shop.Claims("1"), before), out _, out _), Is.EqualTo(TokenVerdict.Valid), "or the one before");
            Assert.That(both.Verify(_shop.SignHs256(_shop.Claims("1"), RandomNumberGenerator.GetBytes(32)), out _, out _), Is.EqualTo(TokenVerdict.Invalid));
            Assert.That(one.Verify(_shop.SignHs256(_shop.Claims("1"), before), out _, out _), Is.EqualTo(TokenVerdict.Invalid));
            Assert.That(one.Verify(old, out _, out _), Is.EqualTo(TokenVerdict.Invalid));
            Assert.That(one.Verify(now, out _, out _), Is.EqualTo(TokenVerdict.Valid));
        });
    }

    [Test]
    public void Keys_are_used_by_many_at_once()
    {
        string[] good = [_bank.SignRs256(_bank.Claims("1")), _club.SignEs256(_club.Claims("1"))];
        string[] bad = [_shop.SignRs256(_bank.Claims("1")), _shop.SignEs256(_club.Claims("1"))];

        int wrong = 0;
        Parallel.For(0, 400, i =>
        {
            if (_tokens.Verify(good[i % 2], out _, out _) != TokenVerdict.Valid) Interlocked.Increment(ref wrong);
            if (_tokens.Verify(bad[i % 2], out _, out _) != TokenVerdict.Invalid) Interlocked.Increment(ref wrong);
        });

        Assert.That(wrong, Is.Zero);
    }

    private (TokenVerdict Verdict, string? Why) Judge(string token) => (_tokens.Verify(token, out _, out string? why), why);

    private string Jwk(object claims)
    {
        using RSA own = RSA.Create(2048);
        RSAParameters key = own.ExportParameters(false);
        string header = $$$"""{"alg":"RS256","jwk":{"kty":"RSA","n":"{{{System.Buffers.Text.Base64Url.EncodeToString(key.Modulus)}}}","e":"AQAB"}}""";
        return IssuingApp.Sign(header, claims, signed => own.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static byte[] Der(string pem)
    {
        using RSA key = RSA.Create();
        key.ImportFromPem(pem);
        return key.ExportSubjectPublicKeyInfo();
    }

    private IssuedTokens Taking(Dictionary<string, IssuerOptions> issuers, TimeProvider? time = null) =>
        new(new IssuersOptions { ByName = issuers }, Own, time ?? _time);
}
