using System.Buffers;
using System.Globalization;
using System.Text.Json;

using Chat.Protocol.MessagePack;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.MessagePack;

/// <summary>The encodings of msgpack-test-suite 1.0.0 (MIT): 15 groups of values, each with every form that it may have.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class MessagePackTestSuiteTests
{
    private static readonly JsonElement Suite =
        JsonDocument.Parse(File.ReadAllText(Files.Path("vectors", "msgpack-test-suite.json"))).RootElement;

    private static IEnumerable<TestCaseData> Cases => Suite.EnumerateObject().SelectMany(group => group.Value.EnumerateArray()
        .Select((value, i) => new TestCaseData(value).SetArgDisplayNames($"{group.Name} {i}")));

    [Test]
    public void Suite_is_the_whole_one()
    {
        Assert.That(Suite.EnumerateObject().Count(), Is.EqualTo(15));
        Assert.That(Cases.Count(), Is.EqualTo(85));
        Assert.That(Cases.Sum(one => Encodings((JsonElement)one.Arguments[0]!).Count), Is.EqualTo(233));
    }

    [TestCaseSource(nameof(Cases))]
    public void Every_encoding_is_read_as_the_value_or_refused_as_a_kind_that_the_wire_does_not_have(JsonElement value)
    {
        foreach (byte[] bytes in Encodings(value))
        {
            string expected = Expected(value, bytes);
            foreach (ReadOnlySequence<byte> input in Segments.All(bytes))
                Assert.That(Read(input), Is.EqualTo(expected), Convert.ToHexStringLower(bytes));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Every_encoding_is_skipped_whole_but_ext(JsonElement value)
    {
        bool isExt = value.TryGetProperty("ext", out _) || value.TryGetProperty("timestamp", out _);
        foreach (byte[] bytes in Encodings(value))
        {
            foreach (ReadOnlySequence<byte> input in Segments.All(bytes))
            {
                var reader = new MessagePackReader(input);
                Assert.That(reader.TrySkip() && reader.End, Is.EqualTo(!isExt), Convert.ToHexStringLower(bytes));
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Encoding_cut_short_is_refused(JsonElement value)
    {
        foreach (byte[] bytes in Encodings(value))
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                var reader = new MessagePackReader(new ReadOnlySequence<byte>(bytes[..length]));
                Assert.That(reader.TrySkip(), Is.False, $"{Convert.ToHexStringLower(bytes)} cut to {length}");
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Value_is_written_in_the_shortest_of_its_encodings(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        if (!TryWrite(value, ref writer)) Assert.Pass("A kind that the wire does not have.");
        writer.Flush();

        List<byte[]> encodings = Encodings(value).Where(bytes => !IsFloat(bytes)).ToList();
        Assert.That(encodings, Does.Contain(output.WrittenSpan.ToArray()));
        Assert.That(output.WrittenCount, Is.EqualTo(encodings.Min(bytes => bytes.Length)));
    }

    private static List<byte[]> Encodings(JsonElement value) => value.GetProperty("msgpack").EnumerateArray()
        .Select(hex => Convert.FromHexString(Hex(hex))).ToList();

    /// <summary>The suite writes bytes as <c>00-ff</c>.</summary>
    private static string Hex(JsonElement bytes) => bytes.GetString()!.Replace("-", "", StringComparison.Ordinal);

    private static bool IsFloat(byte[] bytes) => bytes[0] is 0xca or 0xcb;

    /// <summary>What <see cref="Read"/> must answer: the value, or that the wire does not take it as one.</summary>
    private static string Expected(JsonElement value, byte[] bytes)
    {
        if (value.TryGetProperty("nil", out _)) return "nil";
        if (value.TryGetProperty("bool", out JsonElement flag)) return flag.GetBoolean() ? "true" : "false";
        if (value.TryGetProperty("binary", out JsonElement binary)) return $"bin {Hex(binary)}";
        if (value.TryGetProperty("string", out JsonElement text)) return "str " + text.GetString();
        if (value.TryGetProperty("array", out JsonElement array)) return $"array of {array.GetArrayLength()}";
        if (IsFloat(bytes)) return "refused";
        if (value.TryGetProperty("bignum", out JsonElement big))
            return long.TryParse(big.GetString(), CultureInfo.InvariantCulture, out long wide) ? $"int {wide}" : "refused";
        if (value.TryGetProperty("number", out JsonElement number) && number.TryGetInt64(out long integer)) return $"int {integer}";
        return "refused"; // maps, ext and timestamps
    }

    private static string Read(ReadOnlySequence<byte> input)
    {
        if (new MessagePackReader(input).TryReadNil()) return "nil";
        if (new MessagePackReader(input).TryReadBoolean(out bool flag)) return flag ? "true" : "false";
        if (new MessagePackReader(input).TryReadInt64(out long integer)) return $"int {integer}";
        if (new MessagePackReader(input).TryReadString(out string? text)) return "str " + text;
        if (new MessagePackReader(input).TryReadBinary(out ReadOnlySequence<byte> bytes))
            return "bin " + Convert.ToHexStringLower(bytes.ToArray());
        return new MessagePackReader(input).TryReadArrayHeader(out int count) ? $"array of {count}" : "refused";
    }

    private static bool TryWrite(JsonElement value, ref MessagePackWriter writer)
    {
        if (value.TryGetProperty("nil", out _)) writer.WriteNil();
        else if (value.TryGetProperty("bool", out JsonElement flag)) writer.WriteBoolean(flag.GetBoolean());
        else if (value.TryGetProperty("string", out JsonElement text)) writer.WriteString(text.GetString()!);
        else if (value.TryGetProperty("number", out JsonElement number) && number.TryGetInt64(out long integer))
            writer.WriteInt64(integer);
        else if (value.TryGetProperty("bignum", out JsonElement big)
            && long.TryParse(big.GetString(), CultureInfo.InvariantCulture, out long wide))
            writer.WriteInt64(wide);
        else if (value.TryGetProperty("binary", out JsonElement binary))
            writer.WriteBinary(Convert.FromHexString(Hex(binary)));
        else return false;
        return true;
    }
}
