using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Replies;

namespace Chat.Sdk.Connection;

/// <summary>A request that waits for its reply.</summary>
internal abstract class PendingCall
{
    /// <summary>Timestamp of the request, by the session's clock.</summary>
    public required long SentAt { get; init; }

    /// <summary>Takes the reply. False: it is malformed, or not the one that this request has.</summary>
    public abstract bool TryComplete(FrameType type, ReadOnlySequence<byte> body);

    public abstract void Fail(Exception fault);
}

/// <inheritdoc cref="PendingCall"/>
internal sealed class PendingCall<TReply> : PendingCall
    where TReply : struct, IFrame<TReply>
{
    private readonly TaskCompletionSource<TReply> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TReply> Task => _outcome.Task;

    public override bool TryComplete(FrameType type, ReadOnlySequence<byte> body)
    {
        if (type == FrameType.Error)
        {
            if (!ErrorReply.TryRead(body, out _, out ErrorReply error)) return false;

            TimeSpan? retryAfter = error.RetryAfterMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
            Fail(new ChatException((int)error.Code, ErrorCodes.Name(error.Code), error.Message, error.Retryable, retryAfter));
            return true;
        }

        if (type != TReply.Type || !TReply.TryRead(body, out _, out TReply reply)) return false;

        _outcome.TrySetResult(reply);
        return true;
    }

    public override void Fail(Exception fault)
    {
        _outcome.TrySetException(fault);
        _ = _outcome.Task.Exception; // whoever stopped waiting does not look; it must not come up as an unobserved fault of the app
    }
}

/// <summary>The connection ended before the reply came: the outcome is unknown, and the request may be made again on the next one.</summary>
internal sealed class ConnectionLostException() : IOException("The connection ended before the reply came.");
