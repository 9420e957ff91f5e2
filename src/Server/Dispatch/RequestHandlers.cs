using Chat.Protocol.Frames.Requests;
using Chat.Server.Dispatch.Handlers;

namespace Chat.Server.Dispatch;

/// <summary>The handlers of all requests, one a frame type.</summary>
internal sealed record RequestHandlers
{
    public required HelloHandler Hello { get; init; }

    public required IRequestHandler<AuthenticateRequest> Authenticate { get; init; }

    public required IRequestHandler<PingRequest> Ping { get; init; }

    public required IRequestHandler<SendMessageRequest> SendMessage { get; init; }

    public required IRequestHandler<GetHistoryRequest> GetHistory { get; init; }

    public required IRequestHandler<GetChatsRequest> GetChats { get; init; }

    public required IRequestHandler<GetChatRequest> GetChat { get; init; }

    public required IRequestHandler<GetMembersRequest> GetMembers { get; init; }

    public required IRequestHandler<GetPrincipalsRequest> GetPrincipals { get; init; }

    public required IRequestHandler<OpenDirectRequest> OpenDirect { get; init; }

    public required IRequestHandler<MarkDeliveredRequest> MarkDelivered { get; init; }

    public required IRequestHandler<MarkReadRequest> MarkRead { get; init; }

    public required IRequestHandler<SetTypingRequest> SetTyping { get; init; }

    public required IRequestHandler<WatchPresenceRequest> WatchPresence { get; init; }

    public required IRequestHandler<EditMessageRequest> EditMessage { get; init; }

    public required IRequestHandler<DeleteMessageRequest> DeleteMessage { get; init; }

    public required IRequestHandler<ReactRequest> React { get; init; }

    public required IRequestHandler<SignalCallRequest> SignalCall { get; init; }

    public required IRequestHandler<KeepCallRequest> KeepCall { get; init; }
}
