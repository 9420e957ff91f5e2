using System.Buffers;
using System.Text;
using Chat.Domain.Media;

namespace Chat.Domain.Tests.Media;

/// <summary>Files as the strippers make them, and what they are built of.</summary>
internal static class StrippedFile
{
    /// <summary>Strips the file whole, and again byte by byte: how it is cut on the way must make no difference.</summary>
    /// <returns>Null of a file that is refused.</returns>
    public static byte[]? Strip(byte[] file, string type)
    {
        byte[]? whole = Copy(file, type, file.Length);
        Assert.That(Copy(file, type, 1), Is.EqualTo(whole), "byte by byte");
        return whole;
    }

    public static byte[]? Copy(byte[] file, string type, int pieceBytes)
    {
        IMetadataStripper stripper = MetadataStrippers.Create(type)!;
        ArrayBufferWriter<byte> output = new();
        foreach (byte[] piece in file.Chunk(Math.Max(1, pieceBytes))) stripper.Write(piece, output);
        Assert.That(output.WrittenCount, Is.AtMost(file.Length + MetadataStrippers.MostAddedBytes));
        return stripper.IsWhole ? output.WrittenSpan.ToArray() : null;
    }

    public static int Bytes(byte[] file, int at) => (file[at] << 24) | (file[at + 1] << 16) | (file[at + 2] << 8) | file[at + 3];

    public static string Latin1(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    public static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    public static string TypeOf(string name) => ContentSniffer.TypeOf(Path.GetExtension(name)[1..]);

    public static byte[] Read(string name)
    {
        using Stream sample = typeof(StrippedFile).Assembly.GetManifestResourceStream("samples/" + name)!;
        using MemoryStream bytes = new();
        sample.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>A box of an MP4.</summary>
    public static byte[] Box(string type, params byte[][] content)
    {
        byte[] payload = [.. content.SelectMany(part => part)];
        return [.. BigEndian(payload.Length + 8), .. Latin1(type), .. payload];
    }

    /// <summary>A box in those that the path names.</summary>
    /// <param name="path">From the file on, with slashes between; empty for the file itself.</param>
    public static byte[] In(string path, params byte[][] content)
    {
        byte[] payload = [.. content.SelectMany(part => part)];
        foreach (string type in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            payload = type is "stsd" or "dref" ? Box(type, [0, 0, 0, 0, 0, 0, 0, 1], payload) : Box(type, payload);
        return payload;
    }

    public static byte[] BigEndian(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    /// <summary>Bytes that are all different from zero.</summary>
    public static byte[] Some(int count) => [.. Enumerable.Range(0, count).Select(index => (byte)((index % 100) + 100))];
}
