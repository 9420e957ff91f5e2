using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;

namespace Chat.Micro.Protocol;

/// <summary>Frames as they pass in life, with texts of the two sizes that matter.</summary>
internal static class SampleFrames
{
    private static readonly Guid Id = new("0198f1a2-7c3d-7000-8000-00000000002a");

    public static EventPush Event(int textBytes) =>
        new(new WireEvent(1_234, 56_789, EventKind.Message, 4_321, 1_780_000_000_000, Id, null, new string('a', textBytes)));

    public static SendMessageRequest Send(int textBytes) => new(1_234, Id, new string('a', textBytes));

    public static SentReply Sent() => new(1_234, 56_789, 1_780_000_000_000);
}
