using Chat.Domain.Calls;
using Chat.Domain.Fanout;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Requests;
using Chat.Storage.Calls;

namespace Chat.Domain.Tests.Calls;

/// <summary>Signals go between participants of a call that was answered, and nowhere else.</summary>
public sealed class SignalTests : CallFixture
{
    private readonly RecordingDirections _out = new();

    [Test, CancelAfter(60_000)]
    public async Task A_signal_reaches_the_device_that_answered_and_is_as_it_was_sent(CancellationToken ct)
    {
        (SignalCall signal, Caller anna, Caller bert, CallRow call, Guid here) = await TalkingAsync(ct);

        Result<Domain.Done> told = await signal.ExecuteAsync(anna, new SignalCallRequest(call.Id, here, bert.PrincipalId, 7, CallSignalKind.Offer, "v=0"), ct);

        Assert.That(told.IsOk);
        (long principalId, long deviceId, byte[] frame) = _out.Sent.Single();
        Assert.That((principalId, deviceId), Is.EqualTo((bert.PrincipalId, 2L)));
        Assert.That(PushFrames.Read<CallSignalPush>(frame), Is.EqualTo(new CallSignalPush(call.Id, anna.PrincipalId, here, 7, CallSignalKind.Offer, "v=0")));
    }

    [Test, CancelAfter(60_000)]
    public async Task Nobody_else_signals_and_nothing_else_is_passed_on(CancellationToken ct)
    {
        (SignalCall signal, Caller anna, Caller bert, CallRow call, Guid here) = await TalkingAsync(ct);
        Caller stranger = await World.PersonAsync("Stranger");
        SignalCallRequest good = new(call.Id, here, bert.PrincipalId, 1, CallSignalKind.Candidate, "");

        FailureAssert.Failed(await signal.ExecuteAsync(stranger, good, ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await signal.ExecuteAsync(anna with { DeviceId = 5 }, good, ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await signal.ExecuteAsync(anna, good with { EndpointId = Guid.NewGuid() }, ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await signal.ExecuteAsync(anna, good with { To = stranger.PrincipalId }, ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await signal.ExecuteAsync(anna, good with { CallId = call.Id + 1_000 }, ct), ErrorCode.CallNotFound, "call_id");
        FailureAssert.Failed(await signal.ExecuteAsync(anna, good with { To = anna.PrincipalId }, ct), ErrorCode.InvalidArgument, "to");
        FailureAssert.Failed(await signal.ExecuteAsync(anna, good with { Sequence = 0 }, ct), ErrorCode.InvalidArgument, "sequence");
        FailureAssert.Failed(await signal.ExecuteAsync(anna, good with { Kind = CallSignalKind.None }, ct), ErrorCode.InvalidArgument, "kind");
        FailureAssert.Failed(await signal.ExecuteAsync(anna, good with { Kind = (CallSignalKind)5 }, ct), ErrorCode.InvalidArgument, "kind");
        FailureAssert.Failed(await signal.ExecuteAsync(anna, good with { EndpointId = Guid.Empty }, ct), ErrorCode.InvalidArgument, "endpoint_id");
        FailureAssert.Failed(await signal.ExecuteAsync(anna, good with { Body = new string('ä', 8_193) }, ct), ErrorCode.TextTooLong, "body");
        FailureAssert.Failed(await signal.ExecuteAsync(anna, good with { Body = "a\0" }, ct), ErrorCode.TextHasNul, "body");
        Assert.That(_out.Sent, Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Before_the_answer_and_after_the_end_nothing_is_passed_on(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        SignalCall signal = New();
        Guid here = Guid.NewGuid(), there = Guid.NewGuid();
        CallRow call = await CallAsync(anna, chatId, ct, here);
        SignalCallRequest offer = new(call.Id, here, bert.PrincipalId, 1, CallSignalKind.Offer, "v=0");

        FailureAssert.Failed(await signal.ExecuteAsync(anna, offer, ct), ErrorCode.CallNotFound, "call_id");
        await AnswerAsync(bert, call.Id, ct, there);
        Assert.That((await signal.ExecuteAsync(anna, offer, ct)).IsOk, "that there was nobody is not remembered");
        await Change.EndAsync(bert, call.Id, ct);
        World.Time.Advance(TimeSpan.FromSeconds(3));
        FailureAssert.Failed(await signal.ExecuteAsync(anna, offer with { Sequence = 2 }, ct), ErrorCode.CallNotFound, "call_id");
    }

    private SignalCall New() => new(_out, new CallRoutes(Reader, World.Time), World.Limits);

    private async Task<(SignalCall Signal, Caller Anna, Caller Bert, CallRow Call, Guid Here)> TalkingAsync(CancellationToken ct)
    {
        _out.Sent.Clear();
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        Guid here = Guid.NewGuid();
        CallRow call = await CallAsync(anna, chatId, ct, here);
        await AnswerAsync(bert with { DeviceId = 2 }, call.Id, ct);
        return (New(), anna, bert, call, here);
    }

    private sealed class RecordingDirections : IDirectedFanout
    {
        public List<(long PrincipalId, long DeviceId, byte[] Frame)> Sent { get; } = [];

        public void PublishTo(long principalId, long deviceId, byte[] webSocketFrame) => Sent.Add((principalId, deviceId, webSocketFrame));
    }
}
