using System.Buffers;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Server.Sessions;
using Chat.Simulation.Cluster;

namespace Chat.Simulation.Judging;

/// <summary>Reads what leaves a node for one session, as its client would, and shows the pushes to the judge.</summary>
internal sealed class WireWatch(Judge judge, Session session, Schedules.Tally tally)
{
    private byte[] _partial = [];

    public void OnSent(byte[] bytes)
    {
        byte[] all = _partial.Length == 0 ? bytes : [.. _partial, .. bytes];
        int at = 0;
        while (WebSocketFrames.TryCut(all, ref at, out ReadOnlyMemory<byte> payload))
        {
            ReadOnlySequence<byte> frames = new(payload);
            while (FrameReader.TryRead(ref frames, ProtocolLimits.MaxServerFrameBytes, out ReadOnlySequence<byte> body)
                == FrameReadResult.Complete)
                Look(body);
        }

        _partial = at == all.Length ? [] : all[at..];
    }

    private void Look(ReadOnlySequence<byte> body)
    {
        if (FrameHeader.TryRead(body, out FrameHeader header) != FrameDecodeResult.Ok) return;
        if (header.Type == FrameType.Gap) tally.Add(Schedules.Happening.GapPushed);
        if (header.Type == FrameType.Event && EventPush.TryRead(body, out _, out EventPush push))
            judge.OnPushed(session.PrincipalId, push.Event);
    }
}
