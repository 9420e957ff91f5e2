using System.IO.Pipelines;
using Chat.Server.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Transport;

/// <summary>How long a connection may say nothing.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
internal sealed class PendingHandshakeTests
{
    [TestCase(1, 10)]
    [TestCase(ConnectionRegistry.Storm, 10)]
    [TestCase(ConnectionRegistry.Storm + 1, 30)]
    public void Silence_ends_a_connection_and_later_while_the_node_has_not_come_to_read(int waiting, int seconds)
    {
        SteppedTime time = new();
        WebSocketOptions options = new();
        using ConnectionRegistry registry = new(options, time, NullLogger<ConnectionRegistry>.Instance);
        PendingHandshake[] pending = [.. Enumerable.Range(0, waiting).Select(_ => new PendingHandshake(new Pipe().Reader, options, time))];
        foreach (PendingHandshake one in pending) registry.Add(one);

        time.Advance(TimeSpan.FromSeconds(seconds - 1));
        registry.Sweep();
        Assert.That(pending.Count(one => one.IsLate), Is.Zero);

        time.Advance(TimeSpan.FromSeconds(1));
        registry.Sweep();
        Assert.That(pending.Count(one => one.IsLate), Is.EqualTo(waiting));
    }
}
