using System.Runtime.CompilerServices;
using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Sessions;

namespace Chat.Server.Dispatch.Handlers;

/// <summary>The ack of a message: sent when it is committed, never before (architecture decision D3).</summary>
internal sealed class SendMessageHandler(SendMessage sendMessage) : IRequestHandler<SendMessageRequest>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask HandleAsync(Session session, uint requestId, SendMessageRequest request)
    {
        Result<SentMessage> sent = await sendMessage.ExecuteAsync(session.Caller, ToInput(in request));
        if (sent.IsOk) session.Reply(new SentReply(sent.Value.ChatId, sent.Value.Sequence, sent.Value.CreatedAtMs), requestId);
        else session.ReplyError(requestId, sent.Failure);
    }

    /// <summary>A file or status is looked up before the message reaches the log: what was sent behind it must not overtake it.</summary>
    public bool HoldsNext(SendMessageRequest request) => ToInput(in request).IsLookedUp;

    private static SendMessageInput ToInput(in SendMessageRequest request) =>
        new(request.ChatId, request.ClientMessageId, request.Text, request.ReplyTo, request.Content);
}
