using Chat.Protocol.Codes;
using Chat.Protocol.Tests.Support;
using Chat.TestKit;

namespace Chat.Protocol.Tests;

/// <summary>
/// The public surface of Chat.Protocol is what PublicApi.txt says; SDKs compile against it. After a wished change write the file anew and
/// read its difference: <c>CHAT_WRITE_PUBLIC_API=$PWD/tests/Protocol.Tests/PublicApi.txt dotnet test tests/Protocol.Tests</c>.
/// </summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class PublicApiTests
{
    [Test]
    public void Public_surface_is_the_one_written_down()
    {
        string surface = PublicSurface.Of(typeof(FrameType).Assembly);
        if (Environment.GetEnvironmentVariable("CHAT_WRITE_PUBLIC_API") is { Length: > 0 } path)
        {
            File.WriteAllText(path, surface);
            Assert.Pass($"{path} was written.");
        }

        string[] expected = File.ReadAllLines(Files.Path("PublicApi.txt"));
        string[] actual = surface.TrimEnd('\n').Split('\n');
        Assert.That(actual.Except(expected), Is.Empty, "new in the assembly; if wished, write PublicApi.txt anew");
        Assert.That(expected.Except(actual), Is.Empty, "gone from the assembly; if wished, write PublicApi.txt anew");
        Assert.That(actual, Is.EqualTo(expected), "the order differs; write PublicApi.txt anew");
    }
}
