using System.Buffers;

using Chat.Load.Engine;
using Chat.Load.Wire;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Load.Tests.Wire;

/// <summary>The frames that are written by hand for speed are those that the protocol's own encoder would write.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ChatFramesTests
{
    [TestCase(1u, 1L, 1)]
    [TestCase(127u, 128L, 31)]
    [TestCase(255u, 256L, 32)]
    [TestCase(65_536u, 70_000L, 98)]
    [TestCase(uint.MaxValue, 9_007_199_254_740_991L, 300)]
    public void A_message_is_what_the_encoder_writes(uint requestId, long chatId, int textBytes)
    {
        byte[] id = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        byte[] text = [.. Enumerable.Repeat((byte)'x', textBytes)];
        byte[] written = new byte[textBytes + ChatFrames.SendMessageBytes];

        int bytes = ChatFrames.WriteSendMessage(written, requestId, chatId, id, text);

        var request = new SendMessageRequest(chatId, new Guid(id, bigEndian: true), new string('x', textBytes));
        Assert.That(written[..bytes], Is.EqualTo(ClientFrame.Make(ClientFrame.FinalBinary, FrameEncoder.Encode(request, requestId))));
    }

    [TestCase(1u, 1L, true)]
    [TestCase(uint.MaxValue, 9_007_199_254_740_991L, false)]
    public void Typing_is_what_the_encoder_writes(uint requestId, long chatId, bool active)
    {
        byte[] written = new byte[ChatFrames.SetTypingBytes];

        int bytes = ChatFrames.WriteSetTyping(written, requestId, chatId, active);

        var request = new SetTypingRequest(chatId, active);
        Assert.That(written[..bytes], Is.EqualTo(ClientFrame.Make(ClientFrame.FinalBinary, FrameEncoder.Encode(request, requestId))));
    }
}
