using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.TestKit;

namespace Chat.Domain.Tests.Accounts;

[Parallelizable]
public sealed class AccessTokensTests // R-022, promises 4.1
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly Caller Anna = new(12, 34);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const string Header = """{"alg":"HS256","typ":"JWT"}""";
    private const string Payload = """{"iss":"chat","sub":"12","dev":34,"iat":1767225600,"exp":1767229200}""";

    private readonly FakeTimeProvider _time = new(Start);
    private readonly AccessTokens _tokens;

    public AccessTokensTests() => _tokens = new AccessTokens(new TokenOptions { SigningKey = Key }, _time);

    [Test]
    public void An_issued_token_names_its_caller_and_lives_one_hour()
    {
        string token = _tokens.Issue(Anna, out DateTimeOffset expiresAt);

        TokenVerdict verdict = _tokens.Verify(token, out Caller caller, out DateTimeOffset verifiedExpiry);

        Assert.Multiple(() =>
        {
            Assert.That(verdict, Is.EqualTo(TokenVerdict.Valid));
            Assert.That(caller, Is.EqualTo(Anna));
            Assert.That(expiresAt, Is.EqualTo(Start + TimeSpan.FromHours(1)));
            Assert.That(verifiedExpiry, Is.EqualTo(expiresAt));
        });
    }

    [Test]
    public void A_token_made_by_hand_after_RFC_7515_is_valid() =>
        Assert.That(_tokens.Verify(Sign(Header, Payload), out _, out _), Is.EqualTo(TokenVerdict.Valid));

    [TestCase(PrincipalKind.Agent)]
    [TestCase(PrincipalKind.Visitor)]
    [TestCase(PrincipalKind.Bot)]
    [TestCase((PrincipalKind)255)]
    public void A_token_says_of_which_kind_its_caller_is(PrincipalKind kind)
    {
        TokenVerdict verdict = _tokens.Verify(_tokens.Issue(Anna with { Kind = kind }, out _), out Caller caller, out _);

        Assert.That((verdict, caller), Is.EqualTo((TokenVerdict.Valid, Anna with { Kind = kind })));
    }

    [Test]
    public void A_token_of_before_is_a_persons_and_a_persons_is_as_before()
    {
        FakeTimeProvider time = new(Start);
        AccessTokens tokens = new(new TokenOptions { SigningKey = Key }, time);
        string made = tokens.Issue(Anna, out _);

        tokens.Verify(Sign(Header, Payload), out Caller caller, out _);

        Assert.That(caller.Kind, Is.EqualTo(PrincipalKind.Person));
        Assert.That(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(made.Split('.')[1])), Is.EqualTo(Payload));
    }

    [TestCase(0, TokenVerdict.Valid)]
    [TestCase(3600, TokenVerdict.Valid)]
    [TestCase(3659, TokenVerdict.Valid)]
    [TestCase(3660, TokenVerdict.Expired)]
    [TestCase(36000, TokenVerdict.Expired)]
    public void A_token_expires_after_its_life_and_the_leeway(int seconds, TokenVerdict expected)
    {
        FakeTimeProvider time = new(Start);
        AccessTokens tokens = new(new TokenOptions { SigningKey = Key }, time);
        string token = tokens.Issue(Anna, out _);

        time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That(tokens.Verify(token, out Caller caller, out _), Is.EqualTo(expected));
        Assert.That(caller, Is.EqualTo(Anna), "a genuine token says whose it is even when its time is over");
    }

    [Test]
    public void A_token_signed_with_another_key_is_invalid()
    {
        byte[] other = [.. Key];
        other[31] ^= 1;
        Assert.That(_tokens.Verify(Sign(Header, Payload, other), out Caller caller, out _), Is.EqualTo(TokenVerdict.Invalid));
        Assert.That(caller, Is.EqualTo(default(Caller)));
    }

    [TestCase("""{"alg":"none","typ":"JWT"}""")]
    [TestCase("""{"alg":"None","typ":"JWT"}""")]
    [TestCase("""{"alg":"hs256","typ":"JWT"}""")]
    [TestCase("""{"alg":"HS384","typ":"JWT"}""")]
    [TestCase("""{"alg":"RS256","typ":"JWT"}""")]
    [TestCase("""{"typ":"JWT"}""")]
    [TestCase("""{"alg":["HS256"]}""")]
    [TestCase("""{"alg":"HS256","alg":"none"}""")]
    [TestCase("""{"alg":"HS256","alg":"HS256"}""")]
    [TestCase("""{"alg":"HS256","crit":["exp"]}""")]
    [TestCase("""{"alg":"HS256"}{}""")]
    [TestCase("""{"alg":"HS256""")]
    [TestCase("""["HS256"]""")]
    [TestCase("")]
    public void Only_HS256_is_taken_even_when_the_signature_is_right(string header) =>
        Assert.That(_tokens.Verify(Sign(header, Payload), out _, out _), Is.EqualTo(TokenVerdict.Invalid));

    [Test]
    public void Alg_none_without_a_signature_is_invalid()
    {
        string unsigned = $"{Encode("""{"alg":"none"}""")}.{Encode(Payload)}.";
        Assert.That(_tokens.Verify(unsigned, out _, out _), Is.EqualTo(TokenVerdict.Invalid));
    }

    [TestCase("""{"iss":"chat","sub":"12","dev":34,"iat":1767225600}""", TestName = "Payload without exp is invalid")]
    [TestCase("""{"iss":"chat","dev":34,"iat":1767225600,"exp":1767229200}""", TestName = "Payload without sub is invalid")]
    [TestCase("""{"iss":"chat","sub":"12","iat":1767225600,"exp":1767229200}""", TestName = "Payload without dev is invalid")]
    [TestCase("""{"sub":"12","dev":34,"iat":1767225600,"exp":1767229200}""", TestName = "Payload without iss is invalid")]
    [TestCase("""{"iss":"else","sub":"12","dev":34,"iat":1767225600,"exp":1767229200}""", TestName = "Another issuer is invalid")]
    [TestCase("""{"iss":"chat","sub":12,"dev":34,"iat":1767225600,"exp":1767229200}""", TestName = "A sub that is a number is invalid")]
    [TestCase("""{"iss":"chat","sub":"-12","dev":34,"iat":1767225600,"exp":1767229200}""", TestName = "A negative sub is invalid")]
    [TestCase("""{"iss":"chat","sub":"0","dev":34,"iat":1767225600,"exp":1767229200}""", TestName = "A zero sub is invalid")]
    [TestCase("""{"iss":"chat","sub":"12","dev":0,"iat":1767225600,"exp":1767229200}""", TestName = "A zero dev is invalid")]
    [TestCase("""{"iss":"chat","sub":"12","dev":34,"iat":1767225600,"exp":1e300}""", TestName = "An exp that is no integer is invalid")]
    [TestCase("""{"iss":"chat","sub":"12","dev":34,"iat":1767225600,"exp":9223372036854775807}""", TestName = "An exp beyond the calendar is invalid")]
    [TestCase("""{"iss":"chat","sub":"12","dev":34,"iat":1767229200,"exp":1767225600}""", TestName = "An exp before iat is invalid")]
    [TestCase("""{"iss":"chat","sub":"12","dev":34,"iat":1767225661,"exp":1767229200}""", TestName = "An iat beyond the leeway is invalid")]
    [TestCase("""{"iss":"chat","sub":"12","sub":"13","dev":34,"iat":1767225600,"exp":1767229200}""", TestName = "A claim given twice is invalid")]
    [TestCase("""{"iss":"chat","sub":"12","dev":34,"iat":1767225600,"exp":1767229200,"kind":0}""", TestName = "A kind that is none is invalid")]
    [TestCase("""{"iss":"chat","sub":"12","dev":34,"iat":1767225600,"exp":1767229200,"kind":256}""", TestName = "A kind beyond a byte is invalid")]
    [TestCase("""{"iss":"chat","sub":"12","dev":34,"iat":1767225600,"exp":1767229200,"kind":"3"}""", TestName = "A kind that is a text is invalid")]
    [TestCase("""[1]""", TestName = "A payload that is no object is invalid")]
    [TestCase("""{"iss":"chat",""", TestName = "A cut payload is invalid")]
    public void Claims_are_judged_even_when_the_signature_is_right(string payload) =>
        Assert.That(_tokens.Verify(Sign(Header, payload), out _, out _), Is.EqualTo(TokenVerdict.Invalid));

    [Test]
    public void Changing_any_single_character_makes_a_token_invalid()
    {
        string token = _tokens.Issue(Anna, out _);
        for (int i = 0; i < token.Length; i++)
        {
            char replacement = token[i] == 'A' ? 'B' : 'A';
            string altered = string.Concat(token.AsSpan(0, i), [replacement], token.AsSpan(i + 1));
            Assert.That(_tokens.Verify(altered, out _, out _), Is.EqualTo(TokenVerdict.Invalid), $"character {i}");
        }
    }

    [Test]
    public void A_token_of_the_wrong_shape_is_invalid()
    {
        string token = _tokens.Issue(Anna, out _);
        string[] parts = token.Split('.');
        string[] wrong =
        [
            "", ".", "..", "...", "a.b", parts[0], $"{parts[0]}.{parts[1]}", $"{token}.", $".{token}", $"{token}.{parts[2]}",
            $"{token}=", $"{token} ", $" {token}", $"{token}\n", $"{parts[0]}.{parts[1]}.{parts[2]}{parts[2]}", $"{parts[0]}..{parts[2]}",
            $"{parts[0]} .{parts[1]}.{parts[2]}", token.Replace('.', ':'), $"{parts[0]}.{parts[1]}.{parts[2][..42]}",
            $"{parts[0]}.{parts[1]}.{parts[2][..42]}é", new string('a', 5000), $"{new string('a', 4000)}.{parts[1]}.{parts[2]}",
        ];

        foreach (string altered in wrong)
            Assert.That(_tokens.Verify(altered, out _, out _), Is.EqualTo(TokenVerdict.Invalid), $"'{altered}'");
        Assert.That(_tokens.Verify(null!, out _, out _), Is.EqualTo(TokenVerdict.Invalid));
    }

    [Test]
    public void A_genuine_token_over_4096_characters_is_invalid()
    {
        string huge = Sign(Header, Payload.Insert(1, $"\"pad\":\"{new string('x', 4096)}\","));
        string large = Sign(Header, Payload.Insert(1, $"\"pad\":\"{new string('x', 2000)}\","));
        Assert.Multiple(() =>
        {
            Assert.That(_tokens.Verify(huge, out _, out _), Is.EqualTo(TokenVerdict.Invalid));
            Assert.That(_tokens.Verify(large, out _, out _), Is.EqualTo(TokenVerdict.Valid), "unknown claims are no fault");
        });
    }

    [Test, Property("Promise", "P10")]
    public void Tokens_of_a_revoked_device_are_revoked_and_those_of_others_are_not()
    {
        string revoked = _tokens.Issue(Anna with { DeviceId = 77 }, out _);
        string other = _tokens.Issue(Anna with { DeviceId = 78 }, out _);

        _tokens.Revoke(77);

        Assert.Multiple(() =>
        {
            Assert.That(_tokens.Verify(revoked, out _, out _), Is.EqualTo(TokenVerdict.Revoked));
            Assert.That(_tokens.Verify(other, out _, out _), Is.EqualTo(TokenVerdict.Valid));
        });
    }

    [Test]
    public void Revoked_devices_are_forgotten_when_no_token_of_theirs_can_live()
    {
        FakeTimeProvider time = new(Start);
        RevokedDevices devices = new(TimeSpan.FromHours(1), time);

        devices.Add(1);
        time.Advance(TimeSpan.FromMinutes(30));
        devices.Add(2);
        time.Advance(TimeSpan.FromMinutes(31));
        devices.Add(3);

        Assert.That((devices.Contains(1), devices.Contains(2), devices.Contains(3)), Is.EqualTo((false, true, true)));
    }

    [Test]
    public void A_short_signing_key_is_refused_with_setting_and_remedy()
    {
        TokenOptions options = new() { SigningKey = new byte[31] };
        Assert.Multiple(() =>
        {
            Assert.That(() => new AccessTokens(options, _time), Throws.ArgumentException.With.Message.Contains("Tokens:SigningKey"));
            Assert.That(options.Validate(), Has.One.Contains("31 bytes"));
            Assert.That(new TokenOptions { SigningKey = Key }.Validate(), Is.Empty);
        });
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Sign(string header, string payload, byte[]? key = null)
    {
        string signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key ?? Key, Encoding.ASCII.GetBytes(signed)))}";
    }
}
