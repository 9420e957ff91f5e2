using System.Security.Cryptography;
using System.Text;
using Chat.Domain.Calls;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage.Calls;
using Npgsql;

namespace Chat.Domain.Tests.Calls;

/// <summary>History, statistics, servers for media, settings and rates.</summary>
public sealed class CallHistoryTests : CallFixture
{
    [Test, CancelAfter(60_000)]
    public async Task History_is_paged_by_direction_and_adds_up(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        List<long> ids = [];
        for (int i = 0; i < 5; i++)
        {
            (Caller caller, Caller called) = i % 2 == 0 ? (anna, bert) : (bert, anna);
            CallRow call = await CallAsync(caller, chatId, ct, kind: i == 4 ? CallKinds.Video : CallKinds.Voice);
            if (i < 2) await Change.DeclineAsync(called, call.Id, ct);
            else if (i == 2) await Change.EndAsync(caller, call.Id, ct);
            else
            {
                await AnswerAsync(called, call.Id, ct);
                await ShiftAsync(call.Id, ct);
                await Change.EndAsync(caller, call.Id, ct);
            }

            ids.Insert(0, call.Id);
        }

        List<long> paged = [];
        string? cursor = null;
        do
        {
            CallPage page = (await Lists.ExecuteAsync(anna, null, cursor, 2, ct)).Value;
            paged.AddRange(page.Calls.Select(call => call.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        CallStatistics sum = (await Lists.SumAsync(anna, null, World.Time.GetUtcNow().AddMinutes(5), ct)).Value;

        Assert.That(paged, Is.EqualTo(ids));
        Assert.That((await Lists.ExecuteAsync(anna, CallDirection.Outgoing, null, null, ct)).Value.Calls.Select(call => call.Id), Is.EqualTo(new[] { ids[0], ids[2], ids[4] }));
        Assert.That((await Lists.ExecuteAsync(anna, CallDirection.Incoming, null, null, ct)).Value.Calls.Select(call => call.Id), Is.EqualTo(new[] { ids[1], ids[3] }));
        Assert.That((sum.Total, sum.Incoming, sum.Outgoing, sum.Voice, sum.Video), Is.EqualTo((5L, 2L, 3L, 4L, 1L)));
        Assert.That((sum.Ended, sum.Declined, sum.Missed, sum.People), Is.EqualTo((2L, 2L, 1L, 1L)));
        Assert.That(sum.Talked.TotalSeconds, Is.InRange(120, 130), "a minute each, and not the time of ringing");
        Assert.That(LinesOf(chatId)[^1], Does.Match("^video ended 6[0-9]$"));
        FailureAssert.Failed(await Lists.ExecuteAsync(anna, null, "x", null, ct), ErrorCode.InvalidArgument, "cursor");
        FailureAssert.Failed(await Lists.ExecuteAsync(anna, null, null, 101, ct), ErrorCode.InvalidArgument, "limit");
        FailureAssert.Failed(await Lists.SumAsync(anna, World.Time.GetUtcNow(), World.Time.GetUtcNow(), ct), ErrorCode.InvalidArgument, "from");
        FailureAssert.Failed(await Lists.SumAsync(anna, World.Time.GetUtcNow().AddDays(-400), null, ct), ErrorCode.InvalidArgument, "from");
        FailureAssert.Failed(await Lists.SumAsync(anna, null, DateTimeOffset.MinValue, ct), ErrorCode.InvalidArgument, "to");
    }

    [Test]
    public void Credentials_are_those_that_coturn_checks()
    {
        CallOptions options = new() { StunUrls = ["stun:a.test"], TurnUrls = ["turns:b.test:5349"], TurnSecretKey = "0123456789abcdef" };
        IceServers servers = new GetIceServers(options, World.Limits, World.Time).Execute(new Caller(42, 1)).Value;

        IceServer turn = servers.Servers[1];
        long expiry = World.Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        Assert.That(turn.Username, Is.EqualTo($"{expiry}:42"));
#pragma warning disable CA5350 // as coturn has it
        Assert.That(turn.Credential, Is.EqualTo(Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes("0123456789abcdef"), Encoding.UTF8.GetBytes($"{expiry}:42")))));
#pragma warning restore CA5350
        Assert.That((servers.Servers[0].Urls, servers.Servers[0].Username, servers.ExpiresAt!.Value.ToUnixTimeSeconds()), Is.EqualTo((options.StunUrls, (string?)null, expiry)));
        Assert.That(new GetIceServers(new CallOptions(), World.Limits, World.Time).Execute(new Caller(42, 1)).Value.Servers, Is.Empty, "none are set");
    }

    [Test]
    public void Settings_that_cannot_work_are_named()
    {
        Assert.That(new CallOptions().Validate(), Is.Empty);
        CallOptions wrong = new()
        {
            RingingTime = TimeSpan.Zero,
            Lease = TimeSpan.FromSeconds(1),
            Participants = 9,
            RungMembers = 1,
            TurnCredentialLife = TimeSpan.Zero,
            StunUrls = ["http://a.test"],
            TurnUrls = ["turn:", "turn:b.test"],
            TurnSecretKey = "short",
        };
        Assert.That(wrong.Validate().Select(fault => fault.Split(' ')[0]), Is.EqualTo(new[]
        {
            "Calls:RingingTime", "Calls:Lease", "Calls:Participants", "Calls:RungMembers", "Calls:TurnCredentialLife", "Calls:StunUrls", "Calls:TurnUrls",
            "Calls:TurnSecretKey",
        }));
        Assert.That(string.Join(' ', wrong.Validate()), Does.Not.Contain("short:"), "the secret is not told");
    }

    [Test, CancelAfter(60_000)]
    public async Task Calls_and_signals_have_a_rate(CancellationToken ct)
    {
        await using World strict = await World.CreateAsync(new LimitSettings { CallsPerMinute = 1, CallsBurst = 1, CallSignalsPerSecond = 1, CallSignalsBurst = 1 });
        Caller anna = await strict.PersonAsync("Anna"), bert = await strict.PersonAsync("Bert");
        long chatId = await strict.DirectChatAsync(anna, bert);
        CallReader reader = new(strict.Source);
        StartCall start = new(new CallStore(strict.Source, strict.Events), reader, Options, strict.Limits);
        KeepCall keep = new(reader, Options, strict.Limits);
        Guid here = Guid.NewGuid();

        CallRow call = (await start.ExecuteAsync(anna, chatId, CallKinds.Voice, here, ct)).Value;
        Result<CallRow> again = await start.ExecuteAsync(anna, chatId, CallKinds.Voice, here, ct);
        Assert.That((await keep.ExecuteAsync(anna, call.Id, here, ct)).IsOk);

        Assert.That((again.Failure!.Code, again.Failure.RetryAfter > TimeSpan.Zero), Is.EqualTo((ErrorCode.RateLimited, true)));
        Assert.That((await keep.ExecuteAsync(anna, call.Id, here, ct)).Failure!.Code, Is.EqualTo(ErrorCode.RateLimited));
    }

    /// <summary>As if they had talked for a minute.</summary>
    private async Task ShiftAsync(long callId, CancellationToken ct)
    {
        await using NpgsqlCommand shift = World.Source.CreateCommand("update calls set answered_at = answered_at - interval '1 minute' where id = $1");
        shift.Parameters.AddWithValue(callId);
        await shift.ExecuteNonQueryAsync(ct);
        await using NpgsqlCommand seats = World.Source.CreateCommand("update call_participants set joined_at = joined_at - interval '1 minute' where call_id = $1");
        seats.Parameters.AddWithValue(callId);
        await seats.ExecuteNonQueryAsync(ct);
    }
}
