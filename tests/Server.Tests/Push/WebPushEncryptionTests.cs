using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Chat.Server.Push;

namespace Chat.Server.Tests.Push;

[TestFixture, Parallelizable(ParallelScope.All)]
internal sealed class WebPushEncryptionTests
{
    // RFC 8291, section 5 and appendix A.
    private const string Text = "When I grow up, I want to be a watermelon";
    private const string SenderPrivate = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    private const string SenderPublic = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
    private const string ReceiverPrivate = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    private const string ReceiverPublic = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string Salt = "DGv6ra1nlYgDCS1FRnbzlw";
    private const string Auth = "BTBZMqHH6r4Tts7J_aSIgg";
    private const string Body =
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    [Test]
    public void The_RFCs_example_is_encrypted_byte_for_byte_and_read_back()
    {
        using ECDiffieHellman sender = Key(SenderPrivate), receiver = Key(ReceiverPrivate);
        byte[] text = Encoding.ASCII.GetBytes(Text);

        byte[] body = WebPushEncryption.Encrypt(text, Bytes(ReceiverPublic), Bytes(Auth), sender, Bytes(Salt), (text.Length + 1, 4_096));

        Assert.That(Base64Url.EncodeToString(body), Is.EqualTo(Body));
        Assert.That(Base64Url.EncodeToString(WebPushEncryption.PointOf(sender)), Is.EqualTo(SenderPublic));
        Assert.That(Browser.Decrypt(Bytes(Body), receiver, Bytes(ReceiverPublic), Bytes(Auth)), Is.EqualTo(text));
    }

    [Test]
    public void Every_length_is_read_back_and_lengths_hide_in_steps()
    {
        using Browser browser = new("https://push.test/");
        HashSet<int> sizes = [];
        for (int length = 0; length <= WebPushEncryption.MaxPlainBytes; length += length < 600 ? 1 : 97) Try(length);
        Try(WebPushEncryption.MaxPlainBytes);

        Assert.That(sizes, Has.Count.EqualTo(16));
        Assert.That(sizes.Max(), Is.EqualTo(WebPushEncryption.MaxBodyBytes));
        Assert.That(() => Try(WebPushEncryption.MaxPlainBytes + 1), Throws.InstanceOf<ArgumentOutOfRangeException>());

        void Try(int length)
        {
            byte[] text = RandomNumberGenerator.GetBytes(length);
            byte[] body = WebPushEncryption.Encrypt(text, Bytes(browser.P256dh), Bytes(browser.Auth));
            Assert.That(browser.Decrypt(body), Is.EqualTo(text));
            sizes.Add(body.Length);
        }
    }

    [Test]
    public void The_same_text_is_never_the_same_bytes()
    {
        using Browser browser = new("https://push.test/");
        byte[] one = WebPushEncryption.Encrypt("text"u8, Bytes(browser.P256dh), Bytes(browser.Auth));
        byte[] other = WebPushEncryption.Encrypt("text"u8, Bytes(browser.P256dh), Bytes(browser.Auth));

        Assert.That(one[..86], Is.Not.EqualTo(other[..86]));
        Assert.That(one[86..], Is.Not.EqualTo(other[86..]));
    }

    private static ECDiffieHellman Key(string secret) =>
        ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Bytes(secret) });

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);
}
