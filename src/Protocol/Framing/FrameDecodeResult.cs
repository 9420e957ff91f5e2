using Chat.Protocol.Codes;

namespace Chat.Protocol.Framing;

/// <summary>The verdict on the first two elements of a body, protocol-spec.md §7.</summary>
public enum FrameDecodeResult : byte
{
    /// <summary>Type and request id are readable.</summary>
    Ok = 0,

    /// <summary>Not an array of at least two elements, or one of the two is not an integer. Close with 4500.</summary>
    Malformed = 1,

    /// <summary>The type is not one that this side takes. Close with 4501.</summary>
    UnknownType = 2,

    /// <summary>The request id is not one that this side takes. Close with 4505.</summary>
    InvalidRequestId = 3,
}

/// <summary>The close codes of <see cref="FrameDecodeResult"/>.</summary>
public static class FrameDecodeResults
{
    /// <summary>The code to close with; <see cref="DisconnectCode.None"/> for <see cref="FrameDecodeResult.Ok"/>.</summary>
    public static DisconnectCode ToDisconnectCode(this FrameDecodeResult result) => result switch
    {
        FrameDecodeResult.Ok => DisconnectCode.None,
        FrameDecodeResult.UnknownType => DisconnectCode.UnknownFrameType,
        FrameDecodeResult.InvalidRequestId => DisconnectCode.InvalidRequestId,
        _ => DisconnectCode.MalformedFrame,
    };
}
