namespace Chat.Protocol.Codes;

/// <summary>Names the frames of the wire, protocol-spec.md §5. Numbers are appended, never changed, never used again.</summary>
/// <remarks>1 … 39 are requests of a client, 40 … 79 replies, 80 … 127 pushes of the server.</remarks>
public enum FrameType : byte
{
    /// <summary>No frame; never on the wire.</summary>
    None = 0,

    /// <summary>Signs a connection in, §6.1.</summary>
    Hello = 1,

    /// <summary>Brings a fresh token, §6.2.</summary>
    Authenticate = 2,

    /// <summary>Asks for a sign of life, §6.3.</summary>
    Ping = 3,

    /// <summary>Sends a message to a chat, §6.4.</summary>
    SendMessage = 4,

    /// <summary>Asks for events of a chat, §6.5.</summary>
    GetHistory = 5,

    /// <summary>Asks for a page of the caller's chats, §6.6.</summary>
    GetChats = 6,

    /// <summary>Asks for one chat, §6.7.</summary>
    GetChat = 7,

    /// <summary>Asks for a page of a chat's members, §6.8.</summary>
    GetMembers = 8,

    /// <summary>Asks who some principals are, §6.9.</summary>
    GetPrincipals = 9,

    /// <summary>Opens the direct chat with another principal, §6.10.</summary>
    OpenDirect = 10,

    /// <summary>Raises the caller's delivered watermark, §6.11.</summary>
    MarkDelivered = 11,

    /// <summary>Raises the caller's read watermark, §6.12.</summary>
    MarkRead = 12,

    /// <summary>Says whether the caller is typing, §6.13.</summary>
    SetTyping = 13,

    /// <summary>Replaces the set of principals whose presence is pushed, §6.14.</summary>
    WatchPresence = 14,

    /// <summary>Gives a message another text, §6.32.</summary>
    EditMessage = 15,

    /// <summary>Deletes a message for everyone, §6.33.</summary>
    DeleteMessage = 16,

    /// <summary>Reacts to a message, §6.34.</summary>
    React = 17,

    /// <summary>Passes something to another participant of a call, §6.39.</summary>
    SignalCall = 18,

    /// <summary>Says that a participant of a call is still there, §6.40.</summary>
    KeepCall = 19,

    /// <summary>Answers hello, §6.15.</summary>
    Welcome = 40,

    /// <summary>Answers a request that has nothing to return, §6.16.</summary>
    Ok = 41,

    /// <summary>Acks a message, §6.17.</summary>
    Sent = 42,

    /// <summary>Carries events of a chat, §6.18.</summary>
    History = 43,

    /// <summary>Carries a page of chats, §6.19.</summary>
    Chats = 44,

    /// <summary>Carries one chat, §6.20.</summary>
    Chat = 45,

    /// <summary>Carries a page of members, §6.21.</summary>
    Members = 46,

    /// <summary>Carries principals, §6.22.</summary>
    Principals = 47,

    /// <summary>Carries presences, §6.23.</summary>
    Presences = 48,

    /// <summary>Says why a request was not done, §6.24.</summary>
    Error = 49,

    /// <summary>Brings one event of a chat, §6.25.</summary>
    Event = 80,

    /// <summary>Brings watermarks of other members, §6.26.</summary>
    Receipts = 81,

    /// <summary>Says that another member types, §6.27.</summary>
    Typing = 82,

    /// <summary>Says that a watched principal came or went, §6.28.</summary>
    Presence = 83,

    /// <summary>Says that pushes of a chat were skipped, §6.29.</summary>
    Gap = 84,

    /// <summary>Says that the token ends soon, §6.30.</summary>
    TokenExpiring = 85,

    /// <summary>Announces the end of the connection, §6.31.</summary>
    Goodbye = 86,

    /// <summary>Brings what another participant of a call passed on, §6.41.</summary>
    CallSignal = 87,
}
