using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.Codes;

/// <summary>The table of protocol-spec.md §5, the enum, the structs and the vectors name the same frames.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class FrameTableTests
{
    private static readonly FrameType[] Types = Enum.GetValues<FrameType>().Where(type => type != FrameType.None).ToArray();

    [Test]
    public void Spec_and_enum_have_the_same_numbers_names_and_roles()
    {
        IEnumerable<string> spec = SpecTables.RowsUnder("## 5.").Select(row => $"{row[0]} {row[1]} {row[3]}");
        IEnumerable<string> code = Types
            .Select(type => $"{(int)type} {FrameTypes.Name(type)} {FrameTypes.Role(type).ToString().ToLowerInvariant()}");

        Assert.That(code, Is.EqualTo(spec));
    }

    [Test]
    public void Direction_of_the_spec_follows_from_the_role()
    {
        foreach (string[] row in SpecTables.RowsUnder("## 5."))
            Assert.That(row[2], Is.EqualTo(row[3] == "request" ? "C" : "S"), row[1]);
    }

    [Test]
    public void Each_type_has_one_struct_named_for_it()
    {
        IEnumerable<string> structs = FrameCase.All.Values.Select(frame => frame.Struct.Name);

        Assert.That(structs, Is.EquivalentTo(Types.Select(type => $"{type}{FrameTypes.Role(type)}")));
    }

    [Test]
    public void Each_type_has_vectors()
    {
        IEnumerable<string> frames = Files.VectorNames("frames").Select(name => name.Split('.')[0]).Distinct();

        Assert.That(frames, Is.EquivalentTo(Types.Select(FrameTypes.Name)));
    }

    [Test]
    public void Each_type_with_an_optional_field_has_a_vector_beyond_the_minimal_one()
    {
        ILookup<string, string> byFrame = Files.VectorNames("frames").ToLookup(name => name.Split('.')[0]);

        foreach (FrameCase frame in FrameCase.All.Values)
        {
            if (!FrameJson.Parameters(frame.Struct).Any(parameter => parameter.HasDefaultValue)) continue;
            Assert.That(byFrame[FrameTypes.Name(frame.Type)].Count(), Is.GreaterThanOrEqualTo(2), frame.Struct.Name);
        }
    }

    [TestCase((FrameType)0)]
    [TestCase((FrameType)20)]
    [TestCase((FrameType)39)]
    [TestCase((FrameType)50)]
    [TestCase((FrameType)79)]
    [TestCase((FrameType)89)]
    [TestCase((FrameType)255)]
    public void Number_that_the_table_does_not_have_is_unknown(FrameType type)
    {
        Assert.That(FrameTypes.Role(type), Is.EqualTo(FrameRole.Unknown));
        Assert.That(FrameTypes.Name(type), Is.EqualTo("unknown"));
    }

    [TestCase("max_frame_bytes", ProtocolLimits.MaxClientFrameBytes)]
    [TestCase("max_text_bytes", ProtocolLimits.MaxTextBytes)]
    [TestCase("max_history_limit", ProtocolLimits.MaxHistoryLimit)]
    [TestCase("max_positions", ProtocolLimits.MaxPositions)]
    [TestCase("max_watched", ProtocolLimits.MaxWatched)]
    public void Limit_is_the_one_of_the_spec(string name, int limit)
    {
        string printed = limit.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

        Assert.That(Files.Spec, Does.Contain($"`{name}` ({printed})"));
    }
}
