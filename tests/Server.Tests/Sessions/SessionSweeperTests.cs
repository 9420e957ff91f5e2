using Chat.Server.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Sessions;

[TestFixture]
internal sealed class SessionSweeperTests
{
    [TestCase(0, ExpectedResult = 10)]
    [TestCase(1_000, ExpectedResult = 10)]
    [TestCase(1_001, ExpectedResult = 30, Description = "a storm: the hellos are there, and the node has not come to them")]
    public double Who_waits_in_a_storm_has_three_times_as_long_for_a_hello(int greeting)
    {
        using SessionSweeper sweeper = new(null!, null!, new SessionOptions(), TimeProvider.System, NullLogger<SessionSweeper>.Instance);

        return sweeper.HelloTimeoutAt(greeting).TotalSeconds;
    }
}
