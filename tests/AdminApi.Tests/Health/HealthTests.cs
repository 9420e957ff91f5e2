using System.Text.Json.Nodes;
using Chat.AdminApi.Health;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Tests.Health;

[Parallelizable]
internal sealed class HealthTests
{
    [Test, CancelAfter(30_000)]
    public async Task Live_and_version_answer_anyone()
    {
        ApiAnswer live = (await ApiServer.Client.GetAsync("/health/live")).MustBe(200);
        ApiAnswer version = (await ApiServer.Client.GetAsync("/version")).MustBe(200);

        Assert.That((string?)live.Json["status"], Is.EqualTo("live"));
        Assert.That((string?)version.Json["version"], Does.StartWith("0."));
        Assert.That((int)version.Json["protocolVersion"]!, Is.EqualTo(1));
        Assert.That((double)version.Json["gcPauseMs"]!, Is.GreaterThanOrEqualTo(0));
    }

    [Test, CancelAfter(30_000)]
    public async Task Ready_names_the_checks_that_fail_and_hides_why_they_threw()
    {
        await using ApiHost host = await ApiHost.StartAsync(ApiServer.Database.Source, services: services => services
            .AddSingleton<IReadyCheck>(new Check("database", () => throw new InvalidOperationException("password=hunter2")))
            .AddSingleton<IReadyCheck>(new Check("drain", () => new ValueTask<string?>("draining")))
            .AddSingleton<IReadyCheck>(new Check("disk", () => new ValueTask<string?>((string?)null))));

        ApiAnswer ready = (await host.Client.GetAsync("/health/ready")).MustBe(503);

        string[] faults = [.. ready.Json["checks"]!.AsArray().Select(check => $"{check!["name"]}: {check["fault"] ?? "none"}")];
        Assert.That(faults, Is.EquivalentTo(new[] { "database: failed", "drain: draining", "disk: none" }));
        Assert.That(ready.Text, Does.Not.Contain("hunter2"));
        Assert.That(host.Log.Lines.Any(line => line.Exception?.Message.Contains("hunter2", StringComparison.Ordinal) == true), Is.True);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_fault_that_lasts_is_one_line_of_the_log_however_often_it_is_asked_for()
    {
        string? fault = "away";
        await using ApiHost host = await ApiHost.StartAsync(ApiServer.Database.Source, services: services => services
            .AddSingleton<IReadyCheck>(new Check("database", () => new ValueTask<string?>(fault))));

        foreach (string? next in (string?[])["away", "away", "full", null, "away", "away"])
        {
            fault = next;
            await host.Client.GetAsync("/health/ready");
        }

        Assert.That(host.Log.Lines.Count(line => line.Text.Contains("Readiness check database", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test, CancelAfter(30_000)]
    public async Task Ready_is_200_when_every_check_passes_and_503_when_one_never_answers()
    {
        ApiAnswer ready = (await ApiServer.Client.GetAsync("/health/ready")).MustBe(200);
        await using ApiHost host = await ApiHost.StartAsync(ApiServer.Database.Source, services: services => services
            .AddSingleton<IReadyCheck>(new Check("stuck", () => new ValueTask<string?>(new TaskCompletionSource<string?>().Task))));

        ApiAnswer stuck = (await host.Client.GetAsync("/health/ready")).MustBe(503);

        Assert.That((string?)ready.Json["status"], Is.EqualTo("ready"));
        Assert.That((string?)stuck.Json["checks"]![0]!["fault"], Is.EqualTo("no answer in time"));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_remark_is_told_and_leaves_the_process_ready()
    {
        await using ApiHost host = await ApiHost.StartAsync(ApiServer.Database.Source, services: services => services
            .AddSingleton<IReadyRemark>(new Part("redis", "does not answer"))
            .AddSingleton<IReadyRemark>(new Part("push", null)));

        ApiAnswer ready = (await host.Client.GetAsync("/health/ready")).MustBe(200);
        ApiAnswer well = (await ApiServer.Client.GetAsync("/health/ready")).MustBe(200);

        Assert.That((string?)ready.Json["status"], Is.EqualTo("ready"));
        Assert.That(ready.Json["remarks"]!.ToJsonString(), Is.EqualTo("""[{"name":"redis","remark":"does not answer"}]"""));
        Assert.That(well.Json["remarks"]!.AsArray(), Is.Empty);
    }

    private sealed class Part(string name, string? remark) : IReadyRemark
    {
        public string Name => name;

        public string? FindRemark() => remark;
    }

    private sealed class Check(string name, Func<ValueTask<string?>> find) : IReadyCheck
    {
        public string Name => name;

        public ValueTask<string?> FindFaultAsync(CancellationToken ct) => find();
    }
}
