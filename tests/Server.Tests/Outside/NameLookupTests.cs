using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Chat.Server.Outside;
using Chat.TestKit;

namespace Chat.Server.Tests.Outside;

/// <summary>Names that people name are looked up by the system, which takes its time for some of them.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class NameLookupTests
{
    private static readonly IPAddress[] Found = [IPAddress.Parse("1.1.1.1")];

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _asked = new();

    [Test, CancelAfter(30_000)]
    public async Task Names_of_which_nothing_is_heard_take_four_turns_and_no_more_whoever_gives_up_on_them(CancellationToken ct)
    {
        TaskCompletionSource<IPAddress[]> silence = new(TaskCreationOptions.RunContinuationsAsynchronously);
        NameLookup names = Lookup(host => host.StartsWith("silent", StringComparison.Ordinal) ? silence.Task : Task.FromResult(Found));
        using CancellationTokenSource given = new();
        Task<IPAddress[]>[] asking = [.. Enumerable.Range(0, 20).Select(n => names.FindAsync($"silent{n}.example.net", given.Token))];
        await given.CancelAsync();
        foreach (Task<IPAddress[]> one in asking) Assert.That(async () => await one, Throws.InstanceOf<OperationCanceledException>());
        Task<IPAddress[]> good = names.FindAsync("good.example.net", ct);

        Assert.That(_asked, Has.Count.EqualTo(4), "given up on, the system's threads are still taken");
        silence.SetException(new SocketException((int)SocketError.TryAgain));
        Assert.That(await good, Is.EqualTo(Found));
    }

    [Test]
    public async Task What_was_heard_is_remembered_for_some_minutes_and_a_failure_for_one()
    {
        bool isThere = false;
        NameLookup names = Lookup(_ => isThere ? Task.FromResult(Found) : throw new SocketException((int)SocketError.HostNotFound));
        Assert.That(async () => await names.FindAsync("a.example.net", default), Throws.InstanceOf<SocketException>());
        isThere = true;
        Assert.That(async () => await names.FindAsync("a.example.net", default), Throws.InstanceOf<SocketException>());
        Assert.That(_asked, Has.Count.EqualTo(1));

        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(await names.FindAsync("a.example.net", default), Is.EqualTo(Found));
        _time.Advance(TimeSpan.FromMinutes(4));
        await names.FindAsync("a.example.net", default);
        Assert.That(_asked, Has.Count.EqualTo(2));
        _time.Advance(TimeSpan.FromMinutes(2));
        await names.FindAsync("a.example.net", default);
        Assert.That(_asked, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_number_is_not_looked_up_and_what_is_no_name_is_said_so()
    {
        NameLookup names = Lookup(_ => throw new ArgumentException("too long"));

        Assert.That(await names.FindAsync("0.0.0.0", default), Is.EqualTo(new[] { IPAddress.Any }));
        Assert.That(async () => await names.FindAsync("no name", default), Throws.InstanceOf<OutsideAddressException>());
    }

    private NameLookup Lookup(Func<string, Task<IPAddress[]>> answer) => new(_time, host =>
    {
        _asked.Enqueue(host);
        return answer(host);
    });
}
