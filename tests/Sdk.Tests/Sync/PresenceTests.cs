using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Who is online, of those who are watched, protocol-spec.md §6.14 and §6.28.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class PresenceTests
{
    private const long Away = 14;

    [Test, CancelAfter(10_000)]
    public async Task Nothing_is_said_of_anybody_without_a_connection_and_the_next_one_asks_again(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Answer(world, FakeServer.Peer, Away);
        await world.Client.WatchPresenceAsync([FakeServer.Peer, Away], ct);
        world.Server.Connection.Send(new PresencePush(FakeServer.Peer, Online: false, LastSeenMs: 5));
        await World.UntilAsync(() => world.Client.Presence(FakeServer.Peer)?.Online == false, ct);
        Assert.That(world.Client.Presence(Away)?.Online, Is.True);

        Answer(world, FakeServer.Peer); // the other one is not to be followed any more, which the answer leaves out
        world.Server.Unplug();
        await world.RunUntilAsync(() => world.Client.Presence(FakeServer.Peer) is null, ct);
        world.Server.IsDown = false;
        await world.RunUntilAsync(() => world.Client.Presence(FakeServer.Peer)?.Online == true, ct);

        Assert.That(world.Client.Presence(Away), Is.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task Who_is_watched_no_more_is_unknown(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Answer(world, FakeServer.Peer, Away);
        await world.Client.WatchPresenceAsync([FakeServer.Peer, Away], ct);

        Answer(world, FakeServer.Peer);
        await world.Client.WatchPresenceAsync([FakeServer.Peer], ct);

        Assert.That(world.Client.Presence(FakeServer.Peer)?.Online, Is.True);
        Assert.That(world.Client.Presence(Away), Is.Null);
    }

    private static void Answer(World world, params long[] online) => world.Server.Intercept = (from, header, _) =>
    {
        if (header.Type != FrameType.WatchPresence) return false;

        from.Send(new PresencesReply([.. online.Select(id => new WirePresence(id, Online: true, LastSeenMs: null))]), header.RequestId);
        return true;
    };
}
