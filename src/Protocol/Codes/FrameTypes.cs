namespace Chat.Protocol.Codes;

/// <summary>Answers questions about a <see cref="FrameType"/>, protocol-spec.md §5. Thread-safe.</summary>
public static class FrameTypes
{
    /// <summary>The role of a type; <see cref="FrameRole.Unknown"/> for a number that the table does not have.</summary>
    public static FrameRole Role(FrameType type) => type switch
    {
        >= FrameType.Hello and <= FrameType.KeepCall => FrameRole.Request,
        >= FrameType.Welcome and <= FrameType.Error => FrameRole.Reply,
        >= FrameType.Event and <= FrameType.CallSignal => FrameRole.Push,
        _ => FrameRole.Unknown,
    };

    /// <summary>The name of the table, e.g. <c>send_message</c>; <c>unknown</c> for a number that it does not have.</summary>
    public static string Name(FrameType type) => type switch
    {
        FrameType.Hello => "hello",
        FrameType.Authenticate => "authenticate",
        FrameType.Ping => "ping",
        FrameType.SendMessage => "send_message",
        FrameType.GetHistory => "get_history",
        FrameType.GetChats => "get_chats",
        FrameType.GetChat => "get_chat",
        FrameType.GetMembers => "get_members",
        FrameType.GetPrincipals => "get_principals",
        FrameType.OpenDirect => "open_direct",
        FrameType.MarkDelivered => "mark_delivered",
        FrameType.MarkRead => "mark_read",
        FrameType.SetTyping => "set_typing",
        FrameType.WatchPresence => "watch_presence",
        FrameType.EditMessage => "edit_message",
        FrameType.DeleteMessage => "delete_message",
        FrameType.React => "react",
        FrameType.SignalCall => "signal_call",
        FrameType.KeepCall => "keep_call",
        FrameType.Welcome => "welcome",
        FrameType.Ok => "ok",
        FrameType.Sent => "sent",
        FrameType.History => "history",
        FrameType.Chats => "chats",
        FrameType.Chat => "chat",
        FrameType.Members => "members",
        FrameType.Principals => "principals",
        FrameType.Presences => "presences",
        FrameType.Error => "error",
        FrameType.Event => "event",
        FrameType.Receipts => "receipts",
        FrameType.Typing => "typing",
        FrameType.Presence => "presence",
        FrameType.Gap => "gap",
        FrameType.TokenExpiring => "token_expiring",
        FrameType.Goodbye => "goodbye",
        FrameType.CallSignal => "call_signal",
        _ => "unknown",
    };
}
