using System.Text.Unicode;
using Chat.Server.Transport;

namespace Chat.Server.Tests.Transport;

public sealed class Utf8ValidatorTests
{
    [TestCase("CEBAE1BDB9CF83CEBCCEB5")] // κόσμε
    [TestCase("F4 8F BF BF")]
    [TestCase("ED 9F BF EE 80 80 EF BF BD")]
    [TestCase("00 C2 80 E0 A0 80 F0 90 80 80")]
    public void Valid_text_cut_anywhere_is_valid(string hex)
    {
        byte[] text = InvalidUtf8.Bytes(hex);
        for (int cut = 0; cut <= text.Length; cut++)
        {
            Utf8Validator utf8 = default;
            Assert.That(utf8.TryAppend(text.AsSpan(0, cut)) && utf8.TryAppend(text.AsSpan(cut)) && utf8.IsAtBoundary, $"cut at {cut}");
        }
    }

    [TestCaseSource(typeof(InvalidUtf8), nameof(InvalidUtf8.Cases))]
    public void Invalid_text_is_invalid_whole_and_byte_by_byte(string hex)
    {
        byte[] text = InvalidUtf8.Bytes(hex);
        Utf8Validator whole = default, single = default;

        Assert.That(whole.TryAppend(text) && whole.IsAtBoundary, Is.False);
        Assert.That(Array.TrueForAll(text, b => single.TryAppend([b])) && single.IsAtBoundary, Is.False);
    }

    [TestCase("CEBA F4 90", 3)]
    [TestCase("41 ED A0", 2)]
    [TestCase("C0", 0)]
    [TestCase("E0 9F", 1)]
    [TestCase("F5", 0)]
    [TestCase("41 41 80", 2)]
    public void The_first_impossible_byte_is_an_error_at_once(string hex, int at)
    {
        byte[] text = InvalidUtf8.Bytes(hex);
        Utf8Validator utf8 = default;

        Assert.That(utf8.TryAppend(text.AsSpan(0, at)));
        Assert.That(utf8.TryAppend(text.AsSpan(at, 1)), Is.False);
    }

    [Test]
    public void Random_pieces_agree_with_the_frameworks_verdict_on_the_whole()
    {
        const int Seed = 770_013;
        TestContext.Out.WriteLine($"seed {Seed}");
        Random random = new(Seed);
        byte[] interesting = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF];
        for (int round = 0; round < 200_000; round++)
        {
            byte[] text = new byte[random.Next(1, 9)];
            foreach (ref byte b in text.AsSpan()) b = interesting[random.Next(interesting.Length)];
            Utf8Validator utf8 = default;
            bool isValid = true;
            for (int at = 0; at < text.Length && isValid;)
            {
                int take = random.Next(1, text.Length - at + 1);
                isValid = utf8.TryAppend(text.AsSpan(at, take));
                at += take;
            }

            Assert.That(isValid && utf8.IsAtBoundary, Is.EqualTo(Utf8.IsValid(text)), Convert.ToHexString(text));
        }
    }
}
