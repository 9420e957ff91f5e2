using System.Buffers;
using System.Reflection;
using System.Text.Json.Nodes;

using Chat.Protocol.Framing;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.Frames;

/// <summary>Seeded and structural: well-formed frames of every type from random fields, then the same with bytes changed.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class FrameFuzzTests
{
    private const int FramesOfEachType = 150;
    private const int MutationsOfEachFrame = 12;

    private static IEnumerable<string> Names => FrameCase.All.Keys.Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void Random_frame_survives_the_round_trip(string name)
    {
        Run(name, (frame, _, fields, requestId, bytes) =>
        {
            JsonObject? decoded = frame.Decode(new ReadOnlySequence<byte>(bytes[FrameReader.HeaderBytes..]), out uint decodedId);

            Assert.That(decodedId, Is.EqualTo(requestId));
            Assert.That(decoded?.ToJsonString(), Is.EqualTo(fields.ToJsonString()));
            Assert.That(frame.Encode(decoded!, requestId), Is.EqualTo(bytes));
        });
    }

    [TestCaseSource(nameof(Names))]
    public void Changed_bytes_never_throw_and_mean_the_same_however_they_are_cut(string name)
    {
        Run(name, (frame, random, _, _, bytes) =>
        {
            for (int i = 0; i < MutationsOfEachFrame; i++)
            {
                byte[] body = Mutation.Of(bytes[FrameReader.HeaderBytes..], random);
                JsonObject? whole = frame.Decode(new ReadOnlySequence<byte>(body), out uint requestId);
                FrameDecodeResult header = FrameHeader.TryReadRequest(new ReadOnlySequence<byte>(body), out FrameHeader front);

                foreach (ReadOnlySequence<byte> cut in new[] { Segments.ByteByByte(body), Segments.Of(body, Mutation.Cuts(body, random)) })
                {
                    JsonObject? other = frame.Decode(cut, out uint otherId);
                    Assert.That(JsonNode.DeepEquals(other, whole), Convert.ToHexStringLower(body));
                    Assert.That(FrameHeader.TryReadRequest(cut, out FrameHeader otherFront), Is.EqualTo(header));
                    Assert.That(otherFront, Is.EqualTo(front));
                    if (whole is not null) Assert.That(otherId, Is.EqualTo(requestId));
                }

                if (whole is not null) AssertReencodes(frame, whole, requestId);
            }
        });
    }

    /// <summary>What was accepted is a value that can be sent on.</summary>
    private static void AssertReencodes(FrameCase frame, JsonObject fields, uint requestId)
    {
        byte[] again = frame.Encode(fields, requestId)[FrameReader.HeaderBytes..];
        JsonObject? decoded = frame.Decode(new ReadOnlySequence<byte>(again), out _);
        Assert.That(JsonNode.DeepEquals(decoded, fields), fields.ToJsonString());
    }

    private static void Run(string name, Action<FrameCase, Random, JsonObject, uint, byte[]> check)
    {
        FrameCase frame = FrameCase.All[name];
        int firstSeed = (int)frame.Type * 100_000;
        TestContext.Out.WriteLine($"{name}: seeds {firstSeed} to {firstSeed + FramesOfEachType - 1}");
        for (int i = 0; i < FramesOfEachType; i++)
        {
            int seed = firstSeed + i;
            var random = new Random(seed);
            JsonObject fields = RandomFields.Of(frame.Struct, random);
            uint requestId = (uint)random.NextInt64(1L << random.Next(33));
            try
            {
                check(frame, random, fields, requestId, frame.Encode(fields, requestId));
            }
            catch
            {
                TestContext.Out.WriteLine($"{name} failed with seed {seed}: {fields.ToJsonString()}");
                throw;
            }
        }
    }
}

/// <summary>Random values of the types that fields have, with the edges of each more often than chance gives them.</summary>
internal static class RandomFields
{
    private static readonly string[] Pieces = ["", "a", "ß", "\u0000", "\ufeff", "你好", "👋🏽", "\u202e", "\r\n", "\uffff", "\U0010ffff"];

    public static JsonObject Of(Type type, Random random)
    {
        ParameterInfo[] parameters = FrameJson.Parameters(type);
        if (parameters is [{ ParameterType: { IsValueType: true, IsEnum: false, IsPrimitive: false } only }] && type.Name == "EventPush")
            return Of(only, random);

        var fields = new JsonObject();
        var nullability = new NullabilityInfoContext();
        foreach (ParameterInfo parameter in parameters)
        {
            bool isOptional = nullability.Create(parameter).ReadState == NullabilityState.Nullable;
            string name = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
            fields[name] = isOptional && random.Next(2) == 0 ? null : Value(parameter.ParameterType, random);
        }

        return fields;
    }

    private static JsonNode Value(Type type, Random random)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string)) return Text(random);
        if (bare == typeof(bool)) return random.Next(2) == 0;
        if (bare == typeof(long)) return random.NextInt64(1L << random.Next(54));
        if (bare == typeof(int)) return (int)random.NextInt64(1L << random.Next(32));
        if (bare == typeof(Guid)) return Uuid(random);
        if (bare.IsEnum) return random.NextInt64(Largest(bare) + 1);
        if (!bare.IsGenericType) return Of(bare, random);

        Type item = bare.GetGenericArguments()[0];
        return new JsonArray(Enumerable.Range(0, Count(random)).Select(_ => (JsonNode?)Value(item, random)).ToArray());
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, Count(random)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static int Count(Random random) => random.Next(8) switch { 0 => 0, 1 => random.Next(15, 40), _ => random.Next(1, 5) };

    private static string Uuid(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static long Largest(Type type) =>
        Convert.ToInt64(Enum.GetUnderlyingType(type).GetField("MaxValue")!.GetValue(null), provider: null);
}

/// <summary>Changes that a hostile or broken sender might make.</summary>
internal static class Mutation
{
    private static readonly byte[] Codes =
    [
        0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc6, 0xc7, 0xca, 0xcb, 0xcc, 0xcf, 0xd0, 0xd3,
        0xd4, 0xd9, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xff,
    ];

    public static byte[] Of(byte[] body, Random random)
    {
        List<byte> bytes = [.. body];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0: bytes.Insert(at, Codes[random.Next(Codes.Length)]); break;
                case 1: bytes.InsertRange(at, [0xff, 0xff, 0xff, 0xff]); break;
                case 2: bytes.RemoveRange(at, random.Next(bytes.Count - at + 1)); break;
                case 3: bytes.InsertRange(at, body.AsSpan(random.Next(body.Length))[..1]); break;
                case 4 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                default: if (at < bytes.Count) bytes[at] = Codes[random.Next(Codes.Length)]; break;
            }
        }

        return [.. bytes];
    }

    public static int[] Cuts(byte[] body, Random random) =>
        Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(body.Length + 1)).Order().ToArray();
}
