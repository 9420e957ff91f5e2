using System.Globalization;
using System.Text;
using Chat.Domain.Search;
using Npgsql;

namespace Chat.Domain.Tests.Search;

/// <summary>R-090: any language is compared without accents and case, however it was typed.</summary>
public sealed class FoldedTextTests : WorldFixture
{
    [TestCase("Crème BRÛLÉE", "creme brulee")]
    [TestCase("cre\u0300me", "creme", Description = "decomposed")]
    [TestCase("İstanbul ISPARTA ılık", "istanbul isparta ilik")]
    [TestCase("Straße STRASSE ẞ", "strasse strasse ss")]
    [TestCase("Æsir Øre Łódź Þór", "aesir ore lodz thor")]
    [TestCase("Ｆｕｌｌ　Ｗｉｄｔｈ１２", "full width12")]
    [TestCase("ﬁnal ①", "final 1")]
    [TestCase("ΣΊΣΥΦΟΣ Σίσυφος", "σισυφοσ σισυφοσ")]
    [TestCase("Ёлка ЙОД", "елка иод")]
    [TestCase("مُحَمَّد أحمد إلى", "محمد احمد الي")]
    [TestCase("שָׁלוֹם", "שלום")]
    [TestCase("soft\u00ADhyphen zero\u200Bwidth", "softhyphen zerowidth")]
    [TestCase("e-mail: a_b 3.14", "e mail a b 3 14")]
    public void Words_are_what_is_left_of_a_text(string text, string words) =>
        Assert.That(string.Join(' ', FoldedText.Of(text).Words.Select(word => word.Text)), Is.EqualTo(words));

    [TestCase("ガイド", "ｶﾞｲﾄﾞ")]
    [TestCase("がくせい", "か\u3099くせい")]
    [TestCase("パン", "ハ\u309Aン")]
    [TestCase("각하", "\u1100\u1161\u11A8\u1112\u1161")]
    [TestCase("Å", "A\u030A")]
    public void Composed_and_decomposed_are_the_same(string one, string other) =>
        Assert.That(FoldedText.Of(one).Words.Select(word => word.Text), Is.EqualTo(FoldedText.Of(other).Words.Select(word => word.Text)));

    [TestCase("はは", "ばば", Description = "a voiced kana is another letter")]
    [TestCase("की", "का", Description = "a vowel sign is no accent")]
    public void What_is_another_word_stays_one(string one, string other) =>
        Assert.That(FoldedText.Of(one).Words[0].Text, Is.Not.EqualTo(FoldedText.Of(other).Words[0].Text));

    [Test]
    public void Scripts_without_spaces_are_runs_of_their_own()
    {
        FoldedText text = FoldedText.Of("iPhone手机 ไทยแลนด์ ລາວ ភាសា 東京タワー!");

        Assert.That(
            text.Words.Select(word => (word.Text, word.IsRun)),
            Is.EqualTo(new[]
            {
                ("iphone", false), ("手机", true), ("ไทยแลนด์", true), ("ລາວ", true), ("ភាសា", true), ("東京タワー", true),
            }));
        Assert.That(text.Words[1].Pairs(), Is.EqualTo(new[] { "手机", "机" }));
    }

    [Test]
    public void A_place_in_the_folded_text_is_whole_characters_of_the_original()
    {
        FoldedText text = FoldedText.Of("x 😀 Stra\u00DFe cafe\u0301!");

        Assert.That(text.Locate(text.Words[1], 0, 5), Is.EqualTo(new TextRange(5, 5)), "half of ss is all of ß");
        Assert.That(text.Locate(text.Words[2], 0, 4), Is.EqualTo(new TextRange(12, 5)), "the accent goes with its letter");
    }

    [Test]
    public void A_word_that_never_ends_is_compared_by_its_beginning()
    {
        FoldedWord word = FoldedText.Of(new string('a', 16_384)).Words.Single();

        Assert.That(word.Key, Has.Length.EqualTo(FoldedText.MaxWordLength));
    }

    /// <summary>PostgreSQL knows Unicode's compatibility forms by itself: those of letters must agree with the table.</summary>
    [Test, CancelAfter(60_000)]
    public async Task The_table_is_what_PostgreSQL_says_of_letters_and_digits(CancellationToken ct)
    {
        const string Sql = """
            select cp, normalize(chr(cp), nfkd) from generate_series(160, 65519) cp
            where cp not between 55296 and 57343 and cp not between 44032 and 55203 and cp not between 12352 and 12543
                and normalize(chr(cp), nfkd) <> chr(cp)
            """;
        List<string> wrong = [];
        await using NpgsqlCommand command = World.Source.CreateCommand(Sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        int compared = 0;
        while (await reader.ReadAsync(ct))
        {
            (Rune rune, string theirs) = (new Rune(reader.GetInt32(0)), reader.GetString(1));
            compared++;
            if (Fold(rune.ToString()) != Fold(theirs)) wrong.Add(string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}"));
        }

        Assert.That(compared, Is.GreaterThan(3_000));
        Assert.That(wrong, Is.Empty);
    }

    private static string Fold(string text)
    {
        List<Rune> folded = [];
        foreach (Rune rune in text.EnumerateRunes()) FoldingTable.Fold(rune, folded);
        return string.Concat(folded);
    }
}
