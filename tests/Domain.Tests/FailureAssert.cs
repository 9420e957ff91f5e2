using Chat.Protocol.Codes;

namespace Chat.Domain.Tests;

internal static class FailureAssert
{
    /// <summary>The use case failed with this code, names the field, and says something a developer can act on.</summary>
    public static void Failed<T>(Result<T> result, ErrorCode code, string? field = null)
    {
        Assert.That(result.IsOk, Is.False, "expected a failure");
        Assert.Multiple(() =>
        {
            Assert.That(result.Failure!.Code, Is.EqualTo(code));
            Assert.That(result.Failure!.Field, Is.EqualTo(field));
            Assert.That(result.Failure!.Message, Has.Length.GreaterThan(20));
        });
    }
}
