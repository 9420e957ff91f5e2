using Chat.TestKit;

namespace Chat.Sdk.Tests;

/// <summary>
/// The public surface of Chat.Sdk is what PublicApi.txt says; apps compile against it. After a wished change write the file anew and
/// read its difference: <c>CHAT_WRITE_PUBLIC_API=$PWD/tests/Sdk.Tests/PublicApi.txt dotnet test tests/Sdk.Tests</c>.
/// </summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class PublicApiTests
{
    [Test]
    public void Public_surface_is_the_one_written_down()
    {
        string surface = PublicSurface.Of(typeof(ChatClient).Assembly);
        if (Environment.GetEnvironmentVariable("CHAT_WRITE_PUBLIC_API") is { Length: > 0 } path)
        {
            File.WriteAllText(path, surface);
            Assert.Pass($"{path} was written.");
        }

        string[] expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "PublicApi.txt"));
        string[] actual = surface.TrimEnd('\n').Split('\n');
        Assert.That(actual.Except(expected), Is.Empty, "new in the assembly; if wished, write PublicApi.txt anew");
        Assert.That(expected.Except(actual), Is.Empty, "gone from the assembly; if wished, write PublicApi.txt anew");
        Assert.That(actual, Is.EqualTo(expected), "the order differs; write PublicApi.txt anew");
    }
}
