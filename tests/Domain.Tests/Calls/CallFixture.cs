using Chat.Domain.Calls;
using Chat.Storage;
using Chat.Storage.Calls;
using Npgsql;

namespace Chat.Domain.Tests.Calls;

/// <summary>People who call each other; two stores on one database stand for two nodes.</summary>
public abstract class CallFixture : WorldFixture
{
    private protected static readonly CallOptions Options = new() { Participants = 3, RungMembers = 4 };

    private protected CallStore Store => new(World.Source, World.Events);

    private protected CallReader Reader => new(World.Source);

    private protected StartCall Start => new(Store, Reader, Options, World.Limits);

    private protected ChangeCall Change => new(Store, Reader, Options, World.Limits);

    private protected ListCalls Lists => new(Reader, World.Limits, World.Time);

    private protected ExpireCalls Expire => new(Store);

    private protected KeepCall Keep => new(Reader, Options, World.Limits);

    private protected async Task<(Caller Anna, Caller Bert, long ChatId)> PairAsync()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        return (anna, bert, await World.DirectChatAsync(anna, bert));
    }

    private protected async Task<CallRow> CallAsync(Caller caller, long chatId, CancellationToken ct, Guid? endpoint = null, short kind = CallKinds.Voice)
    {
        Result<CallRow> started = await Start.ExecuteAsync(caller, chatId, kind, endpoint ?? Guid.NewGuid(), ct);
        Assert.That(started.Failure, Is.Null);
        return started.Value;
    }

    private protected async Task<CallRow> AnswerAsync(Caller caller, long callId, CancellationToken ct, Guid? endpoint = null)
    {
        Result<CallRow> answered = await Change.AnswerAsync(caller, callId, endpoint ?? Guid.NewGuid(), ct);
        Assert.That(answered.Failure, Is.Null);
        return answered.Value;
    }

    /// <summary>What was told of a call, to one person.</summary>
    private protected async Task<string[]> ToldAsync(Caller person, long callId, CancellationToken ct)
    {
        await using NpgsqlCommand find = World.Source.CreateCommand("select inbox_chat_id from principals where id = $1");
        find.Parameters.AddWithValue(person.PrincipalId);
        long inbox = (long)(await find.ExecuteScalarAsync(ct))!;
        return
        [
            .. World.Events.Committed.Where(row => row.ChatId == inbox && row.SubjectId == callId && row.Kind is >= EventKinds.CallRinging and <= EventKinds.CallEnded)
                .OrderBy(row => row.Sequence).Select(row => $"{row.Kind} {row.Text}"),
        ];
    }

    /// <summary>The lines of a chat about calls.</summary>
    private protected string[] LinesOf(long chatId) =>
        [.. World.Events.Committed.Where(row => row.ChatId == chatId && row.Kind == EventKinds.Call).OrderBy(row => row.Sequence).Select(row => row.Text!)];

    /// <summary>Lets the time of some parts in a call be over.</summary>
    private protected async Task PassAsync(long callId, CancellationToken ct, params short[] states)
    {
        await using NpgsqlCommand pass = World.Source.CreateCommand(
            "update call_participants set due_at = clock_timestamp() - interval '1 second' where call_id = $1 and state = any($2)");
        pass.Parameters.AddWithValue(callId);
        pass.Parameters.AddWithValue(states);
        Assert.That(await pass.ExecuteNonQueryAsync(ct), Is.GreaterThan(0));
    }

    private protected static short PartOf(CallRow call, Caller person) => call.Seats.Single(seat => seat.PrincipalId == person.PrincipalId).State;
}
