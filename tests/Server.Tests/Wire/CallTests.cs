using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Calls;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Storage.Calls;
using Chat.Storage.Chats;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chat.Server.Tests.Wire;

/// <summary>A call as clients on the wire meet it: ringing, signals in their order to the device that answered, signs of life, deadlines.</summary>
[TestFixture]
[Category("postgres")]
internal sealed class CallTests : ServerFixture
{
    private StartCall Start => Services.GetRequiredService<StartCall>();

    private ChangeCall Change => Services.GetRequiredService<ChangeCall>();

    [Test, CancelAfter(60_000)]
    public async Task It_rings_on_all_devices_and_signals_go_in_order_to_the_one_that_answers(CancellationToken ct)
    {
        (SignedIn anna, SignedIn ben, SignedIn phone, long chatId) = await PairAsync(ct);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct), p = await OnlineAsync(phone, ct);
        Guid here = Guid.NewGuid(), there = Guid.NewGuid();

        long callId = (await Start.ExecuteAsync(Caller(anna), chatId, CallKinds.Voice, here, ct)).Value.Id;
        foreach (WireClient device in (WireClient[])[b, p])
        {
            WireEvent rings = await NextAsync(device, EventKind.CallRinging, ct);
            Assert.That((rings.SenderId, rings.SubjectId, rings.Text), Is.EqualTo((anna.PrincipalId, (long?)callId, "voice")));
        }

        Assert.That((await a.RefusedAsync(new SignalCallRequest(callId, here, ben.PrincipalId, 1, CallSignalKind.Offer, "early"), ct)).Code, Is.EqualTo(ErrorCode.CallNotFound));
        await Change.AnswerAsync(Caller(phone), callId, there, ct);
        Assert.That((await NextAsync(b, EventKind.CallChanged, ct)).Text, Is.EqualTo("answered"), "the other device stops");

        const int Count = 40;
        for (int i = 1; i <= Count; i++) await a.SendAsync(new SignalCallRequest(callId, here, ben.PrincipalId, i, CallSignalKind.Candidate, $"{i}"), ct);
        List<CallSignalPush> came = [];
        while (came.Count < Count) came.Add(await p.NextAsync<CallSignalPush>(ct));
        Assert.That(came.Select(signal => signal.Sequence), Is.EqualTo(Enumerable.Range(1, Count)));
        Assert.That((came[0].From, came[0].EndpointId, came[0].Body), Is.EqualTo((anna.PrincipalId, here, "1")));
        Assert.That(b.HasReceived(FrameType.CallSignal), Is.False, "it did not answer");

        await p.AskAsync<SignalCallRequest, OkReply>(new(callId, there, anna.PrincipalId, 1, CallSignalKind.Answer, new string('x', 16_000)), ct);
        Assert.That((await a.NextAsync<CallSignalPush>(ct)).Body, Has.Length.EqualTo(16_000));
        Assert.That((await b.RefusedAsync(new SignalCallRequest(callId, there, anna.PrincipalId, 2, CallSignalKind.Answer, ""), ct)).Code, Is.EqualTo(ErrorCode.CallNotFound));
        await p.AskAsync<KeepCallRequest, OkReply>(new(callId, there), ct);
        Assert.That((await b.RefusedAsync(new KeepCallRequest(callId, there), ct)).Code, Is.EqualTo(ErrorCode.CallNotFound));
        Assert.That((await p.RefusedAsync(new SignalCallRequest(callId, there, anna.PrincipalId, 3, (CallSignalKind)9, ""), ct)).Code, Is.EqualTo(ErrorCode.InvalidArgument));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_over_by_time_is_ended_by_the_node_itself_and_told(CancellationToken ct)
    {
        (SignedIn anna, SignedIn ben, _, long chatId) = await PairAsync(ct);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);

        long missed = (await Start.ExecuteAsync(Caller(anna), chatId, CallKinds.Voice, Guid.NewGuid(), ct)).Value.Id;
        await PassAsync(missed, SeatStates.Ringing, ct);
        Assert.That((await NextAsync(b, EventKind.CallEnded, ct)).Text, Is.EqualTo("missed"));
        WireEvent line = await NextAsync(a, EventKind.Call, ct);
        Assert.That((line.ChatId, line.SenderId, line.SubjectId, line.Text), Is.EqualTo((chatId, anna.PrincipalId, (long?)missed, "voice missed 0")));

        long lost = (await Start.ExecuteAsync(Caller(anna), chatId, CallKinds.Voice, Guid.NewGuid(), ct)).Value.Id;
        await Change.AnswerAsync(Caller(ben), lost, Guid.NewGuid(), ct);
        await PassAsync(lost, SeatStates.In, ct);
        Assert.That((await NextAsync(b, EventKind.CallEnded, ct)).Text, Is.EqualTo("ended"));
        WireChat chat = (await a.AskAsync<GetChatRequest, ChatReply>(new(chatId), ct)).Chat;
        Assert.That((chat.Unread, chat.LastEvent!.Value.Kind), Is.EqualTo((0, EventKind.Call)));
        Assert.That(chat.LastEvent.Value.Text, Does.Match("^voice ended [0-9]$"));
    }

    private async Task PassAsync(long callId, short state, CancellationToken ct)
    {
        await using NpgsqlCommand pass = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "update call_participants set due_at = clock_timestamp() where call_id = $1 and state = $2");
        pass.Parameters.AddWithValue(callId);
        pass.Parameters.AddWithValue(state);
        Assert.That(await pass.ExecuteNonQueryAsync(ct), Is.GreaterThan(0));
    }

    /// <summary>Two people with a direct chat, the second one with two devices.</summary>
    private async Task<(SignedIn Anna, SignedIn Ben, SignedIn Phone, long ChatId)> PairAsync(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        string email = (await Services.GetRequiredService<GetProfile>().ExecuteAsync(Caller(ben), ct)).Value.Email!;
        SignedIn phone = (await Services.GetRequiredService<SignIn>().ExecuteAsync(
            new SignInInput(email, "a good password", "phone", "127.0.0.1"), ct)).Value;
        Result<ChatRow> chat = await Services.GetRequiredService<Domain.Chats.OpenDirectChat>().ExecuteAsync(Caller(anna), ben.PrincipalId, ct);
        return (anna, ben, phone, chat.Value.ChatId);
    }

    private static async Task<WireEvent> NextAsync(WireClient client, EventKind kind, CancellationToken ct)
    {
        WireEvent found;
        do found = await client.NextEventAsync(ct);
        while (found.Kind != kind);
        return found;
    }
}
