using Chat.Protocol.Codes;

namespace Chat.Load.Wire;

/// <summary>Takes what one connection receives, on the socket engine's thread, in the order of arrival.</summary>
internal interface IFrameSink
{
    /// <param name="connection">Where it came from.</param>
    /// <param name="type">The frame's type.</param>
    /// <param name="requestId">0 in a push.</param>
    /// <param name="body">The whole body; valid during the call.</param>
    /// <param name="now">When the bytes were read, in stopwatch ticks.</param>
    void OnFrame(LoadConnection connection, FrameType type, uint requestId, ReadOnlySpan<byte> body, long now);

    void OnClosed(LoadConnection connection, string why);
}
