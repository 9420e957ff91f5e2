using System.Text;
using Chat.Domain.Media;

namespace Chat.Domain.Tests.Media;

[Parallelizable]
public sealed class HostileFilesTests // promises 4.6
{
    private const string Png = "89504E470D0A1A0A0000000D49484452";
    private const string Jpeg = "FFD8FFE000104A46494600";
    private const string Zip = "504B0304140000000800000000000000000000000000000000000000";

    [TestCase("a.jpg", Jpeg, "image/jpeg")]
    [TestCase("a.JPEG", Jpeg, "image/jpeg")]
    [TestCase("a.png", Png, "image/png")]
    [TestCase("a.gif", "474946383961", "image/gif")]
    [TestCase("a.webp", "524946460000000057454250", "image/webp")]
    [TestCase("a.wav", "524946460000000057415645", "audio/wav")]
    [TestCase("a.mp4", "000000206674797069736F6D", "video/mp4")]
    [TestCase("a.m4a", "00000020667479704D344120", "audio/mp4")]
    [TestCase("a.mov", "000000146674797071742020", "video/quicktime")]
    [TestCase("a.webm", "1A45DFA39F4286810142F7810142F2810442F381084282847765626D", "video/webm")]
    [TestCase("a.mp3", "494433030000", "audio/mpeg")]
    [TestCase("a.mp3", "FFFB9064", "audio/mpeg")]
    [TestCase("a.opus", "4F67675300", "audio/ogg")]
    [TestCase("a.pdf", "255044462D312E37", "application/pdf")]
    [TestCase("a.doc", "D0CF11E0A1B11AE1", "application/msword")]
    public void A_file_that_is_what_it_says_is_allowed(string name, string hex, string expected)
    {
        ContentVerdict verdict = ContentSniffer.Judge(Convert.FromHexString(hex), BlobFileName.Extension(name), out string contentType);

        Assert.That((verdict, contentType), Is.EqualTo((ContentVerdict.Allowed, expected)));
    }

    [TestCase("[Content_Types].xml", ContentVerdict.Allowed)]
    [TestCase("word/document.xml", ContentVerdict.Allowed)]
    [TestCase("../../evil.sh", ContentVerdict.ContentDiffers, TestName = "Zip_slip_docx")]
    [TestCase("0.zip", ContentVerdict.ContentDiffers, TestName = "Nested_zip_bomb_as_docx")]
    [TestCase("META-INF/MANIFEST.MF", ContentVerdict.ContentDiffers, TestName = "Jar_as_docx")]
    public void A_package_is_a_document_by_its_first_entry(string entry, ContentVerdict expected)
    {
        byte[] head = [.. Convert.FromHexString(Zip)[..26], (byte)entry.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(entry)];

        Assert.That(ContentSniffer.Judge(head, "docx", out _), Is.EqualTo(expected));
    }

