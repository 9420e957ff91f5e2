using System.Buffers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.Vectors;

/// <summary>The conversations of protocol-spec.md §12 in tests/vectors/transcripts.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed partial class TranscriptTests
{
    private static IEnumerable<string> Names => Files.VectorNames("transcripts");

    [Test]
    public void Files_are_those_that_the_spec_names()
    {
        IEnumerable<string> named = TranscriptName().Matches(Files.Spec).Select(match => match.Groups[1].Value);

        Assert.That(Names, Is.EquivalentTo(named));
    }

    [TestCaseSource(nameof(Names))]
    public void Each_step_is_its_bytes_and_comes_from_the_right_side(string name)
    {
        foreach (JsonObject step in Steps(name).Where(step => step["frame"] is not null))
        {
            FrameCase @case = FrameCase.All[step["frame"]!.GetValue<string>()];
            byte[] bytes = Convert.FromHexString(step["hex"]!.GetValue<string>());
            uint requestId = step["request_id"]!.GetValue<uint>();
            bool isFromClient = step["from"]!.GetValue<string>() == "client";
            FrameRole role = FrameTypes.Role(@case.Type);

            Assert.That(@case.Encode(step["fields"]!.AsObject(), requestId), Is.EqualTo(bytes));
            Assert.That(role == FrameRole.Request, Is.EqualTo(isFromClient));
            Assert.That(requestId == 0, Is.EqualTo(role == FrameRole.Push));
        }
    }

    [TestCaseSource(nameof(Names))]
    public void What_the_client_sends_earns_the_close_that_follows_or_none(string name)
    {
        JsonObject[] steps = Steps(name);
        bool isOnline = false;
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i]["lost"] is not null) isOnline = false;
            if (steps[i]["from"]!.GetValue<string>() != "client") continue;

            var message = new ReadOnlySequence<byte>(Convert.FromHexString(steps[i]["hex"]!.GetValue<string>()));
            int expected = i + 1 < steps.Length ? steps[i + 1]["close"]?.GetValue<int>() ?? 0 : 0;
            bool isMalformedAnyhow = steps[i]["frame"] is null; // these are wrong in either state; the spec shows them alone
            Assert.That((int)ServerJudge.Judge(message, isOnline || isMalformedAnyhow), Is.EqualTo(expected));
            isOnline |= steps[i]["frame"]?.GetValue<string>() == "hello";
        }
    }

    private static JsonObject[] Steps(string name) =>
        JsonNode.Parse(File.ReadAllText(Files.Path("vectors", "transcripts", name + ".json")))!["steps"]!.AsArray()
            .Select(step => step!.AsObject()).ToArray();

    [GeneratedRegex(@"^### 12\.\d+ .*\(`(\w+)`\)", RegexOptions.Multiline)]
    private static partial Regex TranscriptName();
}
