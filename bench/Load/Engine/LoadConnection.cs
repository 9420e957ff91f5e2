namespace Chat.Load.Engine;

/// <summary>Where a connection stands.</summary>
internal enum ConnectionState : byte
{
    Closed,
    Connecting,
    Upgrading,
    Open,
}

/// <summary>One client: what the engine keeps of its socket, and where it belongs. Engine thread only.</summary>
/// <param name="index">Its place among all connections of the run.</param>
internal sealed class LoadConnection(int index)
{
    public int Index => index;

    /// <summary>The chat it speaks in, by its place among the chats of the run.</summary>
    public int Chat { get; set; }

    /// <summary>Its place among the members of its chat.</summary>
    public int Member { get; set; }

    /// <summary>The server it connects to, by its place among those of the run.</summary>
    public int Server { get; set; }

    /// <summary>
    /// The kernels of both sides take some ten kilobytes for it while it is not read, as on a line between two machines; over the loopback
    /// device, with segments of 64 kB, they take megabytes.
    /// </summary>
    public bool HasSmallBuffers { get; init; }

    /// <summary>It is signed in and may be sent on; set by the dialect.</summary>
    public bool IsReady { get; set; }

    public ConnectionState State { get; set; }

    public int Descriptor { get; set; } = -1;

    /// <summary>The front of a WebSocket frame whose rest has not come yet; the array is made at the first need and kept.</summary>
    public byte[] Carry { get; set; } = [];

    public int CarryBytes { get; set; }

    /// <summary>The fragments so far of a message that comes in several WebSocket frames.</summary>
    public byte[] Fragments { get; set; } = [];

    public int FragmentBytes { get; set; }

    /// <summary>What the socket would not take yet.</summary>
    public byte[] Backlog { get; set; } = [];

    public int BacklogBytes { get; set; }
}