    [TestCase("page.jpg", "<html><script>alert(1)</script>")]
    [TestCase("page.png", "<!DOCTYPE html>")]
    [TestCase("drawing.png", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [TestCase("late.pdf", "<html><!--%PDF-1.7-->")]
    [TestCase("late.pdf", "\n%PDF-1.7")]
    [TestCase("short.pdf", "%PDF-")]
    [TestCase("program.jpg", "MZ\u0090\0")]
    [TestCase("program.mp3", "\u007FELF")]
    [TestCase("script.doc", "#!/bin/sh")]
    [TestCase("jar.gif", "PK\u0003\u0004")]
    [TestCase("half.gif", "GIF8")]
    [TestCase("half.webp", "RIFF\0\0\0\0WEB")]
    [TestCase("sound.webp", "RIFF\0\0\0\0WAVE")]
    [TestCase("still.mp4", "\0\0\0\u0018ftypheic")]
    [TestCase("still.mp4", "\0\0\0\u0018ftypavif")]
    [TestCase("film.mov", "\0\0\0\u0018ftypisom")]
    [TestCase("matroska.webm", "\u001AE\u00DF\u00A3matroska")]
    [TestCase("noise.mp3", "\u00FF\u00FF\u00FF\u00FF")]
    [TestCase("noise.ogg", "Ogg")]
    [TestCase("cut.png", "\u0089PNG\r\n\u001A\n")]
    [TestCase("cut.docx", "PK\u0003\u0004")]
    [TestCase("empty.jpg", "")]
    [TestCase("empty.docx", "")]
    [TestCase("cut.jpg", "\u00FF\u00D8")]
    public void A_file_that_is_not_what_it_says_is_refused(string name, string latin1)
    {
        ContentVerdict verdict = ContentSniffer.Judge(
            Encoding.Latin1.GetBytes(latin1), BlobFileName.Extension(name), out string contentType);

        Assert.That((verdict, contentType), Is.EqualTo((ContentVerdict.ContentDiffers, "")));
    }

    [TestCase("a.svg")]
    [TestCase("a.html")]
    [TestCase("a.exe")]
    [TestCase("a.jpg.exe")]
    [TestCase("a.jpg.")]
    [TestCase("a.jpg ")]
    [TestCase("a.jpg::$DATA")]
    [TestCase("a.zip")]
    [TestCase("a.js")]
    [TestCase("a")]
    [TestCase("a.jpg/x")]
    public void An_extension_that_is_not_on_the_list_is_refused_whatever_the_bytes(string name) =>
        Assert.That(
            ContentSniffer.Judge(Convert.FromHexString(Jpeg), BlobFileName.Extension(name), out _),
            Is.EqualTo(ContentVerdict.ExtensionNotAllowed));

    [TestCase("report.pdf", "report.pdf")]
    [TestCase("Über uns.pdf", "Über uns.pdf")]
    [TestCase("../../etc/passwd", "passwd")]
    [TestCase("..\\..\\boot.ini", "boot.ini")]
    [TestCase("/etc/shadow", "shadow")]
    [TestCase("C:\\a.doc", "a.doc")]
    [TestCase("C:a.doc", "C_a.doc")]
    [TestCase("..%2f..%2fa.jpg", "%2f..%2fa.jpg")]
    [TestCase("a\0.jpg", "a.jpg")]
    [TestCase("a\r\nSet-Cookie: x.jpg", "aSet-Cookie_ x.jpg")]
    [TestCase("photo\u202Egpj.exe", "photogpj.exe")]
    [TestCase("a\u200B\uFEFF.jpg", "a.jpg")]
    [TestCase("a\uD800.jpg", "a.jpg")]
    [TestCase("CON", "_CON")]
    [TestCase("con.jpg", "_con.jpg")]
    [TestCase("Lpt1.txt", "_Lpt1.txt")]
    [TestCase("console.jpg", "console.jpg")]
    [TestCase(".htaccess", "htaccess")]
    [TestCase("a.jpg. . .", "a.jpg")]
    [TestCase("...", "file")]
    [TestCase("", "file")]
    [TestCase(null, "file")]
    [TestCase("<script>.jpg", "_script_.jpg")]
    [TestCase("a.jpg/", "file")]
    public void A_name_is_made_harmless_and_stays_so(string? sent, string expected)
    {
        string cleaned = BlobFileName.Clean(sent);

        Assert.That(cleaned, Is.EqualTo(expected));
        Assert.That(BlobFileName.Clean(cleaned), Is.EqualTo(cleaned));
    }

    [TestCase("a")]
    [TestCase("語")]
    [TestCase("😀")]
    public void A_long_name_is_cut_between_characters_and_keeps_its_extension(string character)
    {
        string cleaned = BlobFileName.Clean(string.Concat(Enumerable.Repeat(character, 300)) + ".pdf");

        Assert.That(Encoding.UTF8.GetByteCount(cleaned), Is.InRange(BlobFileName.MaxBytes - 3, BlobFileName.MaxBytes));
        Assert.That(cleaned, Does.EndWith(character + ".pdf"));
    }

    [TestCase("a b.pdf", "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf")]
    [TestCase("ü€.pdf", "attachment; filename=\"__.pdf\"; filename*=UTF-8''%C3%BC%E2%82%AC.pdf")]
    [TestCase("100%;x='y'.pdf", "attachment; filename=\"100_;x='y'.pdf\"; filename*=UTF-8''100%25%3Bx%3D%27y%27.pdf")]
    public void A_download_is_named_after_RFC_6266(string name, string expected) =>
        Assert.That(BlobFileName.AttachmentHeader(name), Is.EqualTo(expected));
}
