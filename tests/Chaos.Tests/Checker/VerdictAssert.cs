using Chat.Chaos.Checker;

namespace Chat.Chaos.Tests.Checker;

/// <summary>Says what a verdict must be, and shows it whole when it is another.</summary>
internal static class VerdictAssert
{
    public static void IsClean(Story story)
    {
        Verdict verdict = story.Check();
        Assert.That(verdict.IsClean, Is.True, Tell(verdict));
    }

    public static Violation Breaks(Story story, params Invariant[] broken)
    {
        Verdict verdict = story.Check();
        Assert.That(verdict.ViolationCounts.Keys, Is.EquivalentTo(broken), Tell(verdict));
        return verdict.Violations[0];
    }

    private static string Tell(Verdict verdict) => string.Join('\n', verdict.Violations);
}
