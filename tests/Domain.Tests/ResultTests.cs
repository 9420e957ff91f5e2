using Chat.Protocol.Codes;

namespace Chat.Domain.Tests;

[Parallelizable]
public sealed class ResultTests
{
    private static readonly Failure Refused = new(ErrorCode.NotAllowed, "Only an admin may do this.");

    [Test]
    public void A_success_has_its_value_and_no_failure()
    {
        Result<int> result = 5;
        Assert.That((result.IsOk, result.Value, result.Failure), Is.EqualTo((true, 5, (Failure?)null)));
    }

    [Test]
    public void The_value_of_a_failure_throws_with_the_reason()
    {
        Result<int> result = Refused;
        Assert.That(result.IsOk, Is.False);
        Assert.That(() => result.Value, Throws.InvalidOperationException.With.Message.Contains("Only an admin"));
    }
}
