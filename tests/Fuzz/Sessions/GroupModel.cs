using System.Buffers;
using System.Text;
using Chat.Fuzz.Engine;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Fuzz.Sessions;

/// <summary>What the group's log must be after the steps so far: says what the answer to a send must be, and what history must
// hold.</summary>
internal sealed class GroupModel(long chatId, long firstHead)
{
    private readonly Dictionary<(long Sender, Guid Id), (string Text, long? ReplyTo, long Sequence)> _sent = [];
    private readonly Dictionary<long, (long Sender, string Text)> _messages = [];

    public long Head { get; private set; } = firstHead;

    /// <summary>Judges the answer of a member's send.</summary>
    public void TakeSend(long sender, in SendMessageRequest request, in Answer answer)
    {
        ErrorCode expected = Expected(sender, request, out long known);
        if (answer.Type == FrameType.Error)
        {
            ErrorReply.TryRead(new ReadOnlySequence<byte>(answer.Body), out _, out ErrorReply error);
            if (error.Code is ErrorCode.RateLimited or ErrorCode.Busy) return; // nothing was stored
            if (error.Code != expected) throw new FuzzException($"{request} was answered {error.Code}, not {expected}");
            return;
        }

        if (!SentReply.TryRead(new ReadOnlySequence<byte>(answer.Body), out _, out SentReply sent) || expected != ErrorCode.None)
            throw new FuzzException($"{request} was answered with {answer.Type}, not {expected}");
        long sequence = known > 0 ? known : Head + 1;
        if (sent.Sequence != sequence || sent.ChatId != chatId)
            throw new FuzzException($"{request} got sequence {sent.Sequence}, not {sequence}");
        if (known > 0) return;
        Head = sequence;
        _sent[(sender, request.ClientMessageId)] = (request.Text, request.ReplyTo, sequence);
        _messages[sequence] = (sender, request.Text);
    }

    /// <summary>Judges a page of a member's history.</summary>
    public void TakeHistory(in HistoryReply page)
    {
        if (page.ChatId != chatId || page.HeadSequence != Head)
            throw new FuzzException($"history tells of head {page.HeadSequence}, not {Head}");
        long previous = 0;
        foreach (WireEvent stored in page.Events)
        {
            bool isMessage = _messages.TryGetValue(stored.Sequence, out (long Sender, string Text) message);
            bool isAsSent = isMessage && stored.SenderId == message.Sender && stored.Text == message.Text;
            if ((stored.Kind == EventKind.Message && !isAsSent) || (previous != 0 && stored.Sequence != previous + 1)
                || stored.Sequence > Head)
                throw new FuzzException($"history holds {stored} behind {previous}");
            previous = stored.Sequence;
        }
    }

    private ErrorCode Expected(long sender, in SendMessageRequest request, out long known)
    {
        known = 0;
        if (request.Text.Length == 0) return ErrorCode.TextEmpty;
        if (Encoding.UTF8.GetByteCount(request.Text) > ProtocolLimits.MaxTextBytes) return ErrorCode.TextTooLong;
        if (request.Text.Contains('\0', StringComparison.Ordinal)) return ErrorCode.TextHasNul;
        if (request.ClientMessageId == Guid.Empty) return ErrorCode.InvalidArgument;
        if (request.ReplyTo <= 0) return ErrorCode.ReplyTargetNotFound;
        if (_sent.TryGetValue((sender, request.ClientMessageId), out (string Text, long? ReplyTo, long Sequence) before))
        {
            known = before.Sequence;
            return before.Text == request.Text && before.ReplyTo == request.ReplyTo ? ErrorCode.None : ErrorCode.ClientMessageIdReused;
        }

        return request.ReplyTo is { } target && !_messages.ContainsKey(target) ? ErrorCode.ReplyTargetNotFound : ErrorCode.None;
    }
}
