using System.Buffers;
using Chat.Fuzz.Engine;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Framing;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Fuzz.Sdk;

/// <summary>
/// The C# client and a server that has gone mad: wrong sequences, nonsense, huge gaps, replies nobody asked for, closes. Right is: no
// crash, no event
/// twice or backwards unless a discontinuity was told, memory within bounds, and the client can always be closed.
/// </summary>
internal sealed class SdkTarget : FuzzTarget
{
    private const int MostSteps = 24;
    private const long MostBytesAllocated = 64L << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Exception? _unobserved;
    private long _steps, _events, _reconnects;

    public override string Name => "sdk";

    public override int InputsInSuite => 400;

    public override int InputsInFull => 100_000;

    public override string Describe() => $"{_steps} steps, {_events} events handed out, {_reconnects} reconnects.";

    public override Task StartAsync()
    {
        TaskScheduler.UnobservedTaskException += (_, fault) => _unobserved = fault.Exception;
        return Task.CompletedTask;
    }

    public override byte[] Make(FuzzRandom random) => random.Bytes(random.Next(8, 200));

    public override async ValueTask CheckAsync(byte[] input, FuzzRandom random)
    {
        Choices choices = new(input);
        using CancellationTokenSource patience = new(Patience);
        long before = GC.GetTotalAllocatedBytes();
        World world = await World.OnlineAsync(patience.Token);
        Collected collected = world.Collect();
        try
        {
            bool isLying = choices.Next(2) == 0;
            if (isLying) world.Server.Intercept = (connection, header, _) => Lie(connection, header, choices);
            for (int step = 0; step < MostSteps && !choices.IsOver; step++, _steps++) await StepAsync(world, choices);
            world.Server.Intercept = null;
            await world.StepAsync(TimeSpan.FromSeconds(40));
        }
        finally
        {
            await world.DisposeAsync().AsTask().WaitAsync(Patience, CancellationToken.None);
        }

        await collected.Finished.WaitAsync(Patience, CancellationToken.None);
        CheckEvents(collected);
        _reconnects += world.Server.Connects - 1;
        Require(GC.GetTotalAllocatedBytes() - before < MostBytesAllocated, "too much was allocated");
        if (_unobserved is { } fault) throw new FuzzException("a fault that nobody saw", fault);
    }

    private static async Task StepAsync(World world, Choices choices)
    {
        FakeConnection connection = world.Server.Connection;
        switch (choices.Next(12))
        {
            case 0: world.Server.Post("honest"); break;
            case 1 or 2 or 3: Push(connection, choices); break;
            case 4: connection.SendBytes(choices.Bytes(40)); break;
            case 5: connection.SendBytes(Damaged(choices)); break;
            case 6: connection.Send(new GapPush(choices.Pick(FakeServer.ChatId, FakeServer.Inbox, 99), Sequence(choices))); break;
            case 7: connection.Send(new OkReply(), (uint)choices.Next(4)); break;
            case 8:
                WireReceipt receipt = new(choices.Integer() & 0xFF, Sequence(choices), Sequence(choices));
                connection.Send(new ReceiptsPush(choices.Pick(FakeServer.ChatId, 99), [receipt]));
                break;
            case 9:
                DisconnectCode code = choices.Pick(DisconnectCode.Draining, DisconnectCode.SlowConsumer, (DisconnectCode)4399);
                connection.Send(new GoodbyePush(code, "bye", choices.Next(256) * 100));
                break;
            case 10: connection.Close(choices.Pick(1000, 1006, 1011, 4000, 4001, 4006, 4400, 4999, 0)); break;
            default: connection.Break(); break;
        }

        await world.StepAsync(TimeSpan.FromMilliseconds(choices.Pick(0, 1, 100, 2_000, 31_000)));
    }

    private static void Push(FakeConnection connection, Choices choices)
    {
        long chat = choices.Pick(FakeServer.ChatId, FakeServer.ChatId, FakeServer.Inbox, 99);
        EventKind kind = (EventKind)choices.Pick(1, 1, 1, 2, 3, 10, 11, 200);
        connection.Send(new EventPush(new WireEvent(
            chat, Sequence(choices), kind, choices.Pick(FakeServer.Peer, FakeServer.Me), 1_000, Guid.NewGuid(), null,
            choices.Next(6) == 0 ? null : "text", choices.Pick<long>(1, FakeServer.ChatId, 99))));
    }

    /// <summary>A right push with a byte changed.</summary>
    private static byte[] Damaged(Choices choices)
    {
        byte[] bytes = FrameEncoder.Encode(new TypingPush(FakeServer.ChatId, FakeServer.Peer, true), 0);
        bytes[choices.Next(bytes.Length)] = (byte)choices.Next(256);
        return bytes;
    }

    /// <summary>Answers some requests for history and chats with what does not fit.</summary>
    private static bool Lie(FakeConnection connection, in FrameHeader header, Choices choices)
    {
        if (header.Type is not (FrameType.GetHistory or FrameType.GetChat) || choices.Next(2) == 0) return false;
        switch (choices.Next(4))
        {
            case 0:
                ErrorCode refusal = (ErrorCode)choices.Pick(100, 200, 400, 500, 999);
                connection.Send(new ErrorReply(refusal, "no", choices.Next(2) == 0, choices.Next(50)), header.RequestId);
                break;
            case 1: connection.Send(new OkReply(), header.RequestId); break;
            default:
                connection.Send(LyingPage(choices), header.RequestId);
                break;
        }

        return true;
    }

    private static HistoryReply LyingPage(Choices choices)
    {
        WireEvent[] events = new WireEvent[choices.Next(4)];
        for (int i = 0; i < events.Length; i++)
        {
            long chat = choices.Pick(FakeServer.ChatId, 99);
            events[i] = new WireEvent(chat, Sequence(choices), EventKind.Message, FakeServer.Peer, 1, null, null, "lie");
        }

        (long chatId, long epoch) = (choices.Pick(FakeServer.ChatId, 99), choices.Pick(33, 34));
        return new HistoryReply(
            chatId, epoch, Sequence(choices), events, Sequence(choices), Sequence(choices), HasMore: choices.Next(2) == 0);
    }

    private void CheckEvents(Collected collected)
    {
        Dictionary<long, long> last = [];
        foreach (global::Chat.Sdk.ChatEvent e in collected.Events)
        {
            _events++;
            if (e is global::Chat.Sdk.ChatDiscontinuity) last.Remove(e.ChatId);
            if (e is not global::Chat.Sdk.ChatLogEvent stored) continue;
            Require(
                stored.Sequence > last.GetValueOrDefault(e.ChatId),
                $"chat {e.ChatId}: {stored.Sequence} was handed out behind {last.GetValueOrDefault(e.ChatId)}");
            last[e.ChatId] = stored.Sequence;
        }
    }

    private static long Sequence(Choices choices) => choices.Integer() & ((1L << 53) - 1);
}
