using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Protocol.Tests.Support;

/// <summary>What a server decides about one message of a client, as far as bytes and two states can tell, protocol-spec.md §7.</summary>
internal static class ServerJudge
{
    public static DisconnectCode Judge(ReadOnlySequence<byte> message, bool isOnline)
    {
        ReadOnlySequence<byte> rest = message;
        while (!rest.IsEmpty)
        {
            switch (FrameReader.TryRead(ref rest, ProtocolLimits.MaxClientFrameBytes, out ReadOnlySequence<byte> body))
            {
                case FrameReadResult.BodyTooLarge: return DisconnectCode.FrameTooLarge;
                case FrameReadResult.NeedMoreData: return DisconnectCode.MalformedFrame;
                default: break;
            }

            DisconnectCode verdict = JudgeBody(body, ref isOnline);
            if (verdict != DisconnectCode.None) return verdict;
        }

        return DisconnectCode.None;
    }

    private static DisconnectCode JudgeBody(ReadOnlySequence<byte> body, ref bool isOnline)
    {
        FrameDecodeResult result = FrameHeader.TryReadRequest(body, out FrameHeader header);
        if (result != FrameDecodeResult.Ok) return result.ToDisconnectCode();
        if (isOnline == (header.Type == FrameType.Hello)) return DisconnectCode.WrongState;
        if (!FrameCase.Of(header.Type).IsWellFormed(body)) return DisconnectCode.MalformedFrame;
        if (header.Type != FrameType.Hello) return DisconnectCode.None;

        isOnline = true;
        HelloRequest.TryRead(body, out _, out HelloRequest hello);
        return hello.ProtocolVersion == ProtocolLimits.ProtocolVersion ? DisconnectCode.None : DisconnectCode.UnsupportedVersion;
    }
}
