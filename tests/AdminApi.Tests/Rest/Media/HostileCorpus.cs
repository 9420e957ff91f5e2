using System.IO.Compression;
using System.Text;
using Chat.TestKit;

namespace Chat.AdminApi.Tests.Rest.Media;

/// <summary>A file that somebody with bad intentions would upload.</summary>
/// <param name="Name">What it tries.</param>
/// <param name="FileName">As it is sent.</param>
/// <param name="Refusal">Status and code; null for one that is taken, because nothing of it can act where it is read.</param>
internal sealed record HostileFile(string Name, string FileName, byte[] Bytes, (int Status, string Code)? Refusal)
{
    public override string ToString() => Name;
}

/// <summary>The files of promises 4.6, made here: a scanner of viruses that finds them in a checkout would be right.</summary>
internal static class HostileCorpus
{
    private const string Html = "<html><script>alert(document.domain)</script></html>";
    private const string Svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";

    private static readonly (int, string) NotTaken = (415, "content_not_allowed");

    public static IEnumerable<HostileFile> Files =>
    [
        // Not what they say.
        Refused("HTML as JPEG", "a.jpg", Text(Html)),
        Refused("HTML as PNG", "a.png", Text("<!DOCTYPE html>" + Html)),
        Refused("HTML as PDF", "a.pdf", Text(Html + "%PDF-1.7")),
        Refused("HTML before a PDF", "a.pdf", Text("<html><!--\n%PDF-1.7\n-->" + Html)),
        Refused("SVG with a script as PNG", "a.png", Text(Svg)),
        Refused("SVG with a script as WebP", "a.webp", Text(Svg)),
        Refused("a script for a shell as DOC", "a.doc", Text("#!/bin/sh\nrm -rf /")),
        Refused("a program for Windows as JPEG", "a.jpg", Text("MZ\u0090\0\u0003\0\0\0")),
        Refused("a program for Linux as MP3", "a.mp3", Text("\u007FELF\u0002\u0001\u0001\0")),
        Refused("a JAR as GIF", "a.gif", Zip(("META-INF/MANIFEST.MF", "Main-Class: Evil"))),
        Refused("a JAR as DOCX", "a.docx", Zip(("META-INF/MANIFEST.MF", "Main-Class: Evil"), ("word/document.xml", "<w/>"))),
        Refused("an archive that climbs out, as DOCX", "a.docx", Zip(("../../../etc/cron.d/evil", "* * * * * root sh"))),
        Refused("an archive of archives as DOCX", "a.docx", Zip(("0.zip", new string('0', 1_000_000)))),
        Refused("JavaScript as MP4", "a.mp4", Text("alert(1)//ftypisom")),
        Refused("HEIC as MP4", "a.mp4", Text("\0\0\0\u0018ftypheic\0\0\0\0")),
        Refused("Matroska as WebM", "a.webm", Text("\u001AE\u00DF\u00A3matroska")),
        Refused("a PNG under the name of a JPEG", "a.jpg", SamplePictures.Png(1000)),
        Refused("noise as MP3", "a.mp3", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),

        // Kinds that are not taken, whatever they hold.
        Refused("SVG", "a.svg", Text(Svg)),
        Refused("HTML", "a.html", Text(Html)),
        Refused("XHTML", "a.xhtml", Text(Html)),
        Refused("XML", "a.xml", Text("<?xml-stylesheet href='javascript:alert(1)'?><a/>")),
        Refused("JavaScript", "a.js", Text("alert(1)")),
        Refused("an archive", "a.zip", Zip(("a", "b"))),
        Refused("a program", "a.exe", Text("MZ")),
        Refused("two extensions, the last one a program's", "a.jpg.exe", SamplePictures.Jpeg),
        Refused("a stream of NTFS", "a.jpg::$DATA", SamplePictures.Jpeg),
        Refused("a program behind a mark that turns the text", "photo\u202Egpj.exe", SamplePictures.Jpeg),
        Refused("no extension", "passwd", SamplePictures.Jpeg),
        Refused("settings of a web server", ".htaccess", Text("AddType text/html .jpg")),

        // Damaged, empty, too large.
        Refused("a JPEG that breaks off", "a.jpg", SamplePictures.Jpeg[..^5]),
        Refused("two bytes of a JPEG", "a.jpg", [0xFF, 0xD8]),
        Refused("a JPEG with a segment beyond its end", "a.jpg", [0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xFF, 1, 2, 3]),
        Refused("a JPEG of nothing but fill bytes", "a.jpg", [0xFF, 0xD8, .. Enumerable.Repeat((byte)0xFF, 100_000)]),
        Refused("8 bytes of a PNG", "a.png", SamplePictures.Png(8)),
        Refused("half a PNG", "a.png", SamplePictures.Png(1000)[..500]),
        Refused("a WebP that says more than there is", "a.webp", Text("RIFF\u00FF\u00FF\u00FF\u007FWEBPVP8 \u0010\0\0\0short")),
        Refused("a film whose box is longer than the one it is in", "a.mp4", Text("\0\0\0\u0010ftypisom\0\0\0\0\0\0\0\u0018moov\0\0\u0001\0trak\0\0\0\0")),
        Refused("a PNG of 30,000 by 30,000 pixels", "a.png", PngOf(30_000, 30_000)),
        Refused("a PNG of 2^31 by 2^31 pixels", "a.png", PngOf(int.MaxValue, int.MaxValue)),
        Refused("a GIF of 65,535 by 65,535 pixels", "a.gif", [.. "GIF89a"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x3B]),
        Refused("a WebP of 2^24 by 2^24 pixels", "a.webp", [.. Text("RIFF\u0016\0\0\0WEBPVP8X\u000A\0\0\0\0\0\0\0"), 255, 255, 255, 255, 255, 255]),
        Refused("a JPEG of 65,500 by 65,500 pixels", "a.jpg", JpegOf(65_500)),
        new("nothing", "a.png", [], (400, "invalid_argument")),
        new("a byte too much", "a.png", SamplePictures.Png(2_000_001), (413, "blob_too_large")),

        // Two things at once: taken as what their head says, and served so that the other thing cannot act.
        Taken("a GIF that is a JAR", "a.gif", [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, .. Zip(("Evil.class", "x"))]),
        Taken("a GIF that is JavaScript", "a.gif", Text("GIF89a\u0001\0\u0001\0/*\0*/=1;alert(1)")),
        Taken("a JPEG with HTML behind it", "a.jpg", [.. SamplePictures.Jpeg, .. Text(Html)]),
        Taken("a JPEG with an archive behind it", "a.jpg", [.. SamplePictures.Jpeg, .. Zip(("Evil.class", "x"))]),
        Taken("a PNG with HTML in it", "a.png", [.. SamplePictures.Png(100), .. Text(Html)]),
        Taken("a PDF that is HTML", "a.pdf", Text("%PDF-1.7\n" + Html)),
        Taken("a PDF with JavaScript", "a.pdf", Text("%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj")),
        Taken("a DOCX that climbs out behind its head", "a.docx", Zip(("[Content_Types].xml", "<Types/>"), ("../../etc/evil", "x"))),
        Taken("a DOCX that grows a thousandfold", "a.docx", Zip(("[Content_Types].xml", "<Types/>"), ("bomb", new string('0', 20_000_000)))),

        // Names.
        Taken("a path upwards", "../../etc/passwd.png", SamplePictures.Png(100)),
        Taken("a path upwards, encoded", "..%2f..%2fa.png", SamplePictures.Png(100)),
        Taken("a path of Windows", "..\\..\\windows\\a.png", SamplePictures.Png(100)),
        Taken("an absolute path", "/etc/a.png", SamplePictures.Png(100)),
        Taken("a NUL within", "a.png\0.exe.png", SamplePictures.Png(100)),
        Taken("a device of Windows", "CON.png", SamplePictures.Png(100)),
        Taken("a name that turns", "a\u202Egnp.png", SamplePictures.Png(100)),
        Taken("a line break and a header", "a\r\nSet-Cookie: x=1\r\n.png", SamplePictures.Png(100)),
        Taken("quotes that end the header's value", "a\"; filename=\"evil.exe.png", SamplePictures.Png(100)),
        Taken("markup", "<img src=x onerror=alert(1)>.png", SamplePictures.Png(100)),
        Taken("300 letters", new string('x', 300) + ".png", SamplePictures.Png(100)),
        Taken("300 letters of three bytes", new string('語', 300) + ".png", SamplePictures.Png(100)),
        Taken("SQL", "'; drop table blobs; --.png", SamplePictures.Png(100)),
    ];

    private static HostileFile Refused(string name, string fileName, byte[] bytes) => new(name, fileName, bytes, NotTaken);

    private static HostileFile Taken(string name, string fileName, byte[] bytes) => new(name, fileName, bytes, null);

    private static byte[] Text(string latin1) => Encoding.Latin1.GetBytes(latin1);

    private static byte[] PngOf(int width, int height) =>
    [
        .. SamplePictures.Png(16), .. Number(width), .. Number(height), 8, 2, 0, 0, 0, .. new byte[64],
    ];

    private static byte[] JpegOf(ushort side) =>
    [
        0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, (byte)(side >> 8), (byte)side, (byte)(side >> 8), (byte)side, 1, 1, 0x11, 0,
        .. SamplePictures.Jpeg[2..],
    ];

    private static byte[] Number(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using MemoryStream bytes = new();
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in entries)
            {
                using StreamWriter entry = new(archive.CreateEntry(name).Open());
                entry.Write(text);
            }
        }

        return bytes.ToArray();
    }
}
