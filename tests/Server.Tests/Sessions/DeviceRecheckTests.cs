using Chat.Domain.Accounts;
using Chat.Domain.Cluster;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Server.Sessions;
using Chat.Server.Tests.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Chat.Server.Tests.Sessions;

/// <summary>A device is signed out on another node: this one hears of it, or finds out by itself (promise P10).</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
internal sealed class DeviceRecheckTests : ServerFixture
{
    [Test, CancelAfter(60_000), Property("Promise", "P10")]
    public async Task A_revocation_that_nobody_told_of_ends_the_session_with_the_next_round(CancellationToken ct)
    {
        SignedIn gone = await NewPersonAsync("Anna", ct), stays = await NewPersonAsync("Ben", ct);
        using WireClient goes = await OnlineAsync(gone, ct), remains = await OnlineAsync(stays, ct);
        DeviceRecheck recheck = Services.GetServices<IHostedService>().OfType<DeviceRecheck>().Single();

        await recheck.CheckAsync(ct);
        await RevokeBehindTheNodesBackAsync(gone, ct);
        await recheck.CheckAsync(ct);

        Assert.That(await goes.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.SessionRevoked));
        Assert.That(Services.GetRequiredService<AccessTokens>().Verify(gone.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Revoked));
        await remains.AskAsync<Protocol.Frames.Requests.PingRequest, Protocol.Frames.Replies.OkReply>(new(), ct);
    }

    [Test, CancelAfter(60_000), Property("Promise", "P10")]
    public async Task A_revocation_that_is_heard_ends_the_session_and_refuses_the_token_in_HTTP_too(CancellationToken ct)
    {
        SignedIn gone = await NewPersonAsync("Anna", ct);
        using WireClient goes = await OnlineAsync(gone, ct);
        using HttpClient http = new() { BaseAddress = Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", gone.AccessToken);
        Assert.That((int)(await http.GetAsync("/api/user", ct)).StatusCode, Is.EqualTo(200));

        await RevokeBehindTheNodesBackAsync(gone, ct);
        Services.GetRequiredService<ControlReceiver>().OnPublication(
            BrokerChannel.Control, ControlOrder.EncodeRevocation(gone.PrincipalId, [gone.DeviceId]));

        Assert.That(await goes.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.SessionRevoked));
        Assert.That((int)(await http.GetAsync("/api/user", ct)).StatusCode, Is.EqualTo(401));
    }

    [Test, CancelAfter(60_000), Property("Promise", "P10")]
    public async Task A_revocation_that_nobody_told_of_lets_no_new_session_in(CancellationToken ct)
    {
        SignedIn gone = await NewPersonAsync("Anna", ct);
        await RevokeBehindTheNodesBackAsync(gone, ct);
        using WireClient client = await WireClient.ConnectAsync(Url, ct);

        await client.SendAsync(new HelloRequest(ProtocolLimits.ProtocolVersion, gone.AccessToken, "wire-client", []), ct);

        Assert.That(await client.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.SessionRevoked));
    }

    private async Task RevokeBehindTheNodesBackAsync(SignedIn person, CancellationToken ct)
    {
        await using NpgsqlCommand command = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "update devices set revoked_at = clock_timestamp() where id = $1");
        command.Parameters.AddWithValue(person.DeviceId);
        await command.ExecuteNonQueryAsync(ct);
    }
}
