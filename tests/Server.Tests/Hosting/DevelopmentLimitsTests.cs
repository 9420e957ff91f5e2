using Chat.Domain.Limits;
using Chat.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace Chat.Server.Tests.Hosting;

/// <summary>docs/operations.md: which limits development has.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
internal sealed class DevelopmentLimitsTests
{
    private static readonly string[] Kept =
    [
        "Limits:DeleteWindowMinutes", "Limits:EditWindowMinutes", "Limits:GroupMembers", "Limits:PinnedChats", "Limits:ActiveStatuses",
        "Limits:OpenScheduled",
    ];

    [Test]
    public void In_development_no_rate_counts_and_of_the_counts_only_those_that_always_do()
    {
        LimitSettings limits = SettingsReader.ReadForVerb(new ConfigurationBuilder().Build()).Limits;
        IEnumerable<string> inForce = LimitSetting.All
            .Where(setting => setting.Read(limits) > 0 && !setting.Name.EndsWith("Burst", StringComparison.Ordinal))
            .Select(setting => setting.Name);

        Assert.That(inForce, Is.EquivalentTo(Kept));
        Assert.That(LimitSetting.OfKinds.Select(setting => setting.Read(limits)), Is.All.Null);
    }
}
