using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Replies;

namespace Chat.Sdk.Connection;

/// <summary>Takes what a session gets, on its read loop, in the order of arrival. Must not block.</summary>
internal interface ISessionSink
{
    /// <summary>The session is signed in.</summary>
    void OnWelcome(WireSession session, in WelcomeReply welcome);

    /// <summary>A push. False: its body is malformed. Pushes of unknown types are ignored before this.</summary>
    bool OnPush(WireSession session, FrameType type, ReadOnlySequence<byte> body);
}
