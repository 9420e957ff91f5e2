using System.Text.Json.Nodes;
using Chat.Domain.Calls;
using Chat.Domain.Push;
using Chat.Storage.Calls;

namespace Chat.Domain.Tests.Push;

/// <summary>R-373: a call rings on devices that sleep, and what becomes of it replaces what they show.</summary>
[NonParallelizable]
public sealed class CallPushTests : PushFixture
{
    private CallStore Calls => new(World.Source, World.Events);

    private StartCall Start => new(Calls, new CallReader(World.Source), new CallOptions(), World.Limits);

    private ChangeCall Change => new(Calls, new CallReader(World.Source), new CallOptions(), World.Limits);

    [Test, CancelAfter(60_000)]
    public async Task It_rings_at_once_and_a_missed_call_replaces_it(CancellationToken ct)
    {
        Caller anna = await SubscriberAsync("Anna"), bert = await SubscriberAsync(), here = await DeviceAsync(bert);
        World.Sessions.ConnectedDevices[here.DeviceId] = true;
        long chatId = await World.DirectChatAsync(anna, bert);
        long callId = (await Start.ExecuteAsync(anna, chatId, CallKinds.Video, Guid.NewGuid(), ct)).Value.Id;
        Note();
        await Ring.ExecuteAsync(ct);
        while (Service.Sent.IsEmpty) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);

        JsonObject rings = Told(bert).Single();
        Assert.That(
            ((string)rings["kind"]!, (long)rings["chat"]!, (long)rings["call"]!, (string)rings["callKind"]!, (string)rings["sender"]!["name"]!),
            Is.EqualTo(("call", chatId, callId, "video", "Anna")));
        Assert.That(Service.Sent.Single().Notice, Has.Property("IsUrgent").True.And.Property("TimeToLive").InRange(TimeSpan.FromSeconds(35), new CallOptions().RingingTime));

        Assert.That((await Change.EndAsync(anna, callId, null, ct)).IsOk);
        await TellAsync();
        Assert.That(Told(bert).Select(told => (string)told["kind"]!), Is.EqualTo(new[] { "call", "missed_call" }));
        Assert.That(Service.Sent.Select(one => one.Notice.Topic).Distinct().Count(), Is.EqualTo(1), "the same place on the screen");
        Assert.That(Told(anna, here), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Answered_elsewhere_it_rings_no_more(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await SubscriberAsync(), other = await SignInAsync(bert);
        long chatId = await World.DirectChatAsync(anna, bert);
        long callId = (await Start.ExecuteAsync(anna, chatId, CallKinds.Voice, Guid.NewGuid(), ct)).Value.Id;
        Assert.That((await Change.AnswerAsync(other, callId, Guid.NewGuid(), ct)).IsOk);

        Assert.That((await TellAsync(bert)).Select(told => (string)told["kind"]!), Is.EqualTo(new[] { "call_ended" }), "what is over by now does not ring first");
    }

    [Test, CancelAfter(60_000)]
    public async Task Declined_elsewhere_or_answered_and_over_at_once_it_rings_no_more(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await SubscriberAsync(), other = await SignInAsync(bert);
        long chatId = await World.DirectChatAsync(anna, bert);
        long declined = (await Start.ExecuteAsync(anna, chatId, CallKinds.Voice, Guid.NewGuid(), ct)).Value.Id;
        Note();
        await Ring.ExecuteAsync(ct);
        await IdleAsync();
        Assert.That((await Change.EndAsync(other, declined, null, ct)).IsOk);
        await TellAsync();
        Assert.That(Told(bert).Select(told => (string)told["kind"]!), Is.EqualTo(new[] { "call", "call_ended" }));

        long answered = (await Start.ExecuteAsync(anna, chatId, CallKinds.Voice, Guid.NewGuid(), ct)).Value.Id;
        Guid place = Guid.NewGuid();
        Assert.That((await Change.AnswerAsync(other, answered, place, ct)).IsOk);
        Assert.That((await Change.EndAsync(other, answered, place, ct)).IsOk);
        await TellAsync();
        Assert.That((string)Told(bert).Last()["kind"]!, Is.EqualTo("call_ended"));
        Assert.That((long)Told(bert).Last()["call"]!, Is.EqualTo(answered));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_was_put_off_does_not_ring_for_a_call_that_is_over(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await SubscriberAsync();
        long chatId = await World.DirectChatAsync(anna, bert);
        long callId = (await Start.ExecuteAsync(anna, chatId, CallKinds.Voice, Guid.NewGuid(), ct)).Value.Id;
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.Later, Reason: "503");
        await TellAsync();
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.Taken);
        Assert.That((await Change.EndAsync(anna, callId, null, ct)).IsOk);
        await TellAsync();
        Time.Advance(TimeSpan.FromSeconds(5));
        await TellAsync();

        Assert.That(Told(bert).Select(told => (string)told["kind"]!), Is.EqualTo(new[] { "call", "missed_call" }), "once each, in this order");
    }
}
