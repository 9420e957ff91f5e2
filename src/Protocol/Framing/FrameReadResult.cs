namespace Chat.Protocol.Framing;

/// <summary>The three outcomes of cutting a frame, protocol-spec.md §3.</summary>
public enum FrameReadResult : byte
{
    /// <summary>A frame was cut off and consumed.</summary>
    Complete = 0,

    /// <summary>The input ends before the frame does; nothing was consumed.</summary>
    NeedMoreData = 1,

    /// <summary>The declared length is over the bound; nothing was consumed. Close with 4503.</summary>
    BodyTooLarge = 2,
}
