using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ReceiptBookTests
{
    private const long Group = 70;

    [Test, CancelAfter(20_000)]
    public async Task Members_are_asked_for_with_pauses_while_the_service_cannot_answer_and_then_tell_who_has_read(CancellationToken ct)
    {
        int asked = 0;
        bool isAway = true;
        await using World world = await World.OnlineAsync(ct, server =>
        {
            server.AddGroup(Group, "hello");
            server.Intercept = (connection, header, _) =>
            {
                if (header.Type != FrameType.GetMembers) return false;
                Interlocked.Increment(ref asked);
                if (Volatile.Read(ref isAway))
                    connection.Send(new ErrorReply(ErrorCode.Unavailable, "later", Retryable: true), header.RequestId);
                else
                    connection.Send(new MembersReply(Group, [Member(FakeServer.Me), Member(FakeServer.Peer)], HasMore: false), header.RequestId);
                return true;
            };
        });
        OutgoingMessage message = world.Client.Chat(Group).Send("mine");
        long sequence = (await message.Sent.WaitAsync(ct)).Sequence;

        ReceiptsPush read = new(Group, [new WireReceipt(FakeServer.Peer, sequence, sequence)]);
        while (Volatile.Read(ref asked) == 0) // the first one may come before the message is known to wait
        {
            world.Server.Connection.Send(read);
            await Task.Yield();
        }

        for (int i = 0; i < 50; i++)
        {
            world.Server.Connection.Send(read);
            await world.StepAsync(TimeSpan.FromMilliseconds(1)); // fifty milliseconds in all
        }

        Assert.That(asked, Is.EqualTo(1), "whatever is pushed meanwhile");
        await RunAsync(() => Volatile.Read(ref asked) >= 3);
        Volatile.Write(ref isAway, false);
        await RunAsync(() => message.State == OutgoingState.Read);

        // Pushed again with each step: on a slow machine the clock may run past a ping, and after a new connection the next push asks.
        async Task RunAsync(Func<bool> condition)
        {
            while (!condition())
            {
                ct.ThrowIfCancellationRequested();
                world.Server.Connection.Send(read);
                await world.StepAsync(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private static WireMember Member(long principalId) => new(principalId, "somebody", MemberRole.Member, 0, 0, 1);
}
