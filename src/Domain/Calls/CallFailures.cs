using Chat.Protocol.Codes;
using Chat.Storage.Calls;

namespace Chat.Domain.Calls;

/// <summary>The wording of what may fail about a call.</summary>
internal static class CallFailures
{
    public static Failure NotFound(long callId) =>
        new(ErrorCode.CallNotFound, $"There is no call {callId} for you: check call_id, or list your active calls.", Field: "call_id");

    /// <param name="status">Any status but <c>Done</c>.</param>
    /// <param name="callId">The call that was to be changed; 0 where one was to be started.</param>
    /// <param name="chatId">Where it is, or was to be.</param>
    public static Failure From(CallStatus status, long callId, long chatId) => status switch
    {
        CallStatus.ChatNotFound => Failures.ChatNotFound(chatId),
        CallStatus.CallNotFound => NotFound(callId),
        CallStatus.NotAllowed => new Failure(
            ErrorCode.NotAllowed,
            "Your role does not permit calls here, it is no chat to call in, or there is nobody who takes your calls.", Field: "chat_id"),
        CallStatus.Blocked => Failures.Blocked(callId == 0 ? "chat_id" : "call_id"),
        CallStatus.TooManyMembers => new Failure(
            ErrorCode.TooManyMembers, "The group has more members than one may call at once: call some of them in a smaller one.", Field: "chat_id"),
        CallStatus.Full => new Failure(
            ErrorCode.TooManyMembers, "As many are in the call as may be: try again when somebody has left.", Field: "call_id"),
        CallStatus.Over => new Failure(ErrorCode.CallEnded, "The call is over: call again.", Field: "call_id"),
        CallStatus.AnsweredElsewhere => new Failure(
            ErrorCode.AnsweredElsewhere, "You take part in this call at another place: end it there first.", Field: "call_id"),
        CallStatus.InAnotherCall => new Failure(ErrorCode.InAnotherCall, "You are in another call: end that first."),
        CallStatus.EndpointReused => new Failure(
            ErrorCode.ClientMessageIdReused, "endpoint_id was used in another call: make a new one for each call.", Field: "endpoint_id"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This status is no failure."),
    };

    public static Failure? JudgeEndpoint(Guid endpointId) => endpointId == Guid.Empty
        ? Failures.Invalid("endpoint_id", "endpoint_id is all zero: make a random UUID for each call that you start or answer.")
        : null;
}
