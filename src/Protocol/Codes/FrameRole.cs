namespace Chat.Protocol.Codes;

/// <summary>Tells what a frame is for, protocol-spec.md §1.</summary>
public enum FrameRole : byte
{
    /// <summary>The type is not in the table of §5.</summary>
    Unknown = 0,

    /// <summary>From a client; gets exactly one reply.</summary>
    Request = 1,

    /// <summary>From the server; echoes the request's id.</summary>
    Reply = 2,

    /// <summary>From the server, unasked; its request id is 0.</summary>
    Push = 3,
}
