using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>What one began to write, on several devices, protocol-spec.md §6.36.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class DraftTests
{
    private static readonly string Put = $"PUT /api/chats/{FakeServer.ChatId}/draft";
    private static readonly string Delete = $"DELETE /api/chats/{FakeServer.ChatId}/draft";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    [Test, CancelAfter(10_000)]
    public async Task It_is_stored_after_a_pause_once(CancellationToken ct)
    {
        List<string> bodies = [];
        using FakeRest rest = new((_, body) =>
        {
            lock (bodies) bodies.Add(body);
            return (204, "");
        });
        await using World world = await OnlineAsync(rest, ct);

        world.Chat.SetDraft("De");
        await world.StepAsync(Pause / 2);
        world.Chat.SetDraft("Dear", 2);
        await world.StepAsync(Pause / 2);
        Assert.That(Asked(rest), Is.Empty);
        await world.RunUntilAsync(() => Asked(rest).Length > 0, ct);
        await world.Chat.FlushDraftAsync(ct);
        await world.StepAsync(Pause * 2);

        Assert.That(Asked(rest), Is.EqualTo(new[] { Put }));
        Assert.That(bodies, Is.EqualTo(new[] { """{"text":"Dear","replyTo":2}""" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task It_goes_behind_what_is_on_its_way(CancellationToken ct)
    {
        using FakeRest rest = new((_, _) => (204, "")) { Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        await using World world = await OnlineAsync(rest, ct);

        world.Chat.SetDraft("Dear");
        Task stored = world.Chat.FlushDraftAsync(ct);
        await World.UntilAsync(() => Asked(rest).Length == 1, ct);
        world.Chat.SetDraft("Dear al");
        world.Chat.Send("Dear all");
        rest.Hold!.SetResult();
        await stored;
        await world.Chat.FlushDraftAsync(ct);
        await world.StepAsync(Pause * 2);

        Assert.That(Asked(rest), Is.EqualTo(new[] { Put, Delete }));
    }

    private static IEnumerable<TestCaseData> Before()
    {
        yield return Case("None_is_there", (_, _) => Task.CompletedTask);
        yield return Case("Another_device_began_one_meanwhile", (world, ct) => BecomesAsync(world, 3, "Hello", ct));
        yield return Case("It_was_sent_as_another_device_left_it", (world, ct) => BecomesAsync(world, 3, "Dear all", ct), Delete);
        yield return Case("Another_device_began_one_after_the_person_began_here", async (world, ct) =>
        {
            world.Chat.SetDraft("Dear");
            await BecomesAsync(world, 3, "Hello", ct);
        });
        yield return Case(
            "The_person_went_on_with_that_of_another_device", async (world, ct) =>
            {
                await BecomesAsync(world, 3, "Dear", ct);
                world.Chat.SetDraft("Dear all");
            },
            Delete);
        yield return Case(
            "This_device_wrote_it_told_or_not", async (world, ct) =>
            {
                world.Chat.SetDraft("De");
                await world.Chat.FlushDraftAsync(ct);
                world.Chat.SetDraft("Dear");
                await world.Chat.FlushDraftAsync(ct);
                await BecomesAsync(world, 3, "De", ct);
            },
            Put, Put, Delete);
        yield return Case(
            "This_device_wrote_over_that_of_another", async (world, ct) =>
            {
                world.Chat.SetDraft("Dear");
                await BecomesAsync(world, 3, "Hello", ct);
                await world.Chat.FlushDraftAsync(ct);
            },
            Put, Delete);
        yield return Case(
            "Another_device_wrote_over_it", async (world, ct) =>
            {
                world.Chat.SetDraft("Dear");
                await world.Chat.FlushDraftAsync(ct);
                await BecomesAsync(world, 4, "Hello", ct);
            },
            Put);
    }

    [TestCaseSource(nameof(Before)), CancelAfter(10_000)]
    public async Task It_goes_with_what_is_sent_only_if_it_is_what_was_written_here(
        Func<World, CancellationToken, Task> before, string[] expected, CancellationToken ct)
    {
        using FakeRest rest = new((_, _) => (204, ""));
        await using World world = await OnlineAsync(rest, ct);

        await before(world, ct);
        world.Chat.Send("Dear all");
        await world.Chat.FlushDraftAsync(ct);

        Assert.That(Asked(rest), Is.EqualTo(expected));
    }

    [TestCase(false), TestCase(true)]
    [CancelAfter(10_000)]
    public async Task What_could_not_be_taken_away_is_later_unless_it_is_another_one_by_then(bool isReplaced, CancellationToken ct)
    {
        int refusals = 2;
        using FakeRest rest = new((_, _) => refusals-- > 0 ? (429, FakeRest.Problem(401, "rate_limited", retryable: true, 2_000)) : (204, ""));
        await using World world = await OnlineAsync(rest, ct);
        await BecomesAsync(world, 3, "Dear all", ct);

        world.Chat.Send("Dear all");
        await world.RunUntilAsync(() => Asked(rest).Length == 2, ct, TimeSpan.FromMilliseconds(100));
        if (isReplaced) await BecomesAsync(world, 4, "Hello", ct);
        Task gone = world.Chat.FlushDraftAsync(ct);
        await world.RunUntilAsync(() => gone.IsCompleted, ct, TimeSpan.FromMilliseconds(100));

        Assert.That(Asked(rest), Is.EqualTo(isReplaced ? new[] { Delete, Delete } : [Delete, Delete, Delete]));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_fails_for_good_is_told_and_closing_ends_the_attempts(CancellationToken ct)
    {
        using FakeRest rest = new((request, _) => request.Method == HttpMethod.Put
            ? (400, FakeRest.Problem(102, "text_too_long"))
            : (429, FakeRest.Problem(401, "rate_limited", retryable: true, 2_000)));
        World world = await OnlineAsync(rest, ct);
        System.Collections.Concurrent.ConcurrentQueue<Exception> told = [];
        world.Client.HandlerFailed += told.Enqueue;

        world.Chat.SetDraft("Dear");
        await world.Chat.FlushDraftAsync(ct);
        Assert.That(told.Cast<ChatException>().Select(failed => failed.Name), Is.EqualTo(new[] { "text_too_long" }));

        world.Chat.Send("Dear");
        Task gone = world.Chat.FlushDraftAsync(ct);
        await World.UntilAsync(() => Asked(rest).Length == 2, ct);
        await world.DisposeAsync();
        await gone.WaitAsync(ct);
        Assert.That(Asked(rest), Is.EqualTo(new[] { Put, Delete }));
        Assert.That(told, Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task It_stays_when_a_message_is_passed_on(CancellationToken ct)
    {
        using FakeRest rest = new((_, _) => (204, ""));
        await using World world = await OnlineAsync(rest, ct);
        Collected reader = world.Collect();
        world.Server.Post("Dear");
        await reader.WaitForAsync(1, ct);

        world.Chat.SetDraft("Dear");
        await world.Chat.FlushDraftAsync(ct);
        await world.Chat.Forward((ChatMessage)reader.Events[0]).Sent.WaitAsync(ct);
        await world.Chat.FlushDraftAsync(ct);

        Assert.That(Asked(rest), Is.EqualTo(new[] { Put }));
    }

    private static TestCaseData Case(string name, Func<World, CancellationToken, Task> before, params string[] expected) =>
        new TestCaseData(before, expected).SetArgDisplayNames(name);

    private static Task<World> OnlineAsync(FakeRest rest, CancellationToken ct) =>
        World.OnlineAsync(ct, configure: options => options with { HttpClient = new HttpClient(rest, disposeHandler: false) });

    private static string[] Asked(FakeRest rest)
    {
        lock (rest.Asked) return [.. rest.Asked];
    }

    /// <summary>Another device stored a draft, or this one is told of its own.</summary>
    private static async Task BecomesAsync(World world, long version, string text, CancellationToken ct)
    {
        world.Server.Log().Own = new WireOwnSettings(false, false, false, Draft: new WireDraft(version, text, null));
        world.Server.Push(world.Server.Log(FakeServer.Inbox).Append(EventKind.DraftChanged, FakeServer.Me, null, null, FakeServer.ChatId));
        await World.UntilAsync(() => world.Chat.Summary!.Own.Draft?.Version == version, ct);
    }
}
