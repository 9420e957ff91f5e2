using System.Text;
using Chat.Domain.Fanout;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Storage.Calls;

namespace Chat.Domain.Calls;

/// <summary>
/// Passes a signal from one participant of an answered call to another, to the device that takes part, on whichever node it is. Stores
/// nothing; what is lost on the way shows by its number (protocol-spec.md §8.12).
/// </summary>
public sealed class SignalCall(IDirectedFanout fanout, CallRoutes routes, RequestLimits limits)
{
    /// <summary>Longest body, bytes of UTF-8: a session description of some streams is a tenth of it.</summary>
    public const int MaxBodyBytes = 16_384;

    public async ValueTask<Result<Done>> ExecuteAsync(Caller caller, SignalCallRequest signal, CancellationToken ct)
    {
        if (Judge(caller, signal) is { } wrong) return wrong;
        if (limits.JudgeCallSignal(caller) is { } limited) return limited;

        CallPlace from = new(caller.PrincipalId, caller.DeviceId, signal.EndpointId);
        if (await routes.FindAsync(signal.CallId, from, signal.To, ct) is not { } to) return CallFailures.NotFound(signal.CallId);

        CallSignalPush push = new(signal.CallId, caller.PrincipalId, signal.EndpointId, signal.Sequence, signal.Kind, signal.Body);
        fanout.PublishTo(to.PrincipalId, to.DeviceId, FrameEncoder.EncodeWebSocket(push));
        return Done.Value;
    }

    private static Failure? Judge(Caller caller, in SignalCallRequest signal)
    {
        if (CallFailures.JudgeEndpoint(signal.EndpointId) is { } wrong) return wrong;
        if (signal.To == caller.PrincipalId) return Failures.Invalid("to", "to is your own: signals go to others in the call.");
        if (signal.Sequence < 1) return Failures.Invalid("sequence", "sequence is 0: number the signals to each participant from 1.");
        if (signal.Kind is < CallSignalKind.Offer or > CallSignalKind.Restart)
            return Failures.Invalid("kind", $"kind is {(int)signal.Kind}: send 1 offer, 2 answer, 3 candidate or 4 restart.");
        if (signal.Body.Contains('\0', StringComparison.Ordinal))
            return new Failure(ErrorCode.TextHasNul, "body contains U+0000: take it out.", Field: "body");
        return Encoding.UTF8.GetByteCount(signal.Body) > MaxBodyBytes
            ? new Failure(ErrorCode.TextTooLong, $"body is longer than {MaxBodyBytes} bytes of UTF-8: offer fewer codecs or streams.", Field: "body")
            : null;
    }
}
